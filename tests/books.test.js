// Overviews and basic data over HTTP: pages, API and command line, for every role; and in a browser: what a phone and a reader of figures need.
// once
'use strict';
const test = require('node:test');
const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const { Office } = require('./rig.js');
const { launch, login } = require('./browse.js');

let office, base, cookie = {}, liaison;
const unit = encodeURIComponent('市商务局'), other = encodeURIComponent('市科技局');
const as = (who) => ({ headers: { cookie: cookie[who] } });

test.before(async () => {
  office = new Office().begin();
  liaison = office.json(['token', 'add', 'shangwu', 'test']).token;
  await office.serve();
  base = `http://127.0.0.1:${office.port}`;
  for (const who of ['shangwu', 'guanli', 'zhang']) { office.cookie = ''; await office.login(who); cookie[who] = office.cookie; }
});
test.after(async () => { if (office) await office.end(); });

const api = (method, where, value, token) => office.api(method, where, value, token ? { authorization: `Bearer ${token}` } : {});

test('an overview is saved, guarded, looked at by day, compared and restored', async () => {
  const at = `/books/overviews/${unit}`;
  let r = await api('POST', at, { text: '一、基本情况\n在岗39人。', why: '年初核对' });
  assert.strictEqual(r.status, 201, r.body);
  assert.strictEqual(r.json.version, 1);
  r = await api('POST', at, { text: '一、基本情况\n在岗38人。', version: 1 });
  assert.strictEqual(r.json.version, 2);
  r = await api('POST', at, { text: '另一个人的', version: 1 });
  assert.strictEqual(r.status, 409);
  assert.match(r.json.title + (r.json.detail || ''), /第2版/);
  r = await api('POST', at, { restore: 1, version: 2 });
  assert.deepStrictEqual([r.json.version, r.json.restored, r.json.text], [3, 1, '一、基本情况\n在岗39人。']);
  assert.strictEqual((await api('GET', `${at}/versions`)).json.length, 3);
  assert.strictEqual((await api('GET', `${at}?on=2020-01-01`)).json.version, 0);
  assert.strictEqual((await api('GET', `${at}?version=9`)).status, 404);
  assert.strictEqual((await api('POST', at, { text: '绝密★长期', version: 3 })).status, 422);
  assert.strictEqual((await api('POST', at, { txt: 'x' })).status, 422, 'a misspelt field is named');
  const seen = await office.request('GET', `/books/overviews/${unit}/compare?from=1&to=2`, as('zhang'));
  assert.match(seen.body, /<del>在岗39人。<\/del><ins>在岗38人。<\/ins>/);
});

test('a form that was overtaken keeps both texts', async () => {
  office.cookie = cookie.zhang;
  const r = await office.post(`/books/overviews/${unit}`, { text: '我写的<b>文字</b>', why: '', version: '1' }, { from: `/books/overviews/${unit}/edit` });
  assert.strictEqual(r.status, 409);
  assert.match(r.body, /我写的&lt;b&gt;文字&lt;\/b&gt;<\/textarea>/);
  assert.match(r.body, /<del>[^]*在岗39人。/);
  assert.match(r.body, /name="version" value="3"/, 'the next save is made from the newest');
});

test('figures are exact, corrected with their history, and shown beside others', async () => {
  let r = await api('POST', '/indicators', { name: '社会消费品零售总额', measure: '亿元', every: 'month', source: '市商务局', decimals: 2, cumulative: true });
  assert.strictEqual(r.status, 201, r.body);
  const at = `/indicators/${r.json.id}/values`;
  r = await api('POST', at, { values: [{ period: '2021-01', value: '89.12' }, { period: '2021-02', value: '169.46' }, { period: '2022-01', value: '93.65' }, { period: '2022-02', value: '175.75', note: '快报数' }] });
  assert.strictEqual(r.status, 200, r.body);
  assert.deepStrictEqual(r.json.map((v) => v.value), ['89.12', '169.46', '93.65', '175.75']);
  r = await api('POST', at, { values: [{ period: '2022-02', value: '175.80' }], why: '年报修订' });
  assert.strictEqual(r.status, 200);
  r = await api('GET', `${at}/2022-02`);
  assert.deepStrictEqual(r.json.map((c) => [c.old, c.new, c.why]), [[null, '175.75', ''], ['175.75', '175.80', '年报修订']]);
  const before = await office.head();
  for (const bad of [{ period: '2022-13', value: '1' }, { period: '2022-03', value: '1.234' }, { period: '2022-03', value: '一百' }, { period: '2022-03', worth: '1' }])
    assert.strictEqual((await api('POST', at, { values: [{ period: '2022-04', value: '1' }, bad] })).status, 422);
  assert.strictEqual((await api('POST', at, { values: [] })).status, 422);
  assert.strictEqual(await office.head(), before, 'nothing half taken');
  const page = await office.request('GET', `/books/indicators/${encodeURIComponent('社会消费品零售总额')}`, as('zhang'));
  assert.match(page.body, /<svg[^>]*role="img"[^>]*>[^]*<title[^>]*>社会消费品零售总额/);
  assert.match(page.body, /\+3\.7%/, '175.80 on 169.46 is 3.74 percent');
  assert.match(page.body, /82\.15/, 'the month alone');
});

test('the grid takes many cells at once, and a pasted table fills it without storing', async () => {
  office.cookie = cookie.zhang;
  const id = (await api('GET', '/indicators')).json[0].id, from = '/books/data?year=2022&edit=1';
  const grid = await office.request('GET', from, as('zhang'));
  const seen = /name="seen" value="([^"]*)"/.exec(grid.body)[1];
  let r = await office.post('/books/data', { year: '2022', unit: '0', seen, why: '', [`v_${id}_202202`]: '175.80', [`v_${id}_202203`]: 'x', [`v_${id}_202204`]: '334.08' }, { from });
  assert.strictEqual(r.status, 422);
  assert.match(r.body, /2022年3月[^]*不是数/);
  assert.match(r.body, /value="334\.08"/, 'what was typed stays');
  r = await office.post('/books/data', { year: '2022', unit: '0', seen, why: '', [`v_${id}_202201`]: '93.65', [`v_${id}_202202`]: '175.80', [`v_${id}_202203`]: '255.86', [`v_${id}_202204`]: '' }, { from });
  assert.strictEqual(r.status, 303);
  assert.match(r.headers.location, /saved=1$/);
  r = await office.post('/books/data', { year: '2022', unit: '0', seen, why: '', [`v_${id}_202203`]: '256.00' }, { from });
  assert.strictEqual(r.status, 409, 'the cell was filled since that form was drawn');
  const before = await office.head();
  r = await office.post('/books/data/paste', { year: '2022', unit: '0', paste: '指标\t2022-05\t2022-06\n社会消费品零售总额\t421.42\t512.3' }, { from });
  assert.strictEqual(r.status, 200);
  assert.match(r.body, /value="512\.30"/);
  r = await office.post('/books/data/paste', { year: '2022', unit: '0', paste: '指标\t2022-05\n没有的指标\t1' }, { from });
  assert.strictEqual(r.status, 422);
  assert.match(r.body, /第2行第1格/);
  assert.strictEqual(await office.head(), before);
});

test('roles: a liaison sees the own unit alone and writes nothing, an administrator sees nothing', async () => {
  await api('POST', `/books/overviews/${other}`, { text: '科技局的概况' });
  assert.deepStrictEqual((await api('GET', '/books/overviews', undefined, liaison)).json.map((o) => o.unit), ['市商务局']);
  assert.strictEqual((await api('GET', `/books/overviews/${other}`, undefined, liaison)).status, 404);
  assert.strictEqual((await api('POST', `/books/overviews/${unit}`, { text: 'x', version: 3 }, liaison)).status, 403);
  assert.strictEqual((await api('POST', '/indicators', { name: 'x', measure: 'y', every: 'month' }, liaison)).status, 403);
  const id = (await api('POST', '/indicators', { name: '专利数', measure: '件', every: 'year', source: '市科技局' })).json.id;
  await api('POST', `/indicators/${id}/values`, { values: [{ period: '2021', value: '7' }] });
  assert.strictEqual((await api('GET', `/indicators/${id}/values`, undefined, liaison)).status, 404);
  assert.strictEqual((await api('GET', `/indicators/${id}/values/2021`, undefined, liaison)).status, 404);
  assert.strictEqual((await office.request('GET', '/books', as('guanli'))).status, 403);
  const page = await office.request('GET', '/books', as('shangwu'));
  assert.strictEqual(page.status, 200);
  assert.doesNotMatch(page.body, /市科技局|专利数|edit=1|indicators\/new/);
  assert.match(page.body, /社会消费品零售总额/);
  assert.strictEqual((await office.request('GET', `/books/overviews/${other}`, as('shangwu'))).status, 404);
});

test('csv out and in again changes nothing; a bad file is refused by line and column', async () => {
  const csv = office.ok(['book', 'export']);
  assert.match(csv, /社会消费品零售总额,,2022-02,175\.80,快报数/);
  assert.match(office.ok(['book', 'import', '-'], { input: csv }), /读入\d+个数，改动0个/);
  const bad = office.run(['book', 'import', '-'], { input: 'indicator,period,value\n社会消费品零售总额,2022-07,1\n社会消费品零售总额,2022-14,1\n' });
  assert.strictEqual(bad.code, 3);
  assert.match(bad.err, /3.*2022-14/);
  assert.strictEqual((await api('GET', `/indicators/${encodeURIComponent('社会消费品零售总额')}/values?from=2022-07`)).json.length, 0);
  assert.match(office.ok(['book', 'overview', '市商务局']), /在岗39人/);
  assert.strictEqual(office.run(['book', 'overview', '没有的局']).code, 3);
  office.ok(['verify']);
});

test('in a browser: no page is wider than a phone, figures are drawn, nothing is reported as wrong', async () => {
  const browser = await launch(), shots = path.join(__dirname, '..', 'build', 'screenshots');
  fs.mkdirSync(shots, { recursive: true });
  try {
    const context = await browser.newContext({ viewport: { width: 390, height: 844 }, colorScheme: 'dark' });
    const page = await context.newPage(), faults = [];
    page.on('pageerror', (e) => faults.push(e.message));
    page.on('console', (m) => { if (m.type() === 'error') faults.push(m.text()); });
    await login(page, base, 'zhang');
    for (const [where, name] of [['/books', 'books'], [`/books/overviews/${unit}`, 'overview'], [`/books/overviews/${unit}/edit`, 'overview-edit'], ['/books/data?year=2022&edit=1', 'books-data'],
      [`/books/indicators/${encodeURIComponent('社会消费品零售总额')}`, 'indicator'], ['/books/indicators/new', 'indicator-new']]) {
      const r = await page.goto(base + where);
      assert.strictEqual(r.status(), 200, where);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${where} is too wide`);
      const bare = await page.evaluate(() => [...document.querySelectorAll('input:not([type=hidden]), select, textarea')].filter((e) => !(e.labels && e.labels.length) && !e.getAttribute('aria-label')).length);
      assert.strictEqual(bare, 0, `${where}: fields without a name`);
      await page.screenshot({ path: path.join(shots, `${name}-phone-dark.png`), fullPage: true });
    }
    assert.deepStrictEqual(faults, []);
  } finally { await browser.close(); }
});
