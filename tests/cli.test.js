// The command line of interfaces.md 2: what each command does, its exit code, --json, files in and out, and commands beside a running server.
'use strict';
const test = require('node:test');
const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const { spawnSync } = require('node:child_process');
const { Office, POSTGRES, WHS, onlyOn } = require('./rig.js');

const DAY = 24 * 3600 * 1000;
const day = (shift) => new Date(Date.now() + 8 * 3600 * 1000 + shift * DAY).toISOString().slice(0, 10);
const month = (back) => { const d = new Date(Date.now() + 8 * 3600 * 1000); d.setUTCDate(1); d.setUTCMonth(d.getUTCMonth() - back); return d.toISOString().slice(0, 7); };
const COLUMNS = 'number,kind,genre,role,title,source,requirement,received,deadline,no_deadline_reason,lead_unit,assist_units,officer,leader,lists,urgent,state,settled,result';

const office = new Office().begin();
test.after(() => office.end());

function head(o = office) { return o.ok(['--json', 'verify']); }
// Exit code, one Chinese sentence on standard error with these words, nothing on standard output, nothing written.
function refused(code, words, argv, options = {}, o = office) {
  const before = o.dir && options.unopened ? null : head(o), r = o.run(argv, options);
  assert.strictEqual(r.code, code, `${argv.join(' ')}: ${r.code} ${r.out}${r.err}`);
  assert.match(r.err, /^whs: (.*[\u4e00-\u9fff].*\n)+$/, r.err);
  for (const w of [].concat(words)) assert.ok(r.err.includes(w), `"${r.err}" does not say ${w}`);
  if (before !== null) assert.strictEqual(head(o), before, 'a refusal wrote to the journal');
  return r;
}
function row(values) { return COLUMNS.split(',').map((c) => { const v = values[c] || ''; return /[",\n]/.test(v) ? `"${v.replaceAll('"', '""')}"` : v; }).join(','); }
const GOOD = { kind: 'document', title: '导入之件', source: '市政府办公室', requirement: '报送材料', received: `${month(1)}-06`, deadline: `${day(40)}`, lead_unit: '市商务局', state: 'active' };
function sheet(...rows) { return `${COLUMNS}\n${rows.map(row).join('\n')}\n`; }
function file(name, text) { const f = path.join(office.dir, name); fs.writeFileSync(f, text); return f; }

// --- wrong usage ------------------------------------------------------------------------------------------------------------------------

test('wrong usage is 2', () => {
  for (const argv of [[], ['nonsense'], ['--nonsense'], ['show'], ['close'], ['close', 'year', '2022'], ['import'], ['import', 'entries'], ['workday'], ['workday', 'is'], ['deadline'], ['deadline', '5月20日前', 'x'], ['user'], ['token'], ['backup'], ['restore']]) {
    const r = office.run(argv);
    assert.strictEqual(r.code, 2, `${argv.join(' ')}: ${r.code} ${r.out}${r.err}`);
    assert.match(r.err, /[\u4e00-\u9fff]/);
    assert.strictEqual(r.out, '');
  }
  assert.strictEqual(office.run(['help']).code, 0);
  assert.match(office.run(['--version']).out, /^whs \S+\n$/);
});

test('a database that is not there, is no database, is damaged, is not ours', onlyOn('sqlite', 'it damages a file; tests/refused.test.js'), () => {
  const at = (name, bytes) => { const f = file(name, bytes); return ['--db', `sqlite:${f}`, 'verify']; };
  const run = (argv) => spawnSync(WHS, argv, { encoding: 'utf8', cwd: office.dir, env: { ...process.env, WHS_KEY: `${office.dir}/whs.db.key` } });
  assert.ok([3, 7].includes(run(['--db', `sqlite:${office.dir}/none.db`, 'list']).status));
  assert.ok(!fs.existsSync(`${office.dir}/none.db`), 'reading made a database');
  for (const argv of [at('text.db', 'no database at all'), at('zeros.db', Buffer.alloc(8192))]) assert.ok([7, 8].includes(run(argv).status), run(argv).stderr);
  const bytes = fs.readFileSync(path.join(office.dir, 'whs.db'));
  assert.strictEqual(run(at('cut.db', bytes.subarray(0, Math.floor(bytes.length / 2)))).status, 8);
  const pg = run(['--db', 'postgresql://localhost/x', 'list']);
  assert.ok(pg.status > 1 && /[\u4e00-\u9fff]/.test(pg.stderr), pg.stderr);
});

test('init twice is refused, and leaves the first alone', () => {
  refused(5, [], ['init']);
  assert.strictEqual(fs.statSync(office.key).mode & 0o777, 0o600);
});

// --- the calendar --------------------------------------------------------------------------------------------------------------------------

test('workday', () => {
  const say = (...words) => office.run(['workday', ...words]);
  assert.strictEqual(say('is', '2022-05-07').code, 0);                 // a Saturday that was worked
  assert.strictEqual(say('is', '2022-05-04').code, 1);
  assert.strictEqual(say('next', '2022-04-29').out, '2022-05-05\n');
  assert.strictEqual(say('prev', '2022-05-05').out, '2022-04-29\n');
  assert.strictEqual(say('add', '2022-04-29', '3').out, '2022-05-07\n');
  assert.strictEqual(say('first', '2022-10').out, '2022-10-08\n');
  assert.strictEqual(say('count', '2022-05-01', '2022-05-31').out.trim(), String(20));
  assert.match(say('next', '2099-01-01').out, /推定/);
  for (const bad of [['is', '2022-06-31'], ['is', 'x'], ['add', '2022-01-01', 'x'], ['first', '2022-13'], ['is', '2022-5-9x']]) assert.strictEqual(say(...bad).code, 3, bad.join(' '));
  const outside = spawnSync(WHS, ['workday', 'is', '2022-05-07'], { encoding: 'utf8', cwd: '/' });
  assert.strictEqual(outside.status, 0, outside.stderr);
});

test('deadline', () => {
  const at = '2022-05-09T08:30:00+08:00';
  const say = (phrase, ...more) => office.run(['deadline', phrase, '--at', at, ...more]);
  const read = (phrase) => { const r = office.run(['--json', 'deadline', phrase, '--at', at]); return { code: r.code, ...JSON.parse(r.out) }; };
  const day = read('5月20日前');
  assert.strictEqual(day.code, 0);
  assert.deepStrictEqual([day.kind, day.due, day.strict, day.start, day.counted, day.rule, day.notes],
    ['date', '2022-05-20T23:59:59+08:00', '2022-05-19T23:59:59+08:00', null, 'calendar', 'date', ['ambiguous']]);
  const work = read('收到通知后10个工作日内');
  assert.deepStrictEqual([work.due, work.counted, work.anchor], ['2022-05-23T23:59:59+08:00', 'working', at]);
  const hour = read('本周五下班前');
  assert.deepStrictEqual([hour.kind, hour.due], ['instant', '2022-05-13T18:00:00+08:00']);
  const month = read('每月10日17时前');
  assert.deepStrictEqual([month.kind, month.due, month.rule], ['recurring', '2022-05-10T17:00:00+08:00', 'FREQ=MONTHLY;BYMONTHDAY=10;BYHOUR=17']);
  const rest = read('15日前');
  assert.deepStrictEqual([rest.last_workday, rest.next_workday], ['2022-05-13', '2022-05-16']);
  for (const [phrase, note] of [['尽快', 'own_limit'], ['会后3日内', 'no_anchor'], ['6月31日前', 'wrong'], ['5月12日（星期五）前', 'wrong'], ['前往', null]]) {
    const none = read(phrase);
    assert.deepStrictEqual([none.code, none.kind, none.due, none.notes], [1, 'none', null, note ? [note] : []], phrase);
  }
  assert.match(say('5月20日前').out, /^时限 2022年5月20日（周五），剩余9个工作日\n读法：按所写日期\n从严读作 2022年5月19日（周四）/);
  assert.match(say('5月12日（星期五）前').out, /^不是时限：2022年5月12日是周四，不是周五/);
  assert.strictEqual(office.run(['deadline', '5月20日前', '--at', '明天']).code, 3);
  const outside = spawnSync(WHS, ['deadline', '5月20日前', '--at', at], { encoding: 'utf8', cwd: '/' });
  assert.strictEqual(outside.status, 0, outside.stderr);
});

test('calendar import: a wrong notice takes nothing', () => {
  for (const input of ['date,kind,name\n2030-02-30,holiday,春节\n', 'date,kind,name\n2030-02-04,nonsense,春节\n', '', 'nonsense', Buffer.from([0xff, 0xff])]) refused(3, [], ['calendar', 'import', '-'], { input });
});

// --- entries ---------------------------------------------------------------------------------------------------------------------------------

test('register, list, show, --json', () => {
  const FIELDS = ['--kind', 'document', '--source', '市政府办公室', '--requirement', '报送书面材料', '--deadline', day(40), '--lead-unit', '市商务局'];
  const r = office.run(['register', '报送稳增长措施', ...FIELDS]);
  assert.match(r.out, /[文会事]\d{4}-\d{4}/, r.out + r.err);
  const number = /[文会事]\d{4}-\d{4}/.exec(r.out)[0];
  assert.ok(office.ok(['show', number]).includes(number));
  const shown = office.json(['show', number]);
  assert.strictEqual(shown.number, number);
  assert.ok(shown.history.length >= 1);
  assert.ok(office.json(['list']).some((e) => e.number === number));
  assert.ok(office.ok(['list', '--day', day(0)]).includes(number));
  assert.ok(!office.ok(['list', '--day', '2019-01-04']).includes(number));
  for (const argv of [['list', '--month', day(0).slice(0, 7)], ['list', '--week', day(0)], ['list', '--state', '待签收'], ['list', '--state', 'pending'], ['list', '--unit', '市商务局']]) assert.strictEqual(office.run(argv).code, 0, argv.join(' '));
  for (const [argv, words] of [[['list', '--day', '2022-06-31'], '2022-06-31'], [['list', '--month', '2022-13'], ''], [['list', '--state', '胡来'], '胡来'], [['list', '--unit', '查无此局'], '查无此局'], [['list', '--list', '无此清单'], '无此清单'], [['show', '文1999-0001'], '文1999-0001'], [['show', 'x'], 'x']])
    refused(3, words, argv);
  assert.strictEqual(office.run(['list', '--nonsense', 'x']).code, 2);
});

test('register refuses what may not enter', () => {
  for (const [text, code] of [['', 3], ['机密★1年 关于某事的通知', 3], [Buffer.from([0xff, 0xfe, 0xfd]), 3], ['长'.repeat(700000), 3], ['标题\u0007', 3]]) refused(code, [], ['register', '-'], { input: text });
});

test('--as: the user\'s own rights', () => {
  for (const [who, argv, code] of [['guanli', ['close', 'month', month(2)], 4], ['li', ['close', 'month', month(2)], 4], ['shangwu', ['user', 'add', 'x', '--name', 'x', '--role', 'officer', '--password', 'wenhuishi-1'], 4],
    ['li', ['user', 'add', 'x', '--name', 'x', '--role', 'officer', '--password', 'wenhuishi-1'], 4], ['li', ['user', 'passwd', 'zhang', '--password', 'wenhuishi-9'], 4], ['li', ['token', 'add', 'zhang', 'x'], 4], ['li', ['user', 'disable', 'zhang'], 4], ['nobody', ['list'], 3]])
    refused(code, [], ['--as', who, ...argv]);
});

test('users: bad names, roles and passwords', () => {
  for (const argv of [['add', 'li', '--name', '再来一个', '--role', 'officer', '--password', 'wenhuishi-1'], ['add', 'Li Si', '--name', 'x', '--role', 'officer', '--password', 'wenhuishi-1'], ['add', 'x1', '--name', 'x', '--role', 'king', '--password', 'wenhuishi-1'],
    ['add', 'x2', '--name', 'x', '--role', 'officer', '--password', 'short'], ['add', 'x3', '--name', 'x', '--role', 'liaison', '--password', 'wenhuishi-1'], ['add', 'x4', '--name', 'x', '--role', 'liaison', '--home', '查无此局', '--password', 'wenhuishi-1'], ['disable', 'nobody'], ['passwd', 'nobody']]) {
    const before = head(), r = office.run(['user', ...argv]);
    assert.ok([3, 5].includes(r.code), `${argv.join(' ')}: ${r.code} ${r.err}`);
    assert.match(r.err, /[\u4e00-\u9fff]/);
    assert.strictEqual(head(), before);
  }
});

test('--json prints one JSON value everywhere', () => {
  for (const argv of [['list'], ['workday', 'is', '2022-05-07'], ['workday', 'next', '2022-05-07'], ['workday', 'count', '2022-05-01', '2022-05-07'], ['verify'], ['user', 'list'], ['user', 'unlock', 'li'], ['user', 'add', 'json', '--name', '张', '--role', 'officer'],
    ['user', 'passwd', 'json'], ['token', 'add', 'json', 't'], ['token', 'add', 'json', 'd', '--device'], ['token', 'list', 'json'], ['summary', '--year', '2022'], ['close', 'day', day(0)], ['close', 'week', day(0)], ['backup', path.join(office.dir, 'json.bak')], ['export', 'entries', '-']]) {
    const r = office.run(['--json', ...argv]);
    assert.ok([0, 1].includes(r.code), `${argv.join(' ')}: ${r.code} ${r.err}`);
    if (argv[0] === 'export') continue;
    assert.doesNotThrow(() => JSON.parse(r.out), `${argv.join(' ')} printed ${r.out}`);
  }
});

// --- files ------------------------------------------------------------------------------------------------------------------------------------

test('export and import: byte-equal, and a dry run takes nothing', () => {
  office.ok(['import', 'entries', '-'], { input: sheet(GOOD, { ...GOOD, title: '有"引号"、逗号,之件', requirement: '第一行\n第二行' }, { ...GOOD, title: '=1+1', requirement: '+86 电话', result: '' }, { ...GOOD, title: '无时限之件', deadline: '', no_deadline_reason: '长期坚持' },
    { ...GOOD, title: '办结之件', state: 'settled', settled: `${month(1)}-20`, result: '已报送' }) });
  const out = path.join(office.dir, 'out.csv');
  office.ok(['export', 'entries', out]);
  const text = fs.readFileSync(out, 'utf8');
  assert.ok(text.replace(/^\ufeff/, '').startsWith(COLUMNS));
  const other = new Office().begin();
  try {
    const before = head(other);
    other.ok(['import', 'entries', out, '--dry-run']);
    assert.strictEqual(head(other), before, 'a dry run wrote');
    other.ok(['import', 'entries', out]);
    other.ok(['export', 'entries', `${other.dir}/again.csv`]);
    assert.strictEqual(fs.readFileSync(`${other.dir}/again.csv`, 'utf8'), text);
    const r = other.run(['verify']);
    assert.strictEqual(r.code, 0, r.err);
  } finally { other.end(); }
});

test('cells that begin with = + - @ are text in the file and themselves again after', () => {
  const out = path.join(office.dir, 'cells.csv');
  office.ok(['export', 'entries', out]);
  const cells = fs.readFileSync(out, 'utf8').split(/[,\n]/);
  assert.ok(!cells.some((c) => /^"?[=+@]/.test(c)), 'a spreadsheet would compute this');
  assert.ok(office.json(['list']).some((e) => e.title === '=1+1'));
});

test('csv with a byte-order mark, with CRLF, in GB18030', () => {
  const gb = (s) => spawnSync('iconv', ['-f', 'UTF-8', '-t', 'GB18030'], { input: s }).stdout;
  for (const [title, make] of [['带标记之件', (s) => Buffer.from(`\ufeff${s}`)], ['回车换行之件', (s) => Buffer.from(s.replaceAll('\n', '\r\n'))], ['国标编码之件', gb], ['末行无换行之件', (s) => Buffer.from(s.trimEnd())]]) {
    const f = path.join(office.dir, 'enc.csv');
    fs.writeFileSync(f, make(sheet({ ...GOOD, title })));
    office.ok(['import', 'entries', f]);
    assert.ok(office.json(['list']).some((e) => e.title === title), title);
  }
});

test('--create-units makes what is missing, in the order met', () => {
  const input = sheet({ ...GOOD, lead_unit: '市新设局' }, { ...GOOD, lead_unit: '市又一局', assist_units: '市新设局;市三局' });
  refused(3, '市新设局', ['import', 'entries', '-'], { input });
  office.ok(['import', 'entries', '-', '--create-units'], { input });
  const units = office.ok(['export', 'units', '-']).split('\n').slice(1).map((l) => l.split(',')[0]).filter(Boolean);
  assert.deepStrictEqual(units.slice(-3), ['市新设局', '市又一局', '市三局']);
});

test('a bad row is named by line, column and reason, and nothing of the file is taken', () => {
  const column = (name, values) => COLUMNS.split(',').slice(0, COLUMNS.split(',').indexOf(name)).reduce((n, c) => n + [...(values[c] || '')].length + 1, 1);
  for (const [change, name, words] of [[{ deadline: '2027-06-31' }, 'deadline', '31日'], [{ kind: 'letter' }, 'kind', 'letter'], [{ lead_unit: '查无此局' }, 'lead_unit', '查无此局'], [{ received: '2999-01-01' }, 'received', ''], [{ deadline: '2020-01-01' }, 'deadline', ''],
    [{ title: '' }, 'title', '标题'], [{ title: '机密★1年' }, 'title', '密'], [{ state: '胡来' }, 'state', '胡来'], [{ settled: '2022-13-01', state: 'settled' }, 'settled', ''], [{ urgent: 'perhaps' }, 'urgent', 'perhaps'], [{ role: 'king' }, 'role', 'king'],
    [{ officer: '赵无名' }, 'officer', '赵无名'], [{ lists: '无此清单' }, 'lists', '无此清单'], [{ title: '长'.repeat(201) }, 'title', '200'], [{ title: 'x\u0007' }, 'title', '']]) {
    const r = refused(3, words, ['import', 'entries', '-'], { input: sheet(GOOD, GOOD, { ...GOOD, ...change }, GOOD) });
    assert.ok(r.err.startsWith(`whs: 4:${column(name, { ...GOOD, ...change })}: `), `${JSON.stringify(change).slice(0, 60)}: ${r.err} not at ${column(name, { ...GOOD, ...change })}`);
  }
  for (const input of ['', 'a,b\n1,2\n', `${COLUMNS}\n"unclosed`, `${COLUMNS}\n${'x,'.repeat(30)}\n`, `${COLUMNS}\nonly,three,cells\n`, Buffer.from([0x81, 0x20, 0xff, 0xff, 0x0a]), `${COLUMNS},title\n`, `nonsense\n\n`]) refused(3, [], ['import', 'entries', '-'], { input });
  const named = file('rows.csv', sheet(GOOD, { ...GOOD, kind: 'letter' }));
  assert.ok(refused(3, 'letter', ['import', 'entries', named]).err.startsWith(`whs: ${named}:3:`), 'the file is not named');
  assert.strictEqual(office.run(['import', 'entries', '/nonexistent.csv']).code, 7);
  assert.ok([2, 3].includes(office.run(['import', 'nonsense', '-'], { input: 'x' }).code));
});

// --- closing -----------------------------------------------------------------------------------------------------------------------------------

test('close: a day and a week are never refused; a month names what is overdue', () => {
  const o = new Office().begin();
  try {
    const M = month(2);
    o.ok(['import', 'entries', '-'], { input: sheet({ ...GOOD, received: `${M}-03`, deadline: `${M}-10` }, { ...GOOD, title: '又一件', received: `${M}-04`, deadline: `${M}-11` }) });
    const numbers = o.json(['list', '--month', M]).map((e) => e.number);
    assert.strictEqual(numbers.length, 2);
    for (const argv of [['day', day(0)], ['day', day(0)], ['week', day(0)]]) assert.strictEqual(o.run(['close', ...argv]).code, 0, argv.join(' '));
    for (const bad of [['day', 'x'], ['day', '2022-06-31'], ['month', '2022-13'], ['month', 'x']]) refused(3, [], ['close', ...bad], {}, o);
    const r = refused(5, numbers, ['close', 'month', M], {}, o);
    assert.ok(r.err.split('\n').length <= 5);
    assert.ok([3, 5].includes(o.run(['close', 'month', day(0).slice(0, 7)]).code));
    o.ok(['close', 'month', M, '--carry-overdue', '等省里批复']);
    refused(5, [], ['close', 'month', M, '--carry-overdue', '等省里批复'], {}, o);
    const closed = o.run(['import', 'entries', '-'], { input: sheet({ ...GOOD, received: `${M}-05` }) });
    assert.ok([3, 5].includes(closed.code), closed.err);
    assert.ok(/月结/.test(closed.err), closed.err);
    assert.strictEqual(o.run(['verify']).code, 0);
    const s = o.json(['summary', '--from', `${M}-01`, '--to', `${M}-28`]);
    assert.strictEqual(s.figures.find((f) => f.key === 'entries.registered').value, 2);
    for (const bad of [['--year', 'x'], ['--from', '2022-06-31', '--to', '2022-07-01'], ['--from', '2022-07-01', '--to', '2022-06-01']]) refused(3, [], ['summary', ...bad], {}, o);
  } finally { o.end(); }
});

// --- saving ----------------------------------------------------------------------------------------------------------------------------------

test('backup and restore: the same office again; a bad file is refused and changes nothing', () => {
  const bak = path.join(office.dir, 'a.bak'), was = head();
  office.ok(['backup', bak]);
  assert.notStrictEqual(office.run(['backup', bak]).code, 0, 'a backup was overwritten');
  assert.notStrictEqual(office.run(['backup', '/nonexistent/a.bak']).code, 0);
  office.ok(['import', 'entries', '-'], { input: sheet({ ...GOOD, title: '备份之后' }) });
  const later = head();
  assert.notStrictEqual(later, was);
  for (const [name, bytes] of [['bad.bak', 'no backup'], ['cut.bak', fs.readFileSync(bak).subarray(0, 20000)]]) assert.notStrictEqual(office.run(['restore', file(name, bytes)]).code, 0);
  assert.strictEqual(head(), later);
  if (POSTGRES) {                                  // what is there is never overwritten: it goes into an empty database
    refused(5, '空', ['restore', bak]);
    const into = new Office();
    try {
      fs.copyFileSync(office.key, into.key);
      into.ok(['restore', bak]);
      assert.strictEqual(head(into), was);
      into.ok(['import', 'entries', '-'], { input: sheet({ ...GOOD, title: '恢复之后' }) });
      assert.strictEqual(into.run(['verify']).code, 0);
    } finally { into.end(); }
    return;
  }
  office.ok(['restore', bak]);
  assert.strictEqual(head(), was);
  assert.ok(fs.existsSync(path.join(office.dir, 'whs.db.before-restore')));
});

test('verify finds a changed byte of the journal', () => {
  const o = new Office().begin();
  try {
    o.ok(['import', 'entries', '-'], { input: sheet({ ...GOOD, title: '将被篡改之件' }) });
    const bak = path.join(o.dir, 'bak.db'), read = (f) => fs.readFileSync(f).toString('latin1'), hex = (t) => Buffer.from(t).toString('latin1');
    o.ok(['backup', bak]);
    fs.copyFileSync(o.key, `${bak}.key`);
    const verify = () => spawnSync(WHS, ['--db', `sqlite:${bak}`, 'verify'], { encoding: 'utf8' });
    assert.strictEqual(verify().status, 0, verify().stderr);
    assert.ok(read(bak).split(hex('将被篡改之件')).length >= 3, 'the title stands in the row and in the journal');
    fs.writeFileSync(bak, Buffer.from(read(bak).replaceAll(hex('将被篡改之件'), hex('已被篡改之件')), 'latin1'));
    assert.strictEqual(verify().status, 8, verify().stdout);
    assert.match(verify().stderr, /^whs: .*[\u4e00-\u9fff]/);
    assert.strictEqual(o.run(['restore', bak]).code, 8);
  } finally { o.end(); }
});

// --- beside a server -------------------------------------------------------------------------------------------------------------------------

test('the door beside a SQLite database: a socket for its owner alone; a second server is refused and leaves it', onlyOn('sqlite', 'PostgreSQL needs no door and takes several servers'), async () => {
  const o = new Office().begin();
  try {
    await o.serve();
    const door = path.join(o.dir, 'whs.db.sock');
    assert.ok(fs.statSync(door).isSocket());
    assert.strictEqual(fs.statSync(door).mode & 0o777, 0o600);
    const two = o.run(['serve', '--listen', '127.0.0.1:0']);
    assert.strictEqual(two.code, 6, two.err);
    assert.match(two.err, /^whs: [^\n]*[\u4e00-\u9fff][^\n]*\n$/);
    assert.ok(fs.existsSync(door), 'the refused server took the door away');
    assert.strictEqual(await o.stop(), 0);
    assert.ok(!fs.existsSync(door), 'the door stayed behind');
  } finally { await o.end(); }
});

test('commands beside a running server count at once', async () => {
  const o = new Office().begin();
  try {
    await o.serve();
    assert.ok([5, 6].includes(o.run(['init']).code));
    o.ok(['import', 'entries', '-'], { input: sheet({ ...GOOD, title: '经门登记' }) });
    assert.ok((await o.api('GET', '/entries')).json.some((e) => e.title === '经门登记'));
    const { number } = (await o.api('GET', '/entries')).json[0];
    assert.strictEqual(o.json(['show', number]).number, number);
    o.ok(['user', 'add', 'new', '--name', '新来的', '--role', 'officer', '--password', 'wenhuishi-1']);
    assert.strictEqual((await o.login('new')).status, 303);
    refused(3, [], ['import', 'entries', '-'], { input: 'x\n' }, o);
    refused(4, [], ['--as', 'li', 'close', 'month', month(2)], {}, o);
    refused(3, '查无此人', ['token', 'add', '查无此人', 'x'], {}, o);
    assert.strictEqual(o.run(['backup', path.join(o.dir, 'live.bak')]).code, 0);
    assert.strictEqual(o.run(['restore', path.join(o.dir, 'live.bak')]).code, 6);
    const shifted = spawnSync(WHS, ['--db', o.db, 'import', 'entries', 'sheet.csv'], { cwd: (fs.writeFileSync(path.join(o.dir, 'sheet.csv'), sheet({ ...GOOD, title: '相对路径' })), o.dir), encoding: 'utf8' });
    assert.strictEqual(shifted.status, 0, shifted.stderr);
    const out = o.run(['export', 'entries', 'relative.csv']);
    assert.strictEqual(out.code, 0, out.err);
    assert.ok(fs.existsSync(path.join(o.dir, 'relative.csv')));
    assert.strictEqual(await o.stop(), 0);
    o.ok(['import', 'entries', '-'], { input: sheet({ ...GOOD, title: '停后登记' }) });
    assert.strictEqual(o.run(['verify']).code, 0);
  } finally { await o.end(); }
});

test('a door left by a killed server is no obstacle', async () => {
  const o = new Office().begin();
  try {
    await o.serve();
    assert.strictEqual(await o.stop('SIGKILL'), 'SIGKILL');
    o.ok(['import', 'entries', '-'], { input: sheet({ ...GOOD, title: '其后登记' }) });
    await o.serve();
    assert.ok((await o.api('GET', '/entries')).json.some((e) => e.title === '其后登记'));
    assert.strictEqual(await o.stop(), 0);
  } finally { await o.end(); }
});

test('an address in use, or none: one sentence', async () => {
  const o = new Office().begin();
  try {
    await o.serve();
    const p = new Office().begin();
    try {
      const taken = p.run(['serve', '--listen', `127.0.0.1:${o.port}`]);
      assert.ok([5, 6, 7].includes(taken.code), `${taken.code}`);
      assert.match(taken.err, /^whs: [^\n]*[\u4e00-\u9fff][^\n]*\n$/);
      for (const bad of ['nonsense', '127.0.0.1:x', '127.0.0.1:99999', 'unix:']) assert.ok([2, 3].includes(p.run(['serve', '--listen', bad]).code), bad);
    } finally { await p.end(); }
  } finally { await o.end(); }
});

test('a dry run tells what the real run would do, a long list says that it is cut, refusals name what was wrong', async () => {
  const o = new Office();
  try {
    o.begin();
    assert.match(o.ok(['import', 'units', '-', '--dry-run'], { input: 'name\n市甲局\n市科技局\n' }), /2行，将新建名称1个/);
    assert.match(o.run(['import', 'units', '-', '--dry-run'], { input: 'name\n市甲局\n市甲局\n' }).err, /“市甲局”在第2行已有/);
    const rows = Array.from({ length: 1001 }, (_, i) => `affair,事项${i},来电,请办理,无,市科技局`).join('\n');
    o.ok(['--as', 'zhang', 'import', 'entries', '-'], { input: `kind,title,source,requirement,no_deadline_reason,lead_unit\n${rows}\n` });
    const list = o.run(['--as', 'zhang', 'list']);
    assert.equal(list.out.trim().split('\n').length, 1000);
    assert.match(list.err, /只列出前1000件，请缩小范围/);
    assert.equal(o.run(['--as', 'zhang', 'list', '--limit', '1000']).err, '');
    assert.match(o.ok(['help', 'settle']), /^whs settle NUMBER.*\n办结/);
    assert.match(o.run(['help', 'nothing']).err, /没有命令/);
    assert.match(o.run(['--as', 'zhang', 'outcome', '事2026-0001', 'x', '1']).err, /documents\.issued\.key/);
    assert.match(o.run(['--as', 'zhang', 'close', 'week', 'x']).err, /该周中的任一天/);
    assert.match(o.run(['--db', `sqlite:${o.dir}/no/x.db`, 'init']).err, /文件夹.*不存在/);
    fs.writeFileSync(path.join(o.dir, 'junk'), 'junk');
    assert.match(o.run(['restore', 'junk']).err, /不是文会事的备份文件/);
    assert.match(o.run(['restore', 'none']).err, /没有找到备份文件none/);
  } finally {
    await o.end();
  }
});

test('a second restore keeps what the first one set aside; one into nothing says so', onlyOn('sqlite', 'PostgreSQL restores into an empty database alone'), async () => {
  const o = new Office();
  try {
    o.begin();
    const kept = path.join(o.dir, 'whs.db.before-restore');
    o.ok(['backup', 'b']);
    o.ok(['office', 'add', 'second', '--name', '第二个机关']);
    assert.match(o.ok(['restore', 'b']), /before-restore/);
    o.ok(['office', 'add', 'third', '--name', '第三个机关']);
    o.ok(['restore', 'b']);
    const offices = (file) => o.run(['--db', `sqlite:${file}`, 'office', 'list'], { env: { WHS_KEY: path.join(o.dir, 'whs.db.key') } }).out;
    assert.match(offices(kept), /third/);
    assert.match(offices(`${kept}.2`), /second/);
    fs.rmSync(path.join(o.dir, 'whs.db'));
    assert.doesNotMatch(o.ok(['restore', 'b']), /before-restore/);
  } finally { await o.end(); }
});
