// whs move: an office into another database and back, whole or not at all. Offices begin in a SQLite file; where they go and what is served is of the
// engine that the run is on, so a run on PostgreSQL crosses the engines both ways.
'use strict';
const test = require('node:test');
const assert = require('node:assert');
const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { spawn, spawnSync } = require('node:child_process');
const { Office, POSTGRES, WHS, onlyOn } = require('./rig.js');
const { Cluster } = require('./postgres.js');

const made = [];
function office(options) { made.push(new Office(options)); return made.at(-1); }
const file = () => office({ pg: '' });
test.after(async () => { for (const o of made) await o.end(); });

const words = (from, to, ...more) => ['move', '--from', from.db, '--to', to.db, '--from-key', from.key, '--to-key', to.key, ...more];
function move(from, to, ...more) { return from.run(words(from, to, ...more)); }
function moved(from, to, ...more) {
  const r = move(from, to, '--json', ...more);
  assert.strictEqual(r.code, 0, r.err);
  return JSON.parse(r.out);
}
// One Chinese sentence with these words on standard error, nothing on standard output.
function refused(code, said, r) {
  assert.strictEqual(r.code, code, `${r.code} ${r.out}${r.err}`);
  assert.match(r.err, /^whs: [^\n]*[\u4e00-\u9fff][^\n]*\n$/);
  assert.ok(r.err.includes(said), r.err);
  assert.strictEqual(r.out, '');
}
const digest = (o) => crypto.createHash('sha256').update(fs.readFileSync(path.join(o.dir, 'whs.db'))).digest('hex');
const entries = (o, ...which) => o.ok([...which, 'export', 'entries', '-']);
// { office code: journal head } of a database, '' being what all share; null when there is no ledger.
function heads(o) {
  const r = o.run(['--json', 'verify']);
  return r.code === 0 ? Object.fromEntries(JSON.parse(r.out).map((x) => [x.office, `${x.seq} ${x.hash} ${x.closings}`])) : null;
}
const codes = (o) => Object.keys(heads(o) || {}).filter(Boolean);
// What a failed first move may leave: no file, or on PostgreSQL a ledger without an office.
function untouched(o) {
  assert.deepStrictEqual(codes(o), []);
  if (!POSTGRES) assert.deepStrictEqual(fs.readdirSync(o.dir).filter((f) => !f.endsWith('.lock') && !f.endsWith('.key')), []);
}
function second() { const o = file(); o.ok(['init', '--code', 'second', '--name', '某县人民政府办公室']); return o; }

const demo = file();
demo.ok(['demo']);

test('the demonstration year goes there and comes back', async (t) => {
  const there = office(), home = file(), was = heads(demo), rows = entries(demo), bytes = digest(demo);

  await t.test('a dry run says what would go, and makes nothing', () => {
    const before = fs.readdirSync(there.dir), dry = moved(demo, there, '--dry-run');
    assert.strictEqual(dry.dry_run, true);
    assert.ok(dry.rows > 20000 && dry.bytes > 1e6 && dry.tables.entry > 1200 && dry.closings === 12);
    assert.deepStrictEqual(fs.readdirSync(there.dir), before);
    assert.strictEqual(heads(there), null);
    const real = moved(demo, there);
    assert.deepStrictEqual({ ...real, dry_run: true }, dry);
  });

  await t.test('every row, the chain and the closings arrive, and the source is left as it was', () => {
    assert.strictEqual(heads(there).demo, was.demo);
    assert.strictEqual(entries(there), rows);
    assert.strictEqual(there.ok(['summary', '--year', '2022']), demo.ok(['summary', '--year', '2022']));
    assert.deepStrictEqual(heads(demo), was);
    assert.strictEqual(digest(demo), bytes);
  });

  await t.test('it goes on there', () => {
    there.ok(['user', 'add', 'new', '--name', '新来的', '--role', 'officer', '--password', 'wenhuishi-1']);
    assert.notStrictEqual(heads(there).demo, was.demo);
  });

  await t.test('and back in a file it is what it was there', () => {
    const r = move(there, home);
    assert.strictEqual(r.code, 0, r.err);
    assert.ok(!r.out.includes('?'), 'the address is shown with what may hold a password');
    for (const said of ['某市人民政府办公室', '核对一致', heads(there).demo.split(' ')[1], '未作改动']) assert.ok(r.out.includes(said), r.out);
    assert.strictEqual(heads(home).demo, heads(there).demo);
    assert.strictEqual(entries(home), entries(there));
  });

  await t.test('a database that has the office takes it no second time', () => {
    const now = heads(there);
    refused(5, '已有代码为“demo”的机关', move(demo, there));
    refused(5, '已有代码为“demo”的机关', move(demo, there, '--dry-run'));
    assert.deepStrictEqual(heads(there), now);
  });

  await t.test('a second office moves in beside it, under another number', async () => {
    const other = second(), now = heads(there);
    other.ok(['user', 'add', 'zhang', '--name', '张科长', '--role', 'chief', '--password', 'wenhuishi-1']);
    const old = other.json(['token', 'add', 'zhang', 'old']).token;
    const r = move(other, there);
    assert.strictEqual(r.code, 0, r.err);
    assert.match(r.out, /编号2/);
    assert.strictEqual(heads(there).demo, now.demo);
    assert.strictEqual(heads(there).second, heads(other).second);
    assert.strictEqual(entries(there, '--office', 'second'), entries(other));
    there.token = old;                             // a token names the office's code
    await there.serve();
    assert.strictEqual((await there.api('GET', '/entries')).status, 200);
    await there.stop();
    refused(3, '没有代码为“third”的机关', move(there, file(), '--office', 'third'));
    refused(3, '--office', move(there, file()));
    const back = moved(there, file(), '--office', 'second');
    assert.deepStrictEqual([back.from_id, back.to_id], [2, 1]);
  });

  await t.test('one backup holds both, is itself a database, and makes the same again', () => {
    const saved = file(), again = office(), now = heads(there), bak = path.join(saved.dir, 'whs.db');
    there.ok(['backup', bak]);
    for (const o of [saved, again]) fs.copyFileSync(there.key, o.key);
    assert.deepStrictEqual(heads(saved), now);
    assert.strictEqual(entries(saved, '--office', 'demo'), entries(there, '--office', 'demo'));
    again.ok(['restore', bak]);
    assert.deepStrictEqual(heads(again), now);
    again.ok(['--office', 'second', 'user', 'add', 'li', '--name', '李科员', '--role', 'officer', '--password', 'wenhuishi-1']);
    assert.ok(again.json(['backup', path.join(again.dir, 'again.bak')]).file);
  });
});

test('what cannot be moved', () => {
  const there = office();
  const other = (from, to) => demo.run(['move', '--from', from, '--to', to]);
  assert.strictEqual(demo.run(['move', '--from', demo.db]).code, 2);
  assert.strictEqual(demo.run(['move', '--from', demo.db, '--to', there.db, 'extra']).code, 2);
  refused(3, '同一个库', other(demo.db, demo.db));
  refused(3, '数据库地址', other('mysql:x', there.db));
  refused(3, '数据库地址', other(demo.db, 'whs.db'));
  refused(3, 'none.db', other('sqlite:none.db', there.db));
  refused(3, '文件夹', other(demo.db, `sqlite:${path.join(demo.dir, 'no', 'where.db')}`));
  refused(3, '文件夹', demo.run(['move', '--dry-run', '--from', demo.db, '--to', `sqlite:${path.join(demo.dir, 'no', 'where.db')}`]));
  fs.writeFileSync(path.join(demo.dir, 'text.db'), 'no database');
  refused(8, 'text.db', demo.run(['move', '--from', demo.db, '--to', `sqlite:${path.join(demo.dir, 'text.db')}`, '--to-key', demo.key]));
  refused(3, '没有代码为“nobody”', move(demo, there, '--office', 'nobody'));
  const wrong = path.join(demo.dir, 'wrong.key');
  fs.writeFileSync(wrong, `${'5a'.repeat(32)}\n`);
  refused(8, '主密钥', demo.run(['move', '--from', demo.db, '--from-key', wrong, '--to', there.db, '--to-key', there.key]));
  if (!POSTGRES) untouched(there);
  assert.deepStrictEqual(codes(there), []);
});

test('a target whose calendar is another', () => {
  const there = office(), from = file();
  from.ok(['init']);
  const notice = path.join(from.dir, 'notice.txt');
  fs.writeFileSync(notice, fs.readFileSync(path.join(__dirname, 'notice-2027.txt')));
  from.ok(['calendar', 'import', notice]);
  moved(demo, there);                              // an office that knows no such notice
  const now = heads(there);
  refused(5, '放假', move(from, there));
  refused(5, '放假', move(from, there, '--dry-run'));
  assert.deepStrictEqual(heads(there), now);
  there.ok(['calendar', 'import', notice]);
  moved(from, there);
  assert.deepStrictEqual(codes(there).sort(), ['demo', 'main']);
});

test('a source that is served', async () => {
  const from = office().begin(), to = file();
  await from.serve();
  refused(6, '--running', move(from, to));
  assert.deepStrictEqual(codes(to), []);
  const r = move(from, to, '--running');
  assert.strictEqual(r.code, 0, r.err);
  assert.match(r.out, /之后写入来源库的内容不在目标库中/);
  assert.strictEqual(await from.stop(), 0);
  assert.strictEqual(heads(from).main, heads(to).main);
});

test('a target that is served', onlyOn('sqlite', 'PostgreSQL takes offices while it is served'), async () => {
  const to = office().begin(), now = heads(to);
  await to.serve();
  refused(6, '正由另一个进程写入', move(demo, to));
  assert.strictEqual(await to.stop(), 0);
  assert.deepStrictEqual(heads(to), now);
});

test('a province that is served takes another office at once', onlyOn('postgres', 'a file has one writer'), async () => {
  const to = office().begin(), from = second();
  from.ok(['user', 'add', 'zhang', '--name', '张科长', '--role', 'chief', '--password', 'wenhuishi-1']);
  await to.serve();
  assert.strictEqual(moved(from, to).to_id, 2);
  const mine = to.token;
  to.token = to.json(['--office', 'second', 'token', 'add', 'zhang', 'api']).token;
  assert.strictEqual((await to.api('GET', '/entries')).status, 200);
  to.token = mine;
  assert.strictEqual((await to.api('GET', '/entries')).status, 200);
  assert.strictEqual(await to.stop(), 0);
});

test('killed at any moment it leaves nothing, or everything', async () => {
  const there = office();
  for (let i = 0; i < 10; i++) {
    const child = spawn(WHS, words(demo, there), { cwd: demo.dir, stdio: 'ignore' });
    const ended = new Promise((resolve) => child.on('exit', (code, signal) => resolve(signal || code)));
    await new Promise((resolve) => setTimeout(resolve, 15 + i * (POSTGRES ? 90 : 25)));
    child.kill('SIGKILL');
    if ((await ended) === 0) break;
    const there_now = codes(there);
    if (there_now.length) {                        // killed after its commit
      assert.deepStrictEqual(there_now, ['demo']);
      break;
    }
  }
  if (!codes(there).length) moved(demo, there);
  assert.strictEqual(heads(there).demo, heads(demo).demo);
  assert.strictEqual(entries(there), entries(demo));
  if (!POSTGRES) assert.deepStrictEqual(fs.readdirSync(there.dir).filter((f) => /moving|making/.test(f)), []);
});

test('a database server without room', onlyOn('postgres', 'a file has no server'), async (t) => {
  const cluster = new Cluster({ room: '60m' });
  try {
    await cluster.start();
  } catch (e) {
    await cluster.end();
    if (e.noRoom) return t.skip(e.message);
    throw e;
  }
  const to = new Office({ pg: cluster.url() }), ballast = path.join(cluster.data, 'ballast');
  try {
    const room = fs.statfsSync(cluster.data);
    fs.writeFileSync(ballast, Buffer.alloc(room.bavail * room.bsize - (5 << 20)));
    refused(7, '磁盘空间不足', move(demo, to));
    fs.rmSync(ballast);
    assert.deepStrictEqual(codes(to), []);
    moved(demo, to);
    assert.strictEqual(heads(to).demo, heads(demo).demo);
  } finally {
    await to.end();
    await cluster.end();
  }
});

test('a full disk', onlyOn('sqlite', 'files are what fills here'), () => {
  const there = file(), beside = second(), now = heads(beside);
  for (const kilobytes of [200, 1500, 3000]) {
    for (const to of [there, beside]) {
      const r = spawnSync('prlimit', [`--fsize=${kilobytes * 1024}`, WHS, ...words(demo, to)], { cwd: demo.dir, encoding: 'utf8', env: { ...process.env, WHS_LANG: 'zh' } });
      refused(7, '', { code: r.status, out: r.stdout, err: r.stderr });
    }
    untouched(there);
    assert.ok(!fs.existsSync(there.key));
    assert.deepStrictEqual(heads(beside), now);
  }
  moved(demo, there);
  moved(demo, beside);
});
