// engine: postgres — a SQLite file has no standby
// once
// A primary and a standby that follows it, three servers that know both, clients that register without rest. docs/failover.md has the figures and the settings.
'use strict';
const test = require('node:test');
const assert = require('node:assert');
const fs = require('node:fs');
const { Office } = require('./rig.js');
const { Cluster } = require('./postgres.js');
const { serveMany, endMany, Load, ledger, judge, draft, rest } = require('./servers.js');

const LONG = Boolean(process.env.WHS_LONG);
const clusters = [];
let office, primary, standby, servers = [];

async function serve() {
  office.db = primary.url(office.name, standby);
  servers = await serveMany(office, 3);
}

// primary and standby, an office on them, three servers with the address of both.
async function begin(synchronous) {
  clusters.push(primary = await new Cluster().start());
  office = new Office({ pg: primary.url() }).begin();
  clusters.push(standby = await primary.standby({ synchronous }));
  await serve();
}

async function end() {
  await endMany(servers);
  if (office) fs.rmSync(office.dir, { recursive: true, force: true });
  for (const c of clusters.splice(0)) await c.end();
  servers = [];
}

// The standby becomes the primary and gets a standby of its own; servers are started with the new pair.
async function nextPair(synchronous) {
  await endMany(servers);
  await primary.end();
  primary = standby;
  clusters.push(standby = await primary.standby({ synchronous }));
  await serve();
}

function signal(cluster, sig) {
  const pid = cluster.pid();
  for (const p of [pid, ...fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)]) try { process.kill(p, sig); } catch { /* ended */ }
}

const titles = (there) => new Set(there.values());

test('synchronous: the primary dies under load, the standby is promoted, no acknowledged write is lost and none done twice', async (t) => {
  await begin(true);
  try {
    const rounds = LONG ? 10 : 2, load = [];
    for (let round = 0; round < rounds; round++) {
      if (round) await nextPair(true);
      load.push(new Load(servers, { name: `换${round}` }).start());
      await load.at(-1).until(100);
      await rest(Math.random() * 300);
      const at = Date.now();
      if (round % 2) await primary.stop('immediate'); else await primary.kill();
      await standby.promote();
      const promoted = Date.now();
      await load.at(-1).until(100);
      await load.at(-1).stop();
      office.db = standby.url(office.name);
      t.diagnostic(`round ${round}: promoted after ${promoted - at} ms, first write ${load.at(-1).silence(at).first} ms after the primary's death; ${load.at(-1).figures()}`);
      judge(office, load);
      assert.strictEqual(load.at(-1).unanswered, 0);
    }
  } finally { await end(); }
});

test('synchronous, and the standby is gone: nobody is told that it is done, whoever ends the wait; when it is back, everything goes on', async (t) => {
  await begin(true);
  try {
    const load = new Load(servers, { clients: 12, name: '等', patience: 60000 }).start();
    await load.until(50);
    signal(standby, 'SIGSTOP');
    await rest(300);
    const before = load.acknowledged.size, at = Date.now();
    for (const how of ['pg_cancel_backend', 'pg_terminate_backend']) {
      await rest(1000);
      assert.ok(Number(await primary.psql(`SELECT count(${how}(pid)) FROM pg_stat_activity WHERE wait_event = 'SyncRep'`)) > 0, 'nobody waits for the standby');
    }
    const reading = Date.now();
    assert.strictEqual((await servers[0].api('GET', '/entries?limit=5')).status, 200);
    const read = Date.now() - reading;
    await rest(LONG ? 60000 : 3000);
    assert.strictEqual(load.acknowledged.size, before, 'told that it is done, while it stands on one server only');
    const stood = Date.now() - at;
    signal(standby, 'SIGCONT');
    const back = Date.now();
    await load.until(50);
    t.diagnostic(`the standby was away ${stood} ms, a page took ${read} ms, the first write came ${load.silence(back).first} ms after its return; ${load.figures()}`);
    signal(standby, 'SIGSTOP');                   // and now the primary dies while commits wait
    await rest(500);
    await primary.psql("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
    await rest(500);
    await primary.kill();
    signal(standby, 'SIGCONT');
    await standby.promote();
    await load.until(50);
    await load.stop();
    office.db = standby.url(office.name);
    judge(office, load);
  } finally { await end(); }
});

test('synchronous: the primary restarts while commits wait for the standby; what it finds in its log is not told before the standby has it', async () => {
  await begin(true);
  try {
    const load = new Load(servers, { clients: 12, name: '醒', patience: 60000 }).start();
    await load.until(50);
    signal(standby, 'SIGSTOP');
    await rest(300);
    const before = load.acknowledged.size;
    await primary.stop('immediate');
    await primary.start();
    await rest(2500);
    assert.strictEqual(load.acknowledged.size, before, 'told that it is done, while it stands on one server only');
    await primary.kill();
    signal(standby, 'SIGCONT');
    await standby.promote();
    await load.until(50);
    await load.stop();
    office.db = standby.url(office.name);
    judge(office, load);
  } finally { await end(); }
});

test('asynchronous: what the standby did not have yet is lost and counted; what is left is sound, and who repeats under his key has one answer', async (t) => {
  await begin(false);
  try {
    const name = '失', load = new Load(servers, { name }).start();
    await load.until(100);
    signal(standby, 'SIGSTOP');
    const lag = Date.now();
    await rest(LONG ? 5000 : 1000);
    const lagged = Date.now() - lag;
    await primary.kill();
    load.stopped = true;
    const acknowledged = new Map(load.acknowledged);
    signal(standby, 'SIGCONT');
    await standby.promote();
    await load.work.catch((e) => { if (!/was given to/.test(e.message)) throw e; });   // a number that went with the old primary is given again
    office.db = standby.url(office.name);
    const there = ledger(office), lost = [...acknowledged].filter(([, title]) => !titles(there).has(title));
    t.diagnostic(`standby behind by ${lagged} ms: of ${acknowledged.size} acknowledged ${lost.length} are lost`);
    assert.ok(lost.length > 0, 'the standby was not behind');
    for (const [, title] of lost.slice(0, 20)) {
      const key = { 'idempotency-key': encodeURIComponent(title) }, [one, two] = [await servers[0].api('POST', '/entries', draft(title), key), await servers[1].api('POST', '/entries', draft(title), key)];
      assert.deepStrictEqual([one.status, two.status, two.body], [201, 201, one.body]);
      assert.strictEqual(ledger(office).get(one.json.number), title);
      if (!LONG) break;
    }
    assert.strictEqual(titles(ledger(office)).size, ledger(office).size);
  } finally { await end(); }
});

test('the old primary comes back by itself: running servers refuse it, and go on when it is gone', async (t) => {
  await begin(true);
  try {
    const load = new Load(servers, { clients: 8, name: '旧' }).start();
    await load.until(30);
    await primary.kill();
    await standby.promote();
    await load.until(30);
    await primary.start();
    const lines = () => primary.psql("SELECT (xpath('/row/n/text()', query_to_xml('SELECT sum(journal_seq) AS n FROM office', false, true, '')))[1]", office.name);
    const before = await lines();
    await standby.psql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'whs'");
    await rest(1500);
    const r = await servers[0].api('POST', '/entries', draft('写到哪里'));
    assert.strictEqual(r.status, 503, r.body);
    assert.match(r.json.detail, /旧主库/);
    assert.strictEqual(await lines(), before, 'the old primary was written to');
    await primary.stop('fast');
    const at = Date.now();
    await load.until(30);
    await load.stop();
    t.diagnostic(`${load.silence(at).first} ms after the old primary was stopped; ${load.figures()}`);
    office.db = standby.url(office.name);
    judge(office, load);
  } finally { await end(); }
});
