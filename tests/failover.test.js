// engine: postgres — a SQLite file has no standby
// once
// A primary and a standby that follows it, three servers that know both, clients that register without rest. docs/failover.md has the figures and the settings.
'use strict';
const test = require('node:test');
const assert = require('node:assert');
const fs = require('node:fs');
const { Office } = require('./rig.js');
const { Cluster } = require('./postgres.js');
const { listen } = require('./live.js');
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

// To every process of a cluster, or to those of one name: a standby whose 'walreceiver' stands still answers and is behind.
function signal(cluster, sig, name = '') {
  const pid = cluster.pid(), all = [pid, ...fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)];
  for (const p of all) try { if (fs.readFileSync(`/proc/${p}/cmdline`, 'latin1').includes(name)) process.kill(p, sig); } catch { /* ended */ }
}

const titles = (there) => new Set(there.values());

const waiting = (how) => primary.psql(`SELECT count(${how}(pid)) FROM pg_stat_activity WHERE wait_event = 'SyncRep'`).then(Number);

async function promote() {
  signal(standby, 'SIGCONT');
  await standby.promote();
  office.db = standby.url(office.name);
}

test('synchronous', async (t) => {
  await begin(true);
  try {
    let load;
    await t.test('the standby is gone: nobody is told that it is done, whoever ends the wait; when it is back, everything goes on', async (u) => {
      load = new Load(servers, { clients: 12, name: '等', patience: 60000 }).start();
      await load.until(50);
      signal(standby, 'SIGSTOP');
      await rest(300);
      const before = load.acknowledged.size, at = Date.now();
      for (const how of ['pg_cancel_backend', 'pg_terminate_backend']) {
        await rest(700);
        assert.ok(await waiting(how) > 0, 'nobody waits for the standby');
      }
      const reading = Date.now();
      assert.strictEqual((await servers[0].api('GET', '/entries?limit=5')).status, 200);
      const read = Date.now() - reading;
      await rest(LONG ? 60000 : 1000);
      assert.strictEqual(load.acknowledged.size, before, 'told that it is done, while it stands on one server only');
      const stood = Date.now() - at, back = Date.now();
      signal(standby, 'SIGCONT');
      await load.until(50);
      u.diagnostic(`the standby was away ${stood} ms, a page took ${read} ms, the first write came ${load.silence(back).first} ms after its return; ${load.figures()}`);
    });
    await t.test('the primary restarts while commits wait: what it finds in its log is not told before the standby has it; then it dies', async (u) => {
      load.servers = servers.slice(0, 1);          // so that nobody else takes the office before it asks what became of its commit
      await rest(300);
      signal(standby, 'SIGSTOP', 'walreceiver');
      await rest(300);
      const before = load.acknowledged.size;
      await primary.stop('immediate');
      await primary.start();
      await rest(2000);
      assert.strictEqual(load.acknowledged.size, before, 'told that it is done, while it stands on one server only');
      const at = Date.now();
      await primary.kill();
      load.servers = servers;
      await promote();
      const promoted = Date.now();
      await load.until(50);
      await load.stop();
      u.diagnostic(`promoted ${promoted - at} ms after the primary's death, first write after ${load.silence(at).first} ms; ${load.figures()}`);
      judge(office, load);
    });
    await t.test('open streams hear of writes at the new primary', async () => {
      await servers[0].login('zhang');
      const streams = servers.map((s) => listen(s.port, servers[0].cookie));
      const r = await servers[1].api('POST', '/entries', draft('换主以后'));
      assert.strictEqual(r.status, 201, r.body);
      load.acknowledged.set(r.json.number, '换主以后');
      const head = Number((await servers[2].head()).split(' ')[0]);
      await Promise.all(streams.map((l) => l.wait(() => l.head() >= head, 2000)));
      for (const l of streams) l.close();
    });
    await t.test('the old primary comes back by itself: running servers refuse it, and go on when it is gone', async (u) => {
      await primary.start();
      const lines = () => primary.psql('SELECT sum(journal_seq) FROM office', office.name);
      const before = await lines(), second = new Load(servers, { clients: 8, name: '旧' }).start();
      await second.until(20);
      await standby.psql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'whs'");
      const end = Date.now() + 30000;
      while (![...second.odd.keys()].some((what) => /503 .*旧主库/.test(what)) && Date.now() < end) await rest(50);
      u.diagnostic(second.figures());
      assert.ok(Date.now() < end, 'it was not refused');
      assert.strictEqual(await lines(), before, 'the old primary was written to');
      await primary.stop('fast');
      const at = Date.now();
      await second.until(20);
      await second.stop();
      u.diagnostic(`${second.silence(at).first} ms after the old primary was stopped`);
      judge(office, [load, second]);
    });
    for (let round = 0; round < (LONG ? 10 : 1); round++)
      await t.test('the primary dies under load, the standby is promoted: no acknowledged write is lost and none done twice', async (u) => {
        await nextPair(true);
        const now = new Load(servers, { name: `换${round}` }).start();
        await now.until(100);
        await rest(Math.random() * 300);
        const at = Date.now();
        if (round % 2) await primary.stop('immediate'); else await primary.kill();
        await promote();
        const promoted = Date.now();
        await now.until(100);
        await now.stop();
        u.diagnostic(`promoted ${promoted - at} ms after the primary's death, nothing was answered for ${now.silence(at).longest} ms; ${now.figures()}`);
        judge(office, now, { exactly: false });
        assert.strictEqual(now.unanswered, 0);
      });
  } finally { await end(); }
});

test('asynchronous: what the standby did not have yet is lost and counted; what is left is sound, and who repeats under his key has one answer', async (t) => {
  await begin(false);
  try {
    await servers[1].login('zhang');
    const stream = listen(servers[1].port, servers[1].cookie), name = '失', load = new Load(servers, { name }).start();
    await load.until(100);
    signal(standby, 'SIGSTOP');
    const lag = Date.now();
    await rest(LONG ? 5000 : 1000);
    const lagged = Date.now() - lag;
    await primary.kill();
    Object.assign(load, { stopped: true, lossy: true });
    const acknowledged = new Map(load.acknowledged);
    await promote();
    await load.work;
    const head = Number((await Object.assign(Object.create(servers[2]), { headSeq: 0 }).head()).split(' ')[0]);
    await stream.wait(() => stream.head() === head, 3000);         // pages hear even that the head went back
    stream.close();
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
