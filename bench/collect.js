// What a large collection costs: node bench/collect.js [UNITS COLUMNS ROUNDS]. A year of daily rounds laid out by SQL (sqlite3, or psql on PostgreSQL with
// WHS_TEST_ENGINE=postgres under tests/postgres.js), then pages and acts over HTTP, one at a time; CPU of the server's process from /proc.
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { execFileSync } = require('node:child_process');
const { Office, POSTGRES } = require('../tests/rig.js');
const { psqlNow } = require('../tests/postgres.js');

const [UNITS, COLUMNS, ROUNDS] = [500, 60, 365].map((n, i) => Number(process.argv[2 + i] || n));
const DAY = 86400e3, REPEAT = 20;

(async () => {
  const o = new Office().begin();
  const sql = (text) => (POSTGRES ? psqlNow(o.db, text) : execFileSync('sqlite3', [path.join(o.dir, o.name)], { input: text }));
  o.ok(['import', 'units', '-'], { input: `name,short_name,category,aliases\n${Array.from({ length: UNITS - 3 }, (_, i) => `第${i}局,,部门,`).join('\n')}\n` });
  await o.serve();
  const columns = Array.from({ length: COLUMNS }, (_, i) => `第${i}列 | ${i % 3 ? '整数' : '小数2'}${i ? '' : ' | 必填'}`).join('\n');
  const made = await o.api('POST', '/collects', { title: '大日报', form: columns, every: 'day', time: '23:59', zero: true, categories: ['部门'] });
  if (made.status !== 201) throw new Error(made.body);
  const id = made.json.id;
  await o.stop();
  // The round that was opened becomes the last of the year.
  const today = Math.floor((Date.now() + 8 * 36e5) / DAY), due = `CAST(${today} + n - ${ROUNDS} + 1 AS BIGINT) * 86400000 - 28860000`;
  const series = (n) => `WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < ${n})`;
  const row = Array.from({ length: COLUMNS }, (_, i) => (i % 3 ? `${1000 + i}` : `${1000 + i}.50`)).join('\t');
  sql(`DELETE FROM collect_answer; DELETE FROM collect_round;
    ${series(ROUNDS)} INSERT INTO collect_round SELECT 1, ${id}, n, 900000 + n, c.section_id, 1, ${today} + n - ${ROUNDS}, ${today} + n - ${ROUNDS}, 0, ${due}, 0, 0, ${UNITS},
      CASE WHEN n < ${ROUNDS} THEN ${UNITS} ELSE 0 END, 0 FROM s, collect c;
    ${series(ROUNDS)} INSERT INTO collect_answer SELECT 1, ${id}, n, u.party_id, CASE WHEN n < ${ROUNDS} THEN 'answered' ELSE 'asked' END, 0, 0, 0, CASE WHEN n < ${ROUNDS} THEN 0 ELSE 1 END,
      ${due}, 1, CASE WHEN n < ${ROUNDS} THEN 1 ELSE 0 END, ${due} - 60000, ${due} - 60000, '', 0, NULL, 0, 0, NULL FROM s, collect_unit u;
    ${series(ROUNDS - 1)} INSERT INTO collect_version SELECT 1, ${id}, n, u.party_id, 1, ${due} - 60000, 2, 0, '', 0, 0, 0, '', '${row}' || ${POSTGRES ? 'chr' : 'char'}(10) FROM s, collect_unit u;
    UPDATE collect SET rounds = ${ROUNDS}, newest = ${today}; ANALYZE;`);
  await o.serve();
  const ticks = () => { const f = fs.readFileSync(`/proc/${o.server.pid}/stat`, 'utf8').split(') ')[1].split(' '); return (Number(f[11]) + Number(f[12])) * 10; };
  const cookies = {};
  for (const user of ['zhang', 'shangwu']) { await o.login(user); cookies[user] = o.cookie; }
  const page = (target, user = 'zhang') => o.request('GET', target, { headers: { cookie: cookies[user] } });
  const last = `/collects/${id}/rounds/${ROUNDS}`, before = `/collects/${id}/rounds/${ROUNDS - 1}`;
  const own = (await page(`/collects/${id}`, 'shangwu')).headers.location;
  const measure = async (what, fn, repeat = REPEAT) => {
    const first = await fn(0);
    if (first.status !== 200) throw new Error(`${what}: ${first.status} ${first.body.slice(0, 300)}`);
    const cpu = ticks(), from = process.hrtime.bigint();
    for (let i = 1; i <= repeat; i++) await fn(i);
    const ms = Number(process.hrtime.bigint() - from) / 1e6 / repeat;
    console.log(`${what.padEnd(52)} ${ms.toFixed(1).padStart(8)} ms  ${((ticks() - cpu) / repeat).toFixed(1).padStart(7)} ms CPU  ${(first.body.length / 1024).toFixed(0).padStart(6)} KB`);
  };
  const size = POSTGRES ? psqlNow(o.db, 'SELECT pg_database_size(current_database())') : fs.statSync(path.join(o.dir, o.name)).size;
  console.log(`${UNITS} units, ${COLUMNS} columns, ${ROUNDS} rounds, ${(Number(size) / 1048576).toFixed(0)} MB, ${POSTGRES ? 'PostgreSQL' : 'SQLite'}`);
  await measure('the list', () => page('/collects'));
  await measure('today, section', () => page('/'));
  await measure('today, unit', () => page('/', 'shangwu'));
  await measure('the board, nobody has answered', () => page(last));
  await measure('the board, all have', () => page(before));
  await measure('the merged table, two rounds read', () => page(`${before}/table`));
  await measure('csv', () => page(`${before}/csv`));
  await measure("a unit's form", () => page(own, 'shangwu'));
  await measure('an answer over the API', (i) => o.api('POST', `/collects/${id}/rounds/${ROUNDS}/submit`, { unit: `第${i + 1}局`, rows: [{ 第0列: '7.5', 第1列: i }] }), 100);
  await measure('urging all that are missing', () => o.api('POST', `/collects/${id}/rounds/${ROUNDS}/urge`, {}), 5);
  await measure('sending up', (i) => o.api('POST', `/collects/${id}/rounds/${ROUNDS - 1 - i}/send`, { to: '省指挥部', missing_ok: true }), 5);
  await o.end();
})();
