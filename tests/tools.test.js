// The build-time tools: what they make of good input is compiled and run elsewhere; here, above all, what they refuse.
// once
// engine: none — what the tools make is not run here
'use strict';
const test = require('node:test');
const assert = require('node:assert');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { spawnSync } = require('node:child_process');

const ROOT = path.join(__dirname, '..');
const BUILD = path.resolve(ROOT, process.env.BUILD || 'build');
const DIR = fs.mkdtempSync(path.join(os.tmpdir(), 'whs-tools-'));
test.after(() => fs.rmSync(DIR, { recursive: true }));

function write(name, text) {
  fs.mkdirSync(path.dirname(path.join(DIR, name)), { recursive: true });
  fs.writeFileSync(path.join(DIR, name), text);
}
function run(tool, ...args) {
  const r = spawnSync(path.join(BUILD, tool), args, { cwd: DIR, encoding: 'utf8' });
  return { code: r.status, err: r.stderr };
}
const read = (name) => fs.readFileSync(path.join(DIR, name), 'utf8');
// Compiles C made by a tool with every warning an error.
function compiles(name) {
  const r = spawnSync('cc', ['-std=gnu17', '-D_GNU_SOURCE', '-Wall', '-Wextra', '-Wshadow', '-Wno-unused-parameter', '-Wno-missing-field-initializers', '-Werror',
    '-fsyntax-only', `-I${DIR}`, `-I${BUILD}`, `-I${path.join(ROOT, 'src')}`, name], { cwd: DIR, encoding: 'utf8' });
  return r.stderr;
}
function refused(r, place, words) {
  assert.strictEqual(r.code, 1, r.err);
  assert.ok(r.err.startsWith(place), `${r.err} does not name ${place}`);
  assert.ok(r.err.includes(words), `${r.err} does not say ${words}`);
}

// --- pocc -------------------------------------------------------------------------------------------------------------------

const HEAD = 'msgid ""\nmsgstr "Language: x\\n"\n\n';
function pocc(zh, en) {
  write('po/zh_CN/a.po', HEAD + zh);
  write('po/en/a.po', HEAD + en);
  return run('pocc', 'm.h', 'm.c', 'po/zh_CN/a.po', 'po/en/a.po');
}
const entry = (id, text) => `msgid "${id}"\nmsgstr "${text}"\n`;

test('pocc sorts ids bytewise and joins texts', () => {
  const r = pocc(entry('b.x', '{1}\\n\\"二\\"') + '# a comment\n' + entry('a.y_2', '一'), 'msgid "b.x"\nmsgstr ""\n"one {1}"\n" more"\n' + entry('a.y_2', 'a'));
  assert.strictEqual(r.err, '');
  assert.match(read('m.h'), /M_A_Y_2,\n\s+M_B_X,\n\s+M_COUNT/);
  assert.ok(read('m.c').includes('"one {1} more"') && read('m.c').includes('"{1}\\n\\"二\\""'));
});

test('pocc refuses', () => {
  const a = entry('a', 'x');
  refused(pocc(a + a, a), 'po/zh_CN/a.po:6:1:', 'twice');
  refused(pocc(a + entry('b', 'x'), a), 'po/zh_CN/a.po:6:1:', 'missing in en');
  refused(pocc(a, a + entry('b', 'x')), 'po/en/a.po:6:1:', 'missing in zh_CN');
  refused(pocc(entry('a', '{1}'), entry('a', '{2}')), 'po/en/a.po:4:1:', 'arguments');
  refused(pocc(entry('a', '{5}'), entry('a', '{5}')), 'po/zh_CN/a.po:4:1:', '{1} to {4}');
  refused(pocc(entry('A b', 'x'), a), 'po/zh_CN/a.po:4:1:', 'may hold only');
  refused(pocc('msgid "a\nmsgstr "x"\n', a), 'po/zh_CN/a.po:4:7:', 'closing quote');
  refused(pocc('msgid "a"\nmsgtext "x"\n', a), 'po/zh_CN/a.po:5:1:', 'msgstr is expected');
  refused(pocc(entry('a', '\\q'), a), 'po/zh_CN/a.po:5:9:', 'escape');
  refused(pocc(entry('a', ''), a), 'po/zh_CN/a.po:4:1:', 'no text');
});

// --- sqlc -------------------------------------------------------------------------------------------------------------------

const SCHEMA = `-- a comment with @id
CREATE TABLE office (
    id @id PRIMARY KEY,
    name @text NOT NULL,     -- a name
    gone @flag NOT NULL,
    due @day,
    hash @bytes
) @table_end;
`;
function migrations(text, name = '0001_a.sql') {
  write(name, text);
  return run('sqlc', 'migrations', 'g.h', 'g.c', name);
}
function queries(text) {
  write('0001_a.sql', SCHEMA);
  write('q.sql', text);
  return run('sqlc', 'queries', 'office', 'office_queries.h', 'office_queries.c', 'q.sql', '--schema', '0001_a.sql');
}

test('sqlc migrations speak both dialects', () => {
  assert.strictEqual(migrations(SCHEMA).err, '');
  const c = read('g.c');
  assert.ok(c.includes('"id INTEGER PRIMARY KEY,\\n"') && c.includes('") STRICT;"'));
  assert.ok(c.includes('"name TEXT COLLATE \\"C\\" NOT NULL,\\n"') && c.includes('"hash BYTEA\\n"') && c.includes('"due BIGINT,\\n"'));
  assert.ok(!c.includes('a name'));
  assert.strictEqual(compiles('g.c'), '');
});

test('sqlc migrations number the tables', () => {
  assert.strictEqual(migrations(SCHEMA + 'CREATE TABLE b_2 (office_id @id PRIMARY KEY, id @id) @table_end;\nCREATE INDEX b_id ON b_2 (id);\n').err, '');
  assert.match(read('g.h'), /enum table \{\n {4}TABLE_OFFICE,\n {4}TABLE_B_2,\n {4}TABLES\n\};/);
  const many = (n) => Array.from({ length: n }, (_, i) => `CREATE TABLE t${i} (office_id @id PRIMARY KEY) @table_end;\n`).join('');
  assert.strictEqual(migrations(many(128)).err, '');
  refused(migrations(many(129)), 'sqlc: t128 is table 129', '128 bits');
});

test('sqlc migrations list the tables as they stand in the end', () => {
  const late = 'CREATE TABLE part (office_id @id NOT NULL, name @text NOT NULL, n @int NOT NULL, sum @bytes NOT NULL, PRIMARY KEY (office_id, n, name)) @key_order_end;\n' +
    'ALTER TABLE part ADD COLUMN at @instant;\nALTER TABLE part ADD COLUMN open @flag NOT NULL DEFAULT 0;\n';
  assert.strictEqual(migrations(SCHEMA + late).err, '');
  const c = read('g.c');
  assert.ok(c.includes('{ "part", (const char *const[]){ "office_id", "name", "n", "sum", "at", "open" },\n      "isnbTf", true, (const int[]){ 0, 2, 1 }, 3 },'), c);
  assert.match(c, /\{ "office", [^\n]*\n {6}"is[a-zA-Z]*", false, \(const int\[\]\)\{ 0 \}, 1 \},/);
  assert.strictEqual(compiles('g.c'), '');
});

test('sqlc migrations refuse', () => {
  refused(migrations('CREATE TABLE a (id @id) @table_end;\n'), '0001_a.sql:1:1:', 'begins with office_id');
  refused(migrations('CREATE TABLE a (\n  id @ident\n) @table_end;\n'), '0001_a.sql:2:6:', 'unknown type');
  refused(migrations('CREATE TABLE a (id @id) @table_end;\nCREATE INDEX x ON b (id);\n'), '0001_a.sql:2:1:', 'no such table');
  refused(migrations('CREATE TABLE a (id @id);\nCREATE TABLE c (id @id,,);\n'), '0001_a.sql:2:24:', 'syntax error');
  refused(migrations(SCHEMA + 'CREATE TABLE a (\n  office_id @id, id @id,\n  PRIMARY KEY (id, office_id)\n) @table_end;\n'), '0001_a.sql:9:1:', 'begins with office_id');
  refused(migrations(SCHEMA, '0002_a.sql'), '0002_a.sql:', 'without gaps');
  refused(migrations(SCHEMA, 'a.sql'), 'a.sql:', 'NNNN_name.sql');
});

const GOOD = `-- Free words.

-- The office of an id.
-- query office_by_id one
-- in  id @id
-- out office_row: id @id, name @text,
--     due @day?, gone @flag
SELECT id, name, due, gone FROM office WHERE id = $1;

-- query offices many
-- out office_row
SELECT id, name, due, gone FROM office -- drop me
-- whole office: there is one
-- all offices: a directory
ORDER BY name;

-- query office_hashes each
-- out hash @bytes?
-- all offices: a directory
SELECT hash FROM office WHERE name <> 'it''s; -- $9 @x';

-- query office_set exec
-- in  name @text, id @id, due @day?
-- all offices: a directory
UPDATE office SET name = $1, due = $3 WHERE id = $2 OR name = $1;

-- query office_put one
-- in office_set_in
-- out id @id
INSERT INTO office (id, name, gone, due) VALUES ($2, $1, 0, CAST($3 AS @int)) ON CONFLICT (id) DO UPDATE SET name = excluded.name RETURNING id;
`;

test('sqlc queries become C that compiles', () => {
  assert.strictEqual(queries(GOOD).err, '');
  const h = read('office_queries.h'), c = read('office_queries.c');
  assert.ok(h.includes('/* The office of an id. */'));
  assert.ok(h.includes('bool q_offices(struct db *db, struct arena *a, struct office_row **rows, size_t *n, struct err *err);'));
  assert.ok(h.includes('const struct office_set_in *in, struct office_put_row *ret, bool *found'));
  assert.ok(c.includes('.name = "office.by_id"') && c.includes('.in = "siD", .out = "", .writes = true') && c.includes('.out = "isDf", .writes = false'));
  assert.ok(c.includes('-- whole office: there is one') && !c.includes('drop me'));
  assert.ok(c.includes('name = ?1, due = ?3 WHERE id = ?2') && c.includes('name = $1, due = $3 WHERE id = $2') && c.includes("'it''s; -- $9 @x'"));
  assert.strictEqual(compiles('office_queries.c'), '');
});

// What a query reads and changes, as names.
function touched(sql, head = 'exec') {
  write('0001_a.sql', SCHEMA + 'CREATE TABLE a (office_id @id PRIMARY KEY, id @id UNIQUE, n @int) @table_end;\nCREATE TABLE b (office_id @id PRIMARY KEY, id @id) @key_order_end;\n');
  write('q.sql', `-- query a ${head}\n-- all offices: a test\n${sql}\n`);
  assert.strictEqual(run('sqlc', 'queries', 'office', 'office_queries.h', 'office_queries.c', 'q.sql', '--schema', '0001_a.sql').err, '');
  const m = read('office_queries.c').match(/\.reads = \(table_set\)0x0 << 64 \| (0x[0-9a-f]+),(.*)\n {4}\.changes = \(table_set\)0x0 << 64 \| (0x[0-9a-f]+),(.*)\n/);
  const names = (set) => ['office', 'a', 'b'].filter((_, i) => Number(set) >> i & 1).join(' ');
  assert.strictEqual(names(m[1]), m[2].replace(/[/*]/g, '').trim());
  assert.strictEqual(names(m[3]), m[4].replace(/[/*]/g, '').trim());
  return [names(m[1]), names(m[3])];
}

test('sqlc queries tell what they read and change', () => {
  const one = 'one\n-- out n @int';
  assert.deepStrictEqual(touched('SELECT COUNT(*) FROM a;', one), ['a', '']);
  assert.deepStrictEqual(touched('SELECT 1 FROM office o JOIN a ON a.id = o.id WHERE EXISTS (SELECT 1 FROM b WHERE b.id = a.n);', one), ['office a b', '']);
  assert.deepStrictEqual(touched('WITH x AS (SELECT id FROM b) SELECT n FROM A a LEFT JOIN x ON x.id = a.id;', one), ['a b', '']);
  assert.deepStrictEqual(touched('INSERT INTO a (office_id, n) VALUES (1, 2);'), ['', 'a']);
  assert.deepStrictEqual(touched('INSERT INTO a (office_id, id) SELECT id, 1 FROM b WHERE 1 = 1 ON CONFLICT (id) DO UPDATE SET n = a.n + 1;'), ['a b', 'a']);
  assert.deepStrictEqual(touched('DELETE FROM a;'), ['', 'a']);
  assert.deepStrictEqual(touched('DELETE FROM a WHERE id IN (SELECT id FROM office);'), ['office a', 'a']);
  assert.deepStrictEqual(touched('UPDATE a SET n = (SELECT MAX(id) FROM b) RETURNING n;', one), ['a b', 'a']);
});

test('sqlc queries refuse', () => {
  const one = (head, sql) => queries(`-- query a ${head}\n${sql}\n`);
  refused(one('exec', 'DELETE FROM office WHERE nam = 1;'), 'q.sql:2:26:', 'no such column: nam');
  refused(one('exec', '\n-- words\nUPDATE office SET nam = 1;'), 'q.sql:4:1:', 'no such column: nam');
  refused(one('exec\n-- in id @id', 'UPDATE office SET due = 1;'), 'q.sql:1:10:', '$1 (id) is not used');
  refused(one('exec\n-- in id @id', 'UPDATE office SET due = $1 + $2;'), 'q.sql:1:10:', '$2 is used');
  refused(one('one\n-- out id @id', 'SELECT id, name FROM office;'), 'q.sql:1:10:', 'gives 2 columns');
  refused(one('exec', 'SELECT id FROM office;'), 'q.sql:1:10:', 'no columns');
  refused(one('one\n-- out id @text', 'SELECT id FROM office;'), 'q.sql:1:10:', 'holds INTEGER');
  refused(one('one', 'SELECT id FROM office;'), 'q.sql:1:10:', '-- out is missing');
  refused(one('some', 'SELECT 1;'), 'q.sql:1:12:', 'one, many, each or exec');
  refused(one('many\n-- out id @id, id @id', 'SELECT id, id FROM office;'), 'q.sql:2:16:', 'twice');
  refused(one('many\n-- out id @number', 'SELECT id FROM office;'), 'q.sql:2:11:', 'unknown type');
  refused(one('many\n-- out gone @flag?', 'SELECT gone FROM office;'), 'q.sql:2:13:', 'no NULL');
  refused(one('many\n-- out nothing', 'SELECT id FROM office;'), 'q.sql:2:8:', 'no query above');
  refused(one('exec', 'UPDATE office SET due = ?;'), 'q.sql:2:25:', '$1');
  refused(one('exec', 'UPDATE office SET name = "x";'), 'q.sql:2:26:', 'single quotes');
  refused(one('exec', 'INSERT OR REPLACE INTO office VALUES (1);'), 'q.sql:2:1:', 'PostgreSQL');
  refused(one('exec', "UPDATE office SET due = IFNULL(due, 1);"), 'q.sql:2:25:', 'COALESCE');
  refused(one('exec', "DELETE FROM office WHERE rowid = 1;"), 'q.sql:2:26:', 'PostgreSQL');
  refused(one('exec', "DELETE FROM office WHERE name GLOB 'a*';"), 'q.sql:2:31:', 'LIKE');
  refused(one('exec', 'DELETE FROM office'), 'q.sql:2:1:', "no ';'");
  refused(one('exec', "DELETE FROM office WHERE name = 'a;"), 'q.sql:2:33:', 'closing quote');
  refused(queries('SELECT 1;\n'), 'q.sql:1:1:', 'its own');
  refused(queries('-- query a exec\nDELETE FROM office;\n-- query a exec\nDELETE FROM office;\n'), 'q.sql:3:10:', 'twice');
});

// --- the office rule ----------------------------------------------------------------------------------------------------------

const OFFICES = SCHEMA + ['a', 'b'].map((t) => `CREATE TABLE ${t} (office_id @id NOT NULL, id @id NOT NULL, n @int NOT NULL, t @text NOT NULL,
  PRIMARY KEY (office_id, id)) @key_order_end;\n`).join('') + 'CREATE UNIQUE INDEX a_t ON a (t);\n';
const PARAMS = ['office_id @id', 'id @id', 'other_office_id @id'];
// The parameters are named as far as they are used.
function office(sql, mark = '') {
  const used = [...sql.matchAll(/\$(\d)/g)].reduce((most, m) => Math.max(most, Number(m[1])), 0);
  const head = used ? `-- in ${PARAMS.slice(0, used).join(', ')}\n` : '';
  const rows = /^(WITH|SELECT)/.test(sql) || sql.includes('RETURNING');
  write('0001_a.sql', OFFICES);
  write('q.sql', `-- query a_x ${rows ? 'many' : 'exec'}\n${head}${rows ? '-- out n @int?\n' : ''}${mark}${sql};\n`);
  return run('sqlc', 'queries', 'office', 'office_queries.h', 'office_queries.c', 'q.sql', '--schema', '0001_a.sql');
}

test('a statement about one office is accepted', () => {
  for (const sql of [
    'SELECT n FROM a WHERE office_id = $1 AND id > $2 LIMIT 3',
    'SELECT n FROM a x WHERE ((x.office_id = $1) AND (n = 1 OR n = 2))',
    'SELECT n FROM a WHERE $1 = a.office_id OR (a.office_id = 0)',
    'SELECT n FROM a x WHERE n = 1 AND x.office_id IN ($1, 0)',
    'SELECT x.n FROM a x JOIN b AS y ON y.office_id = x.office_id AND y.id = x.n WHERE x.office_id = $1',
    'SELECT x.n FROM a x, b y WHERE y.office_id = x.office_id AND y.office_id = $1',
    'SELECT y.n FROM a x LEFT OUTER JOIN b y ON x.office_id = y.office_id AND y.id = x.n WHERE x.office_id = $1',
    'SELECT x.n FROM a x JOIN b y ON y.office_id = 0 AND y.id = x.id WHERE x.office_id = $1',
    'SELECT n FROM a WHERE office_id = 0 AND id = 1',
    'SELECT x.n FROM a x WHERE x.office_id = $1 AND EXISTS (SELECT 1 FROM b WHERE b.office_id = x.office_id AND b.id = x.n)',
    'SELECT (SELECT MAX(y.n) FROM b y WHERE y.office_id = $1) AS m',
    'SELECT n FROM (SELECT n FROM a WHERE office_id = $1 UNION ALL SELECT n FROM b WHERE b.office_id = $1) AS d',
    'WITH d AS (SELECT n FROM a WHERE office_id = $1) SELECT n FROM d',
    'SELECT n FROM a WHERE office_id = $1 AND n BETWEEN 1 AND 2 AND CASE n WHEN 1 THEN 0 ELSE 1 END = 1',
    'SELECT o.due FROM office o JOIN a ON a.office_id = o.id WHERE o.id = $1 AND a.id = 1',
    'UPDATE a SET n = n + 1 WHERE office_id = $1',
    'UPDATE a SET n = (SELECT MAX(n) FROM b WHERE b.office_id = a.office_id) WHERE office_id = $1',
    'UPDATE a SET n = b.n FROM b WHERE b.office_id = a.office_id AND b.id = a.id AND a.office_id = $1',
    'DELETE FROM a WHERE office_id = $1 AND id = $2',
    'INSERT INTO a (id, office_id, n, t) VALUES ($2, $1, 1, \'\'), (7, $1, 1, \'\')',
    'INSERT INTO a (office_id, id, n, t) SELECT b.office_id, b.id, b.n, t FROM b WHERE b.office_id = $1',
    'INSERT INTO a (office_id, id, n, t) VALUES ($1, 1, 1, \'\') ON CONFLICT (office_id, id) DO UPDATE SET n = excluded.n RETURNING n',
  ]) assert.strictEqual(office(sql).err, '', sql);
  write('q.sql', '-- query o one\n-- in id @id\n-- out due @day?\nSELECT due FROM office WHERE id = $1;\n');
  assert.strictEqual(run('sqlc', 'queries', 'office', 'o.h', 'o.c', 'q.sql', '--schema', '0001_a.sql').err, '');
});

test('a statement about more than one office is refused', () => {
  const unbound = 'is bound by no office', shared = 'must be the parameter', value = 'must be the office parameter';
  for (const [sql, words] of [
    ['SELECT n FROM a', unbound],
    ['SELECT COUNT(*) FROM a WHERE id = $2 AND $1 = 1', unbound],
    ['SELECT n FROM a WHERE office_id > $1', unbound],
    ['SELECT n FROM a WHERE office_id = 1', unbound],
    ['SELECT n FROM a WHERE office_id = $1 + 1', unbound],
    ['SELECT n FROM a WHERE office_id = -0 + $1', unbound],
    ['SELECT n FROM a WHERE office_id = $2 AND $1 = 1', unbound],
    ['SELECT n FROM a WHERE office_id = $3 AND $1 = 1 AND $2 = 1', unbound],
    ['SELECT n FROM a WHERE office_id = id AND $1 = 1', unbound],
    ['SELECT n FROM a WHERE id = $1', unbound],
    ['SELECT n FROM a WHERE NOT office_id = $1', unbound],
    ['SELECT n FROM a WHERE office_id = $1 OR n = 1', unbound],
    ['SELECT n FROM a WHERE office_id = $1 OR office_id = 5', unbound],
    ['SELECT n FROM a WHERE n = 1 OR n = 2 AND office_id = $1', unbound],
    ['SELECT n FROM a WHERE n BETWEEN 1 AND office_id = $1', unbound],
    ['SELECT n FROM a WHERE CASE WHEN n = 1 AND office_id = $1 AND n = 2 THEN 1 ELSE 1 END = 1', unbound],
    ["SELECT n FROM a WHERE t = ' AND office_id = $1' AND $1 = 1", unbound],
    ['SELECT n FROM a WHERE office_id IN ($1, 1)', unbound],
    ['SELECT n FROM a WHERE office_id IN ($1, n)', unbound],
    ['SELECT n FROM a WHERE office_id IN ($1 + 1)', unbound],
    ['SELECT n FROM a WHERE office_id IN (0, $1, (SELECT MAX(office_id) FROM b))', unbound],
    ['SELECT n FROM a WHERE office_id NOT IN ($1, 0)', unbound],
    ['SELECT n FROM a WHERE office_id IN ($1, 0) = 0', unbound],
    ['DELETE FROM a WHERE office_id IN ($1, 0)', shared],
    ['SELECT x.n FROM a x JOIN a y ON y.id = x.id WHERE x.office_id = $1', 'y.office_id ' + unbound],
    ['SELECT x.n FROM a x JOIN a y ON y.office_id = y.office_id WHERE x.office_id = $1', 'y.office_id ' + unbound],
    ['SELECT x.n FROM a x JOIN b y ON y.office_id = x.id WHERE x.office_id = $1', 'y.office_id ' + unbound],
    ['SELECT x.n FROM a x LEFT JOIN b y ON y.office_id = x.office_id AND x.office_id = $1', 'x.office_id ' + unbound],
    ['SELECT x.n FROM a x, b y WHERE x.office_id = $1', 'y.office_id ' + unbound],
    ['SELECT x.n FROM a x WHERE x.office_id = $1 AND EXISTS (SELECT 1 FROM b WHERE b.id = x.n)', 'b.office_id ' + unbound],
    ['SELECT x.n FROM a x WHERE x.office_id = $1 AND x.n IN (SELECT n FROM b UNION SELECT n FROM b WHERE b.office_id = $1)', 'b.office_id ' + unbound],
    ['SELECT x.n FROM a x WHERE EXISTS (SELECT 1 FROM b WHERE b.office_id = x.office_id AND x.office_id = $1 AND b.office_id = $1)', 'x.office_id ' + unbound],
    ['SELECT d.n FROM (SELECT office_id, n FROM a) AS d WHERE d.office_id = $1', 'a.office_id ' + unbound],
    ['SELECT x.n FROM (SELECT 5 AS office_id) AS d JOIN a x ON x.office_id = d.office_id WHERE d.office_id = $1', 'x.office_id ' + unbound],
    ['SELECT n FROM a WHERE office_id = $1 UNION ALL SELECT n FROM b', 'b.office_id ' + unbound],
    ['SELECT n FROM a WHERE office_id = $1 ORDER BY (SELECT MAX(id) FROM b)', 'b.office_id ' + unbound],
    ['WITH d AS (SELECT n FROM a) SELECT n FROM d', 'a.office_id ' + unbound],
    ['SELECT (WITH b AS (SELECT 1 AS n) SELECT n FROM b) + (SELECT MAX(y.n) FROM b y WHERE y.office_id = $1) + (SELECT MAX(n) FROM b)', 'b.office_id ' + unbound],
    ['SELECT due FROM office', 'office.id ' + unbound],
    ['SELECT o.due FROM office o JOIN a ON a.office_id = $1 WHERE o.id = $2', 'o.id ' + unbound],
    ['SELECT n FROM a WHERE office_id = $1 AND (1, 2, 3, 4) IN b', 'parentheses'],
    ['SELECT x.n FROM a x JOIN b USING (office_id) WHERE x.office_id = $1', 'joined with'],
    ['SELECT n FROM a NATURAL JOIN b WHERE a.office_id = $1', 'joined with'],
    ['SELECT x.n FROM a x RIGHT JOIN b y ON y.office_id = x.office_id WHERE x.office_id = $1', 'joined with'],
    ['SELECT x.n FROM a x FULL JOIN b y ON y.office_id = x.office_id WHERE x.office_id = $1', 'joined with'],
    ["SELECT cid FROM pragma_table_info('a')", 'plain name'],
    ['UPDATE a SET n = 1', unbound],
    ['UPDATE a SET n = 1 WHERE id = $2 AND $1 = 1', unbound],
    ['UPDATE a SET n = 1 WHERE office_id = 0', shared],
    ['UPDATE a SET n = 1 WHERE office_id = $1 OR office_id = 0', shared],
    ['UPDATE a SET office_id = $3 WHERE office_id = $1 AND id = $2', 'column stays'],
    ['UPDATE a SET (office_id, n) = (1, 2) WHERE office_id = $1', 'column stays'],
    ['UPDATE a SET n = b.n FROM b WHERE b.id = a.id AND a.office_id = $1', 'b.office_id ' + unbound],
    ['UPDATE a SET n = (SELECT MAX(n) FROM b) WHERE office_id = $1', 'b.office_id ' + unbound],
    ['DELETE FROM a', unbound],
    ['DELETE FROM a WHERE id IN (SELECT id FROM b WHERE b.office_id = $1)', 'a.office_id ' + unbound],
    ['DELETE FROM a WHERE office_id = 0', shared],
    ["INSERT INTO a (office_id, id, n, t) VALUES ($3, $1, $2, '')", value],
    ["INSERT INTO a (office_id, id, n, t) VALUES ($1, 1, 1, ''), (2, 1, 1, '')", value],
    ["INSERT INTO a (office_id, id, n, t) VALUES (0, 1, 1, '')", value],
    ["INSERT INTO a VALUES ($1, 1, 1, '')", 'names its columns'],
    ["INSERT INTO a (office_id, id, n, t) SELECT id, $1, n, t FROM b WHERE b.office_id = $1", value],
    ["INSERT INTO a (office_id, id, n, t) SELECT $1, id, n, t FROM b", 'b.office_id ' + unbound],
    ["INSERT INTO a (office_id, id, n, t) VALUES ($1, 1, (SELECT MAX(n) FROM b), '')", 'b.office_id ' + unbound],
    ["INSERT INTO a (office_id, id, n, t) VALUES ($1, 1, 1, '') ON CONFLICT (t) DO UPDATE SET n = 1", 'office_id is one of them'],
    ["INSERT INTO a (office_id, id, n, t) VALUES ($1, 1, 1, '') ON CONFLICT DO NOTHING", 'office_id is one of them'],
    ["INSERT INTO a (office_id, id, n, t) VALUES ($1, 1, 1, '') ON CONFLICT (office_id, id) DO UPDATE SET office_id = 7", 'column stays'],
    ["INSERT INTO a (office_id, id, n, t) VALUES ($1, 1, 1, '') ON CONFLICT (office_id, id) DO UPDATE SET n = (SELECT MAX(n) FROM b)", 'b.office_id ' + unbound],
    ['SELECT x.n FROM a x JOIN b y ON y.office_id + 0 = x.office_id WHERE x.office_id = $1', 'y.office_id ' + unbound],
    ['SELECT n FROM a INDEXED BY a_t WHERE office_id = $1', 'joined with'],
  ]) refused(office(sql), 'q.sql:', words);
  const line = 'SELECT x.n\nFROM a x\n  JOIN b y ON y.id = x.id\nWHERE x.office_id = $1';
  refused(office(line), 'q.sql:6:8:', 'y.office_id is bound by no office');
});

test('SQLite itself has to walk one office', () => {
  refused(office("SELECT n FROM a WHERE t = 'x' AND office_id = $1"), 'q.sql:1:10:', 'does not walk one office only: SEARCH a');
});

test('a statement about all offices says why', () => {
  const all = 'SELECT n FROM a', mark = '-- all offices: a directory\n';
  assert.strictEqual(office(all, mark).err, '');
  assert.ok(read('office_queries.c').includes('-- all offices: a directory'));
  refused(office(all, '-- all offices:\n'), 'q.sql:3:1:', 'say why');
  refused(office(all + ' WHERE office_id = $1', mark), 'q.sql:4:1:', 'not needed');
});

// --- tmplc ------------------------------------------------------------------------------------------------------------------

write('page.h', `#include "web/html.h"
struct row { struct str title; int64_t n; day_t due; bool on; const char *z; };
struct view { struct row head; struct row *rows; size_t n_rows; struct str q; instant_t at; const struct html *body; struct row *one; const struct err *err; };
`);
const SHOW = '{{use "page.h"}}{{show view v}}';
function tmplc(text, more = {}) {
  write('p.html', text);
  const names = ['p.html'];
  for (const [name, t] of Object.entries(more)) { write(name, t); names.push(name); }
  return run('tmplc', 'demo', 'demo_html.h', 'demo_html.c', ...names);
}
// The text a template gives for a view made in C.
function render(view, text, more) {
  assert.strictEqual(tmplc(SHOW + text, more).err, '');
  write('main.c', `#include "demo_html.h"
#include <stdio.h>
int main(void)
{
    struct row rows[] = { { STR("<一>"), 1, 19121, true, "z&" }, { STR("b"), 2, DAY_NONE, false, NULL } };
    struct html body = HTML_INIT(LANG_ZH), out = HTML_INIT(LANG_ZH);
    html_put_text(&body, STR("<x>"));
    struct view v = { .rows = rows, .n_rows = 2, .one = rows, .body = &body, .q = STR("a&b \\"c\\""), .head = { STR("标题") } };
    ${view}
    html_p(&out, &v);
    printf("%.*s", STR_ARG(buf_view(&out.buf)));
    return 0;
}
`);
  const cc = spawnSync('cc', ['-std=gnu17', '-D_GNU_SOURCE', '-Wall', '-Wextra', '-Wshadow', '-Werror', '-Wno-unused-parameter', '-Wno-missing-field-initializers', `-I${DIR}`, `-I${BUILD}`,
    `-I${path.join(ROOT, 'src')}`, '-o', 'main', 'main.c', 'demo_html.c', path.join(BUILD, 'messages.c'),
    ...['web/html.c', 'calendar/date.c', 'base/str.c', 'base/tr.c', 'base/clock.c', 'base/utf8.c', 'base/arena.c', 'base/err.c'].map((f) => path.join(ROOT, 'src', f))], { cwd: DIR, encoding: 'utf8' });
  assert.strictEqual(cc.stderr, '');
  return spawnSync(path.join(DIR, 'main'), { encoding: 'utf8' }).stdout;
}

test('tmplc escapes by place', () => {
  assert.strictEqual(render('', '<p title="{{v.q}}">{{v.q}}</p><a href="/s?q={{v.q|url}}">{{v.one->z|c}}</a>'),
    '<p title="a&amp;b &quot;c&quot;">a&amp;b "c"</p><a href="/s?q=a%26b%20%22c%22">z&amp;</a>');
  assert.strictEqual(render('v.q = STR("javascript:x");', '<a href="{{v.q}}">x</a><a href="/{{v.q}}">y</a>{{html v.body}}'),
    '<a href="#">x</a><a href="/javascript:x">y</a>&lt;x&gt;');
  assert.strictEqual(render('v.q = STR("java"); v.head.title = STR("script:x");', '<a href="{{v.q}}{{v.head.title}}">x</a>'), '<a href="java#">x</a>');
});

test('tmplc: if, for, include, messages, attributes', () => {
  assert.strictEqual(render('', `
<ul>
  {{for r in v.rows v.n_rows}}
  {{if r.on}}
  <li{{attr hidden r.on}}>{{r.title}} {{r.due|day}}</li>
  {{elif r.due|day}}
  <li>never</li>
  {{else}}
  <li {{if not r.on}}class="off"{{end}}>{{r.n|int}}</li>
  {{end}}
  {{end}}
</ul>
`), '<ul>\n<li hidden>&lt;一&gt; 2022年5月9日（周一）</li>\n<li class="off">2</li>\n</ul>');
  assert.strictEqual(render('v.n_rows = 0;', '{{for r in v.rows v.n_rows}}<p>{{r.n|int}}</p>{{else}}none{{end}}'), 'none');
  assert.strictEqual(render('', '{{include r-2 v.head}}{{include r_2 *v.one}}{{for r in v.rows v.n_rows}}{{include r_2 r}}{{end}}'.replace('r-2', 'r_2'),
    { 'r-2.html': '{{use "page.h"}}{{show row r}}<b>{{r.title}}</b>' }), '<b>标题</b><b>&lt;一&gt;</b><b>&lt;一&gt;</b><b>b</b>');
  assert.strictEqual(render('', '<i title="{{t base.required}}">{{t base.too_long v.n_rows|int v.q}}</i>{{# gone #}}'), '<i title="不能为空">太长：最多2字，现有a&amp;b &quot;c&quot;字</i>');
  assert.strictEqual(render('', '<pre>  a\n  b</pre>\n\n   <p\n   class="x">c</p>'), '<pre>  a\n  b</pre>\n<p class="x">c</p>');
});

test('tmplc: layouts', () => {
  const layout = '{{use "page.h"}}{{show row r}}<h1>{{r.title}}</h1><main>{{place main}}</main>{{if place aside}}<i>{{place aside}}</i>{{end}}';
  assert.strictEqual(render('', '\n{{extends frame v.head}}\n\n{{block main}}\n<p>{{v.n_rows|int}}</p>\n{{end}}\n', { 'frame.html': layout }),
    '<h1>标题</h1><main><p>2</p>\n</main>');
  assert.strictEqual(render('', '{{extends frame v.head}}{{block main}}a{{end}}{{block aside}}{{v.q}}{{end}}', { 'frame.html': layout }),
    '<h1>标题</h1><main>a</main><i>a&amp;b "c"</i>');
  refused(tmplc(SHOW + '{{extends frame v.head}}<p>{{block main}}{{end}}'), 'p.html:1:', 'only in its blocks');
  refused(tmplc(SHOW + '{{extends frame v.head}}{{block a}}{{end}}{{block a}}{{end}}'), 'p.html:1:', 'twice');
  refused(tmplc(SHOW + '{{block a}}{{end}}'), 'p.html:1:', 'extends a layout');
});

test('tmplc refuses values where none is safe', () => {
  for (const [text, words] of [
    ['<script>{{v.q}}</script>', '<script>'], ['<style>{{v.q}}</style>', '<style>'], ['<a onclick="{{v.q}}">x</a>', 'code'], ['<a onclick="x()">x</a>', 'code'],
    ['<a title={{v.q}}>x</a>', 'quotes'], ['<a title=x{{v.q}}>x</a>', 'quotes'], ['<{{v.q}}>', 'name'], ['<p{{v.q}}>', 'name'], ['<p {{v.q}}>', 'name'],
    ['<p a{{v.q}}="x">', 'name'], ['<!-- {{v.q}} -->', 'comment'], ['<!doctype {{v.q}}>', 'declaration'], ['<p style="{{v.q}}">', 'code'],
    ['<p hx-vals="{{v.q}}">', 'code'], ['<p hx-on:click="{{v.q}}">', 'code'], ['<img srcset="{{v.q}}">', 'code'], ['<a href="javascript:x">x</a>', 'javascript'],
    ['<a href="{{t base.required}}">x</a>', 'address'], ['<p o{{if v.q|str}}n{{end}}click="x">', 'pieces'], ['<p {{if v.q|str}}on{{end}}click="x">', 'pieces'],
    ['<p {{if v.q|str}}href{{end}}="{{v.q}}">', 'pieces'], ['<p {{attr checked v.head.on}}x>', 'pieces'], ['<p {{attr onx v.head.on}}>', 'without a value'],
    ['<title>{{html v.body}}</title>', 'elements'], ['<p title="{{include x v.head}}">', 'elements'], ['{{asset app.css}}', 'address'],
    ['<meta http-equiv="{{v.q}}">', 'code'],
  ]) refused(tmplc(SHOW + text), 'p.html:1:', words);
  assert.strictEqual(tmplc(SHOW + '<p hx-trigger="every {{v.n_rows|int}}s">x</p>').err, '');
  assert.strictEqual(tmplc(SHOW + '<title>{{v.q}}</title><link href="{{asset app.css}}">').err, '');
});

test('tmplc refuses elements that are not closed where they were opened', () => {
  for (const [text, words] of [
    ['<p>', 'not closed'], ['<p></b></p>', 'must be closed'], ['</p>', 'closes nothing'], ['{{if v.q|str}}<p>{{end}}</p>', 'is not closed before'],
    ['<p>{{if v.q|str}}</p>{{end}}', 'outside of this branch'], ['{{for r in v.rows v.n_rows}}<p>{{end}}', 'is not closed before'],
    ['<p {{if v.q|str}}>{{end}}', 'is not closed before'], ['<p title="{{if v.q|str}}"{{end}}>', 'in an attribute'], ['<div/>', "'/'"], ['a < b', '&lt;'],
    ['<p a="1"=>x</p>', 'not expected'], ['</p a>', 'no attributes'], ['<p', 'ends inside'],
  ]) refused(tmplc(SHOW + text), 'p.html:1:', words);
  assert.strictEqual(tmplc(SHOW + '<p>a<br>b<img src="/x"/></p><svg><g><path d="M0"/></g></svg>').err, '');
});

test('tmplc refuses what it does not understand', () => {
  for (const [text, words] of [
    ['{{w.q}}', 'unknown name "w"'], ['{{v.q|upper}}', 'unknown formatter'], ['{{v.q', 'no }}'], ['{{# x', 'no #}}'], ['{{if v.q}}x', 'no {{end}}'],
    ['{{end}}', 'nothing open'], ['{{else}}', 'no {{if}}'], ['{{if v.q}}a{{else}}b{{else}}c{{end}}', 'no {{if}}'], ['{{for v in v.rows v.n_rows}}{{end}}', 'meaning'],
    ['{{for r of v.rows}}{{end}}', 'in is expected'], ['{{v.q x}}', '}} is expected'], ['{{show view w}}', 'once'], ['{{t base.x v.q|url}}', 'argument'],
    ['{{if v.q|url}}{{end}}', 'no test'], ['{{use page.h}}', 'double quotes'], ['{{for r in v.rows v.n_rows}}{{end}}{{r.n|int}}', 'unknown name "r"'],
  ]) refused(tmplc(SHOW + text), 'p.html:1:', words);
  refused(tmplc('<p>\n\n  {{v.q}}</p>'), 'p.html:3:5:', 'no {{show');
});

test('a misspelt member or message names the template line', () => {
  assert.strictEqual(tmplc(SHOW + '\n<p>\n{{v.nothing}}</p>').err, '');
  assert.match(compiles('demo_html.c'), /p\.html:3:.*nothing/);
  assert.strictEqual(tmplc(SHOW + '\n<p>\n{{t no.such}}</p>').err, '');
  assert.match(compiles('demo_html.c'), /p\.html:3:.*M_NO_SUCH/);
});

// --- embed ------------------------------------------------------------------------------------------------------------------

test('embed hashes and compresses', () => {
  write('a/app.css', 'p { color: red } '.repeat(100));
  write('b.js', '');
  assert.strictEqual(run('embed', 'assets.h', 'assets.c', 'a/app.css', 'b.js').err, '');
  const before = /ASSET_APP_CSS "(\/assets\/app\.[0-9a-f]{10}\.css)"/.exec(read('assets.h'))[1];
  assert.strictEqual(compiles('assets.c'), '');
  write('a/app.css', 'p { color: blue } '.repeat(100));
  run('embed', 'assets.h', 'assets.c', 'a/app.css', 'b.js');
  assert.ok(!read('assets.h').includes(before));
  write('c.exe', '');
  refused(run('embed', 'assets.h', 'assets.c', 'c.exe'), 'c.exe:', 'type');
  write('c/app.css', 'x');
  refused(run('embed', 'assets.h', 'assets.c', 'a/app.css', 'c/app.css'), 'c/app.css:', 'ASSET_APP_CSS');
  refused(run('embed', 'assets.h', 'assets.c', 'none.css'), 'none.css:', 'No such file');
});

// Of two global functions of one name a static library silently gives the first.
test('no global name of the library is defined twice', () => {
  const nm = spawnSync('nm', ['-g', '--defined-only', path.join(BUILD, 'libwhs.a')], { encoding: 'utf8', maxBuffer: 64 << 20 });
  const names = nm.stdout.split('\n').map((l) => l.split(' ')).filter((w) => w.length === 3).map((w) => w[2]);
  assert.ok(names.length > 1000, nm.stderr);
  assert.deepStrictEqual(names.filter((n, i) => names.indexOf(n) !== i), []);
});
