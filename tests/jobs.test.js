// Background work seen from outside: what the administrator is told, and that killing servers neither loses nor repeats any of it.
'use strict';
const test = require('node:test');
const assert = require('node:assert');
const { Office, onlyOn } = require('./rig.js');
const { psqlNow } = require('./postgres.js');

const JOBS = 2000, JOBS_FIRST = 200;
const sleep = (ms) => new Promise((r) => setTimeout(r, ms));

// Figures of /metrics by name.
async function metrics(server) {
  const text = (await server.request('GET', '/metrics')).body;
  return Object.fromEntries([...text.matchAll(/^whs_(\w+)(?:\{[^}]*\})? (\d+)$/gm)].map((m) => [m[1], Number(m[2])]));
}

test('whs jobs and /metrics tell of background work', async () => {
  const o = new Office().begin();
  try {
    const before = Date.now(), jobs = o.json(['jobs']);
    assert.strictEqual(jobs.length, 1);
    assert.deepStrictEqual({ ...jobs[0], due: 0, next: 0 }, { kind: 'sweep', subject: 0, state: 'waits', due: 0, next: 0, tries: 0, error: '' });
    const due = Date.parse(jobs[0].due);
    assert.ok(due > before && due < before + 31 * 36e5, jobs[0].due);
    assert.ok(['02', '03', '04', '05'].includes(jobs[0].due.slice(11, 13)), jobs[0].due);
    assert.match(o.ok(['jobs']), /^sweep\t0\t待办\t.*清理/);
    assert.match(o.ok(['jobs'], { env: { WHS_LANG: 'en' } }), /^sweep\t0\twaits\t.*sweep/);
    assert.strictEqual(o.run(['--as', 'zhang', 'jobs']).code, 4);
    assert.strictEqual(o.run(['--as', 'guanli', 'jobs']).code, 0);
    assert.strictEqual(o.run(['jobs', 'x']).code, 2);
    await o.serve();
    const m = await metrics(o);
    for (const name of ['jobs_total', 'jobs_failed_total', 'jobs_lost_total', 'offices_with_due_jobs', 'oldest_due_job_seconds']) assert.strictEqual(m[name], 0, name);
  } finally { await o.end(); }
});

// The same with the work laid out beside the program: SQLite's is in src/store/job_test.c, where servers are killed as well.
test('three servers share the work; two are killed; each piece is done once', onlyOn('postgres', 'one writer'), async () => {
  const o = new Office().begin(), servers = [o, Object.assign(Object.create(Office.prototype), o), Object.assign(Object.create(Office.prototype), o)];
  const sql = (text) => psqlNow(o.db, text).trim();
  const until = async (text, wanted) => {
    for (let i = 0; i < 1500; i++) {
      if (wanted(Number(sql(text)))) return;
      await sleep(20);
    }
    assert.fail(`${text} is ${sql(text)}`);
  };
  try {
    // Each end of a run that counts leaves a row.
    sql(`CREATE TABLE ended (subject BIGINT);
      CREATE FUNCTION ended() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO ended VALUES (OLD.subject); RETURN NULL; END';
      CREATE TRIGGER ended AFTER UPDATE ON job FOR EACH ROW WHEN (OLD.claim IS NOT NULL AND NEW.claim IS NULL AND NEW.due_at > OLD.due_at) EXECUTE FUNCTION ended();
      INSERT INTO job (office_id, kind, subject, due_at, next_at, tries, last_error) SELECT 1, 'sweep', i, 1, 1, 0, '' FROM generate_series(1, ${JOBS}) i;
      UPDATE office SET job_at = 1 WHERE id = 1`);
    await Promise.all(servers.map((s) => s.serve()));
    await until('SELECT count(*) FROM ended', (n) => n >= JOBS_FIRST);
    for (const s of servers.slice(1)) assert.ok((await metrics(s)).jobs_total > 0, 'each of them works');
    await Promise.all(servers.slice(1).map((s) => s.stop('SIGKILL')));
    await until('SELECT count(*) FROM job WHERE due_at = 1 AND claim IS NULL', (n) => n === 0);
    const held = 'SELECT count(*) FROM job WHERE due_at = 1';
    await until(held, (n) => n <= 32);             // what the dead hold, each at most 16
    assert.strictEqual(sql(`SELECT (SELECT count(*) FROM ended) + (${held})`), String(JOBS));
    // Their leases end: two minutes, which nobody waits for here.
    sql('UPDATE job SET next_at = 1 WHERE due_at = 1; UPDATE office SET job_at = 1 WHERE id = 1');
    o.ok(['user', 'unlock', 'li']);                // some commit
    await until(held, (n) => n === 0);
    assert.strictEqual(sql('SELECT count(*), count(DISTINCT subject) FROM ended'), `${JOBS}|${JOBS}`);
    const m = await metrics(o);
    assert.strictEqual(m.jobs_failed_total + m.jobs_lost_total + m.offices_with_due_jobs, 0);
    assert.ok(o.json(['jobs']).every((j) => j.state === 'waits' && j.tries === 0));
    assert.strictEqual(await o.stop(), 0);
  } finally {
    await Promise.all(servers.slice(1).map((s) => s.stop('SIGKILL')));
    await o.end();
  }
});
