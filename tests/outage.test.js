// engine: postgres — a SQLite file has no server that could go
// once
// The database server goes away, is killed in pieces, freezes, is full: three servers wait for it, answer in one sentence, lose nothing, and go on by themselves.
'use strict';
const test = require('node:test');
const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const { Office } = require('./rig.js');
const { Cluster } = require('./postgres.js');
const { serveMany, endMany, Load, judge, draft, rest } = require('./servers.js');

const LONG = Boolean(process.env.WHS_LONG);
let cluster, office, servers;

async function begin(options = {}) {
  cluster = await new Cluster(options).start();
  office = new Office({ pg: cluster.url() }).begin();
  servers = await serveMany(office, 3);
}

async function end() {
  if (servers) await endMany(servers);
  if (office) fs.rmSync(office.dir, { recursive: true, force: true });
  if (cluster) await cluster.end();
  cluster = office = servers = null;
}

// Half of the clients repeat under their keys, half do not.
const loads = (name) => [new Load(servers, { clients: 16, name: `${name}键` }), new Load(servers, { clients: 16, keyed: false, name: `${name}裸` })].map((l) => l.start());
const figures = (all) => all.map((l) => l.figures()).join(' | ');
const silence = (all, at) => Math.max(...all.map((l) => l.silence(at).longest));

async function over(t, all, note = '') {
  await Promise.all(all.map((l) => l.stop()));
  t.diagnostic(`${note}${figures(all)}`);
  judge(office, all, { exactly: false });
  assert.strictEqual(all[0].unanswered + all[1].unanswered, 0, 'a server that is there answers');
}

test('with a database server', async (t) => {
  await begin();
  try {
    await t.test('it is restarted under load, in order and at once: everything is answered, nothing lost, nothing done twice', async (u) => {
      const all = loads('启'), waits = [];
      for (let round = 0; round < (LONG ? 12 : 2); round++) {
        await all[0].until(60);
        const at = Date.now();
        await cluster.stop(round % 2 ? 'immediate' : 'fast');
        await cluster.start();
        await Promise.all(all.map((l) => l.until(60)));
        waits.push(silence(all, at));
      }
      await over(u, all, `silence ${waits} ms; `);
      assert.ok(Math.max(...waits) < 9000);
    });
    await t.test('connections are cut in the middle of batches, many times', async (u) => {
      const all = loads('断');
      for (let i = 0; i < (LONG ? 200 : 50); i++) {
        await cluster.psql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'whs' AND query !~ 'LISTEN' ORDER BY random() LIMIT 2");
        await rest(40);
      }
      await Promise.all(all.map((l) => l.until(60)));
      await over(u, all);
    });
    await t.test('it is frozen for five seconds: everybody waits, nobody is refused', async (u) => {
      const all = loads('冻');
      await all[0].until(60);
      const pid = cluster.pid(), pids = [pid, ...fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)], at = Date.now();
      for (const p of pids) process.kill(p, 'SIGSTOP');
      await rest(5000);
      for (const p of pids) try { process.kill(p, 'SIGCONT'); } catch { /* it ended meanwhile */ }
      await Promise.all(all.map((l) => l.until(60)));
      await over(u, all, `silence ${silence(all, at)} ms; `);
  assert.strictEqual(all[0].odd.size + all[1].odd.size, 0);
    });
    await t.test('it has no connection left: one sentence, and a server that cannot start says so; then it goes on by itself', async (u) => {
      const all = loads('限');
      await all[0].until(60);
      await cluster.psql('ALTER ROLE whs CONNECTION LIMIT 4');
      await cluster.psql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'whs'");
      await rest(500);
      const r = office.run(['serve', '--listen', '127.0.0.1:0']);
      assert.ok(r.code === 7 || r.code === 6, `${r.code} ${r.err}`);
      assert.match(r.err.trim(), /^[^\n]*数据库[^\n]*$/);
      await rest(LONG ? 11000 : 2000);
      await cluster.psql('ALTER ROLE whs CONNECTION LIMIT -1');
      const at = Date.now();
      await Promise.all(all.map((l) => l.until(60)));
      await over(u, all, `${all.map((l) => l.silence(at).first)} ms after the limit was lifted; `);
    });
  } finally { await end(); }
});

test('no room for its data: one sentence, reading goes on, nothing acknowledged is lost, and it goes on when there is room', async (t) => {
  const ballast = () => path.join(cluster.data, 'ballast');
  try {
    await begin({ room: '90m' });
  } catch (e) {
    await end();
    if (!e.noRoom) throw e;
    return t.skip(e.message);
  }
  try {
    const room = () => { const s = fs.statfsSync(cluster.data); return s.bavail * s.bsize; };
    fs.writeFileSync(ballast(), Buffer.alloc(Math.max(0, room() - 300 * 1024)));
    const all = loads('满');
    for (let i = 0; i < 600 && ![...all[0].odd.keys()].length; i++) await rest(50);
    assert.ok(all[0].odd.size > 0, 'the disk never filled');
    await rest(1000);
    assert.strictEqual((await servers[0].api('GET', '/entries?limit=5')).status, 200, 'reading ended with the room');
    fs.rmSync(ballast());
    const at = Date.now();
    await Promise.all(all.map((l) => l.until(60)));
    await over(t, all, `${all.map((l) => l.silence(at).first)} ms after there was room; `);
  } finally { await end(); }
});
