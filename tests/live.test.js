// Live updates over real streams: who hears of what, how often, and when a stream ends.
'use strict';
const test = require('node:test');
const assert = require('node:assert');
const { Office, onlyOn } = require('./rig.js');
const { listen, heard } = require('./live.js');

let office, chief, officer, admin;
const entry = (title) => ({ kind: 'document', title, source: '来文', requirement: '提出办理意见', lead_unit: '市科技局', deadline: new Date(Date.now() + 9 * 86400e3).toISOString() });
const register = async (title) => {
  const r = await office.api('POST', '/entries', entry(title));
  assert.strictEqual(r.status, 201, r.body);
  return r.json;
};
const enter = async (user) => { await office.login(user); return office.cookie; };
const ask = (cookie, path, headers = {}) => office.request('GET', path, { headers: { cookie, 'x-live': '1', ...headers } });

test.before(async () => {
  office = new Office().begin();
  await office.serve();
  chief = await enter('zhang');
  officer = await enter('li');
  admin = await enter('guanli');
});
test.after(() => office && office.end());

test('a stream begins with the head, and hears of the next write within a second', async () => {
  const live = listen(office.port, officer);
  const first = await live.next();
  assert.strictEqual(live.status, 200);
  assert.strictEqual(live.type, 'text/event-stream');
  assert.deepStrictEqual([first.event, first.data], ['changed', (await office.head()).split(' ')[0]]);
  live.close();
  assert.ok(await heard(office.port, officer, () => register('听到的一件'), 1000) > Number(first.data));
});

test('a page is drawn at a head, asks for its main part alone, and once it has it gets nothing', async () => {
  const page = await office.request('GET', '/entries', { headers: { cookie: officer } });
  const seq = Number(/<body data-seq="?(\d+)/.exec(page.body)[1]);
  assert.strictEqual(seq, Number((await office.head()).split(' ')[0]));
  const part = await ask(officer, '/entries');
  assert.strictEqual(part.status, 200);
  assert.strictEqual(Number(part.headers['x-seq']), seq);
  assert.ok(part.body.includes('听到的一件') && !/<body|<script|<nav class="rail"/.test(part.body));
  assert.ok(page.body.includes(part.body.trim()), 'the same as in the page');
  const again = await ask(officer, '/entries', { 'if-none-match': part.headers.etag });
  assert.deepStrictEqual([again.status, again.body], [304, '']);
  office.ok(['token', 'add', 'li', 'other']);     // a change that no page shows
  const still = await ask(officer, '/entries', { 'if-none-match': part.headers.etag });
  assert.strictEqual(still.status, 304);
  assert.ok(Number(still.headers['x-seq']) > seq);
  await register('又一件');
  assert.strictEqual((await ask(officer, '/entries', { 'if-none-match': part.headers.etag })).status, 200);
});

test('who may not see a page gets nothing by asking live', async () => {
  assert.strictEqual((await ask(admin, '/entries')).status, 403);
  assert.strictEqual((await ask('', '/entries')).status, 401);
  assert.strictEqual((await ask('', '/live')).status, 401);
  const none = listen(office.port, '');
  await none.wait(() => none.ended);
  assert.strictEqual(none.status, 401);
  assert.doesNotMatch(none.type, /event-stream/);
  const token = await office.request('GET', '/live', { headers: { authorization: `Bearer ${office.token}`, accept: 'text/event-stream' } });
  assert.strictEqual(token.status, 401, 'a stream is for pages');
});

test('a burst of writes is a few events, and the last tells of all', async () => {
  const live = listen(office.port, officer), other = listen(office.port, chief);
  await live.next();
  await other.next();
  const before = live.events.length, from = Date.now();
  await Promise.all(Array.from({ length: 16 }, async (_, k) => { for (let i = 0; i < 100; i++) await register(`一批${k}-${i}`); }));
  const seq = Number((await office.head()).split(' ')[0]), took = Date.now() - from;
  await live.wait(() => live.head() === seq, 2000);
  await other.wait(() => other.head() === seq, 2000);
  const events = live.events.length - before;
  assert.ok(events <= took / 300 + 3, `${events} events in ${took} ms`);
  live.close();
  other.close();
});

test('a fifth stream of a browser ends the oldest, and those that have left do not count', async () => {
  const cookie = await enter('li'), keep = listen(office.port, cookie);
  await keep.next();
  for (let i = 0; i < 9; i++) {
    const gone = listen(office.port, cookie);
    await gone.next();
    gone.close();
    await gone.wait(() => gone.ended);
  }
  const four = [keep];
  for (let i = 0; i < 4; i++) {
    four.push(listen(office.port, cookie));
    await four.at(-1).next();
  }
  assert.strictEqual((await keep.next((e) => e.event === 'end')).data, 'full');
  await keep.wait(() => keep.ended);
  assert.deepStrictEqual(four.slice(1).map((l) => l.ended), [false, false, false, false]);
  four.forEach((l) => l.close());
});

test('two servers on one database: each hears of what is written at the other', onlyOn('postgres', 'SQLite has one server'), async () => {
  const twin = Object.assign(Object.create(Office.prototype), office, { server: null });
  await twin.serve();
  try {
    await heard(twin.port, officer, () => register('在第一台登记'));
    const own = office.port;
    await heard(own, officer, async () => {
      office.port = twin.port;                   // register() writes at the other
      await register('在第二台登记');
      office.port = own;
    });
  } finally { await twin.stop(); }
});

test('the server stops: streams end, and it does not wait for them', async () => {
  const live = listen(office.port, officer), from = Date.now();
  await live.next();
  assert.strictEqual(await office.stop(), 0);
  await live.wait(() => live.ended, 1000);
  assert.ok(Date.now() - from < 3000);
  await office.serve();
  assert.ok(await heard(office.port, officer, () => register('重启之后'), 2000) > 0);
});
