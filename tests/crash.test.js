// The promise that counts: what was acknowledged is there, whatever happened to the server: killed, stopped, or without room on the disk.
'use strict';
const test = require('node:test');
const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const { spawnSync } = require('node:child_process');
const { Cluster } = require('./postgres.js');
const { Office, POSTGRES, onlyOn } = require('./rig.js');

const ROUNDS = Number(process.env.WHS_LONG ? 60 : 10), CLIENTS = 16;
const DEADLINE = new Date(Date.now() + 30 * 864e5).toISOString();
const draft = (title) => ({ kind: 'affair', title, source: '来电', requirement: '办理', deadline: DEADLINE, lead_unit: '市商务局' });

// Clients register until the server is gone or `until` says so; acknowledged: number -> title. A client repeats an unanswered call under its key.
function clients(office, acknowledged, { until = () => false, odd = () => {}, round = 0 } = {}) {
  return Promise.all(Array.from({ length: CLIENTS }, async (_, c) => {
    for (let i = 0; !until(); i++) {
      const title = `第${round}轮第${c}号第${i}件`;
      let r;
      try { r = await office.api('POST', '/entries', draft(title)); } catch { return; }
      if (r.status === 201) {
        assert.ok(!acknowledged.has(r.json.number), `${r.json.number} was given twice`);
        acknowledged.set(r.json.number, title);
      } else if (odd(r) === 'end') return;
    }
  }));
}

// All numbers there are, gapless from 1; every acknowledged one with its own title; the journal proves itself.
function judge(office, acknowledged) {
  const v = office.run(['verify']);
  assert.strictEqual(v.code, 0, v.out + v.err);
  const rows = office.ok(['export', 'entries', '-']).split('\n').slice(1).filter(Boolean).map((l) => l.split(','));
  const there = new Map(rows.map((r) => [r[0], r[4]]));
  assert.strictEqual(there.size, rows.length, 'a number twice');
  for (const [number, title] of acknowledged) assert.strictEqual(there.get(number), title, `${number} was acknowledged and is lost`);
  const counts = [...there.keys()].map((n) => Number(n.split('-')[1])).sort((a, b) => a - b);
  assert.deepStrictEqual(counts, counts.map((_, i) => i + 1), 'numbers have gaps');
  return there.size;
}

test(`killed at a random moment, ${ROUNDS} times, while ${CLIENTS} clients register`, async () => {
  const office = new Office().begin(), acknowledged = new Map();
  try {
    for (let round = 0; round < ROUNDS; round++) {
      await office.serve();
      const work = clients(office, acknowledged, { round });
      await new Promise((r) => setTimeout(r, 20 + Math.random() * 250));
      assert.strictEqual(await office.stop('SIGKILL'), 'SIGKILL');
      await work;
      judge(office, acknowledged);
    }
    assert.ok(acknowledged.size > ROUNDS * 5, `only ${acknowledged.size} were registered`);
  } finally { await office.end(); }
});

test('a call without an answer, repeated under its key after the restart, is done exactly once', async () => {
  const office = new Office().begin(), keyed = new Map();
  try {
    for (let round = 0; round < 4; round++) {
      await office.serve();
      let open = [];
      const work = Promise.all(Array.from({ length: CLIENTS }, async (_, c) => {
        for (let i = 0; ; i++) {
          const key = `${round}-${c}-${i}`;
          let r;
          try { r = await office.api('POST', '/entries', draft(key), { 'idempotency-key': key }); } catch { open.push(key); return; }
          assert.strictEqual(r.status, 201, r.body);
          keyed.set(key, r.json.number);
        }
      }));
      await new Promise((r) => setTimeout(r, 30 + Math.random() * 150));
      await office.stop('SIGKILL');
      await work;
      await office.serve();
      for (const key of open) {
        const r = await office.api('POST', '/entries', draft(key), { 'idempotency-key': key });
        assert.strictEqual(r.status, 201, r.body);
        keyed.set(key, r.json.number);
      }
      assert.strictEqual(await office.stop(), 0);
      assert.strictEqual(judge(office, new Map([...keyed].map(([k, n]) => [n, k]))), keyed.size, 'a call was done twice');
    }
  } finally { await office.end(); }
});

test('SIGTERM finishes what is under way and ends with 0; nothing answered is lost, nothing is cut', async () => {
  const office = new Office().begin(), acknowledged = new Map();
  try {
    for (let round = 0; round < 5; round++) {
      await office.serve();
      const work = clients(office, acknowledged, { round, odd: (r) => { throw new Error(`${r.status} ${r.body}`); } });
      await new Promise((r) => setTimeout(r, 30 + Math.random() * 150));
      const start = Date.now();
      assert.strictEqual(await office.stop(), 0, office.said);
      assert.ok(Date.now() - start < 12000, 'it took long to stop');
      await work;
      assert.strictEqual(judge(office, acknowledged), acknowledged.size, 'something was written whose answer never came');
      assert.ok(!fs.existsSync(path.join(office.dir, 'whs.db.sock')));
    }
  } finally { await office.end(); }
});

test('SIGINT is a stop as well', async () => {
  const office = new Office().begin();
  try {
    await office.serve();
    assert.strictEqual(await office.stop('SIGINT'), 0);
  } finally { await office.end(); }
});

// --- the database server goes and comes back ------------------------------------------------------------------------------------------------

// 16 clients, each entry under its own key, asked again until it is answered 201; over() ends them.
function stubborn(office, keyed, round, over) {
  return Promise.all(Array.from({ length: CLIENTS }, async (_, c) => {
    for (let i = 0; !over(); i++) {
      const key = `${round}-${c}-${i}`, until = Date.now() + 30000;
      let r = { status: 0 };
      while (r.status !== 201) {
        assert.ok(Date.now() < until, `${key} had no answer for 30 s: ${r.status} ${r.body}`);
        if (r.status) { assert.ok([500, 503].includes(r.status), `${r.status} ${r.body}`); await new Promise((done) => setTimeout(done, 50)); }
        r = await office.api('POST', '/entries', draft(key), { 'idempotency-key': key });
      }
      keyed.set(key, r.json.number);
    }
  }));
}

test('the database server is stopped, crashes and comes back under load: the same whs goes on, nothing acknowledged is lost, nothing is done twice',
  onlyOn('postgres', 'SQLite has no server'), async () => {
    const cluster = await new Cluster({ settings: { full_page_writes: 'on' } }).start(), office = new Office({ pg: cluster.url() }).begin(), keyed = new Map();
    try {
      await office.serve();
      for (const [round, how] of ['fast', 'immediate', 'kill', 'fast', 'kill'].entries()) {
        let over = false;
        const work = stubborn(office, keyed, round, () => over);
        await new Promise((r) => setTimeout(r, 100 + Math.random() * 300));
        await (how === 'kill' ? cluster.kill() : cluster.stop(how));
        await new Promise((r) => setTimeout(r, 500));
        await cluster.start();
        const before = keyed.size;
        await new Promise((r) => setTimeout(r, 1500));
        over = true;
        await work;
        assert.ok(keyed.size > before, `nothing was registered after ${how}`);
        assert.strictEqual(judge(office, new Map([...keyed].map(([k, n]) => [n, k]))), keyed.size, `after ${how} a call was done twice`);
      }
      assert.strictEqual(await office.stop(), 0, office.said);
    } finally {
      await office.stop();
      await cluster.end();
      office.pg = '';
      await office.end();
    }
  });

// --- no room ----------------------------------------------------------------------------------------------------------------------------------

async function fill(office, acknowledged, round) {
  const refusals = [];
  let stop = false;
  const timer = setTimeout(() => { stop = true; }, 20000);
  await clients(office, acknowledged, { round, until: () => stop, odd: (r) => {
    refusals.push(r.status);
    assert.ok(r.status >= 500 || r.status === 413, `${r.status} ${r.body}`);
    assert.match(r.json.detail, /[\u4e00-\u9fff]/);
    if (refusals.length > 3 * CLIENTS) stop = true;
  } });
  clearTimeout(timer);
  assert.ok(refusals.length > 0, 'the disk never filled');
  return refusals;
}

// An office whose data lie on a small disk: { office, disk, end() }, or null where nothing may be mounted.
async function onSmallDisk() {
  if (!POSTGRES) {
    const office = new Office();
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', office.dir]).status === 0)
      return { office, disk: office.dir, end: async () => { await office.stop(); spawnSync('umount', [office.dir]); await office.end(); } };
    await office.end();
    return null;
  }
  const cluster = new Cluster({ room: '60m' });
  try { await cluster.start(); } catch (e) { if (!e.noRoom) throw e; await cluster.end(); return null; }
  const office = new Office({ pg: cluster.url() });
  return { office, disk: cluster.data, end: async () => { await office.stop(); await cluster.end(); office.pg = ''; await office.end(); } };
}

test('a full disk: clean refusals, reading goes on, nothing acknowledged is lost, and it goes on when there is room', async (t) => {
  const small = await onSmallDisk();
  if (!small) return t.skip('no tmpfs can be mounted here');
  const { office, disk } = small, acknowledged = new Map(), ballast = path.join(disk, 'ballast');
  try {
    office.begin();
    const free = () => { const s = fs.statfsSync(disk); return s.bavail * s.bsize; };
    fs.writeFileSync(ballast, Buffer.alloc(Math.max(0, free() - 300 * 1024)));
    await office.serve();
    await fill(office, acknowledged, 0);
    assert.ok((await office.api('GET', '/entries?limit=5')).status === 200, 'reading ended with the room');
    fs.rmSync(ballast);
    let again;
    for (let i = 0; i < 20 && (!again || again.status !== 201); i++) again = await office.api('POST', '/entries', draft('有了地方'));
    assert.strictEqual(again.status, 201, again.body);
    acknowledged.set(again.json.number, '有了地方');
    assert.strictEqual(await office.stop(), 0, office.said);
    judge(office, acknowledged);
    fs.writeFileSync(ballast, Buffer.alloc(Math.max(0, free() - 100 * 1024)));
    await office.serve();
    await fill(office, acknowledged, 1);
    assert.strictEqual(await office.stop('SIGKILL'), 'SIGKILL');
    fs.rmSync(ballast);
    judge(office, acknowledged);
  } finally { await small.end(); }
});

test('a file that may grow no further (RLIMIT_FSIZE): refusals, not death', onlyOn('sqlite', "PostgreSQL's files are not ours to limit"), async () => {
  const office = new Office().begin(), acknowledged = new Map();
  try {
    const size = Math.ceil((fs.statSync(path.join(office.dir, 'whs.db')).size + 400 * 1024) / 1024);
    await office.serve();
    spawnSync('prlimit', ['--pid', String(office.server.pid), `--fsize=${size * 1024}:unlimited`]);
    await fill(office, acknowledged, 0);
    assert.strictEqual(office.server.exitCode, null, 'the server died of it');
    assert.strictEqual(office.server.signalCode, null, 'the server died of it');
    spawnSync('prlimit', ['--pid', String(office.server.pid), '--fsize=unlimited:unlimited']);
    let again;
    for (let i = 0; i < 20 && (!again || again.status !== 201); i++) again = await office.api('POST', '/entries', draft('又能长了'));
    assert.strictEqual(again.status, 201, again.body);
    acknowledged.set(again.json.number, '又能长了');
    assert.strictEqual(await office.stop(), 0, office.said);
    judge(office, acknowledged);
  } finally { await office.end(); }
});
