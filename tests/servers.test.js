// engine: postgres — a SQLite file has one server
// Three servers on one database: what one writes the others show in the very next request, and any of them may stop, die or freeze under load.
'use strict';
const test = require('node:test');
const assert = require('node:assert');
const { Office } = require('./rig.js');
const { psqlNow } = require('./postgres.js');
const { listen } = require('./live.js');
const { serveMany, endMany, Load, judge, ledger, draft, rest } = require('./servers.js');

const LONG = Boolean(process.env.WHS_LONG);
let office, servers;

async function begin() {
  office = new Office().begin();
  servers = await serveMany(office, 3);
}
async function end() {
  await endMany(servers);
  await office.end();
}
test.before(begin);
test.after(end);

const page = (server, cookie, target = '/') => server.request('GET', target, { headers: { cookie } });

test('what is written through one is read through the others in the next request', async () => {
  await servers[0].login('li');
  const { cookie } = servers[0];
  for (let i = 0; i < (LONG ? 500 : 100); i++) {
    const [writer, ...readers] = [0, 1, 2].map((k) => servers[(i + k) % 3]), title = `第${i}件`;
    const r = await writer.api('POST', '/entries', draft(title));
    assert.strictEqual(r.status, 201, r.body);
    const path = `/entries/${encodeURIComponent(r.json.number)}`;
    const [b, c, d] = await Promise.all([...readers.map((s) => s.api('GET', path)), page(readers[i % 2], cookie, path)]);
    assert.deepStrictEqual([b.status, b.json.title, c.status, c.json.title, d.status], [200, title, 200, title, 200], `stale: ${b.body} ${c.body}`);
    assert.ok(d.body.includes(title));
  }
});

test('a session is one for all: begun at one, known at the others, over at all; so is a password and a member who is disabled', async () => {
  const [a, b, c] = servers;
  for (let i = 0; i < 5; i++) {
    assert.strictEqual((await a.login('li')).status, 303);
    b.cookie = c.cookie = a.cookie;
    for (const s of [a, b, c]) assert.strictEqual((await page(s, a.cookie)).status, 200);
    const out = await b.post('/logout', {});
    assert.strictEqual(out.status, 303, out.body);
    for (const s of [c, a]) assert.match((await page(s, a.cookie)).headers.location || '', /^\/login/);
  }
  await a.login('li');
  const changed = await a.post('/settings/password', { password_old: 'wenhuishi-1', password: 'wenhuishi-2', password_again: 'wenhuishi-2' }, { from: '/settings' });
  assert.ok([200, 303].includes(changed.status), changed.body);
  assert.notStrictEqual((await b.login('li', 'wenhuishi-1')).status, 303);
  assert.strictEqual((await c.login('li', 'wenhuishi-2')).status, 303);
  const cookie = c.cookie;
  assert.strictEqual((await page(b, cookie)).status, 200);
  office.ok(['user', 'disable', 'li']);
  for (const s of servers) assert.match((await page(s, cookie)).headers.location || '', /^\/login/);
});

test('the same key sent to two servers at one moment: done once, both told the same', async () => {
  const races = LONG ? 1000 : 200;
  for (let i = 0; i < races; i += 8) {
    await Promise.all(Array.from({ length: 8 }, async (_, k) => {
      const title = `第${i + k}次`, key = { 'idempotency-key': `race-${i + k}` };
      const [one, two] = await Promise.all([0, 1].map((j) => servers[(i + k + j) % 3].api('POST', '/entries', draft(title), key)));
      assert.deepStrictEqual([one.status, two.status, two.body], [201, 201, one.body]);
    }));
  }
  assert.strictEqual([...ledger(office).values()].filter((title) => /^第\d+次$/.test(title)).length, races);
});

test('48 clients at three servers: numbers without a gap, none twice, the chain sound', async () => {
  const load = new Load(servers, { clients: 48, name: '齐' }).start();
  await load.until(LONG ? 6000 : 600);
  await load.stop();
  judge(office, load, { exactly: false });
  assert.strictEqual(load.odd.size + load.unanswered, 0, load.figures());
});

test('open streams at two servers hear within two seconds of what is written at the third, also when the listening connections were cut', async () => {
  await servers[0].login('zhang');
  const streams = servers.map((s) => listen(s.port, servers[0].cookie));
  let heard = 0;
  try {
    for (const cut of [false, true, false]) {
      if (cut) {
        psqlNow(office.db, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND query ~ 'LISTEN'");
        await rest(1000);
      }
      for (const s of servers) {
        const r = await s.api('POST', '/entries', draft(`听见${++heard}`));
        assert.strictEqual(r.status, 201, r.body);
        const head = Number((await s.head()).split(' ')[0]);
        await Promise.all(streams.map((l) => l.wait(() => l.head() >= head, 2000)));
      }
    }
    assert.ok(streams.every((l) => !l.ended));
  } finally { for (const l of streams) l.close(); }
});

// --- one of them goes ---------------------------------------------------------------------------------------------------------------------------

async function again(i) { await servers[i].serve('--workers', '4'); }

test('one ends under load (SIGTERM): it answers what it has begun, nothing is lost, the others go on', async () => {
  const load = new Load(servers, { keyed: false, name: '收' }).start();
  for (let round = 0; round < (LONG ? 20 : 3); round++) {
    await load.until(50);
    const i = round % 3, start = Date.now();
    assert.strictEqual(await servers[i].stop(), 0, servers[i].said);
    assert.ok(Date.now() - start < 5000, 'it took long to stop');
    await load.until(50);
    await again(i);
  }
  await load.stop();
  judge(office, load, { exactly: false });
  assert.strictEqual(load.odd.size, 0, load.figures());
});

test('one is killed under load: its clients repeat at another what nobody answered, and everything is done once', async () => {
  const load = new Load(servers, { name: '断' }).start();
  for (let round = 0; round < (LONG ? 40 : 4); round++) {
    await rest(Math.random() * 300);
    const i = round % 3;
    assert.strictEqual(await servers[i].stop('SIGKILL'), 'SIGKILL');
    await load.until(60);
    await again(i);
    await load.until(20);
  }
  await load.stop();
  judge(office, load, { exactly: false });
  assert.strictEqual(load.odd.size, 0, load.figures());
});

test('one freezes in the middle of its batches: the others wait a few seconds at most, and it does no harm when it wakes', async (t) => {
  const load = new Load(servers, { name: '冻', patience: 3000 }).start();
  let longest = 0;
  for (let round = 0; round < (LONG ? 12 : 1); round++) {
    await load.until(100);
    const i = round % 3, at = Date.now();
    servers[i].server.kill('SIGSTOP');
    await rest(6500);
    await load.until(50);
    longest = Math.max(longest, load.silence(at).longest);
    servers[i].server.kill('SIGCONT');
    await load.until(50);
  }
  await load.stop();
  t.diagnostic(`the longest silence was ${longest} ms; ${load.figures()}`);
  judge(office, load, { exactly: false });
  assert.ok(longest < 8000, `the office stood still for ${longest} ms`);
});

test('three offices, each written through all three servers: each has its own numbers without a gap', async () => {
  const first = office.ok(['office', 'list']).trim().split(/\s/)[0];
  const at = (code) => ({ run: (words) => office.run(['--office', code, ...words]), ok: (words, o) => office.ok(['--office', code, ...words], o) });
  const more = ['b', 'c'].map((code) => {
    office.ok(['office', 'add', code, '--name', `${code}局`]);
    const there = at(code);
    there.ok(['import', 'units', '-'], { input: 'name,short_name,category,aliases\n市商务局,商务局,部门,\n' });
    there.ok(['user', 'add', 'wang', '--name', '王科长', '--role', 'chief', '--password', 'wenhuishi-1']);
    const { token } = JSON.parse(there.ok(['--json', 'token', 'add', 'wang', 'test']));
    return { there, load: new Load(servers.map((s) => Object.assign(Object.create(s), { token })), { clients: 12, name: code }) };
  });
  const own = new Load(servers, { clients: 12, name: '三' }), all = [own, ...more.map((m) => m.load)];
  for (const load of all) load.start();
  await Promise.all(all.map((load) => load.until(LONG ? 2000 : 150)));
  await Promise.all(all.map((load) => load.stop()));
  judge(at(first), own, { exactly: false });
  for (const { there, load } of more) judge(there, load);
});
