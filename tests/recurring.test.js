// Recurring matters, parts and default limits over HTTP and the command line; a server that registers by itself; the pages in a browser.
// once
'use strict';
const test = require('node:test');
const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const { Office } = require('./rig.js');
const { launch, login, day } = require('./browse.js');

let office, base, cookie = {}, tokens = {};
const as = (who) => ({ headers: { cookie: cookie[who] } });
const api = (method, where, value, who) => office.api(method, where, value, who ? { authorization: `Bearer ${tokens[who]}` } : {});
const matter = (more) => ({ title: '报送{上期}数据', source: '年度安排', requirement: '{本期}的数据', lead_unit: '市商务局', phrase: '每月5日前', lead_days: 2, ...more });

test.before(async () => {
  office = new Office().begin();
  for (const who of ['li', 'shangwu', 'guanli']) tokens[who] = office.json(['token', 'add', who, 'test']).token;
  await office.serve();
  base = `http://127.0.0.1:${office.port}`;
  for (const who of ['shangwu', 'li', 'zhang']) { office.cookie = ''; await office.login(who); cookie[who] = office.cookie; }
});
test.after(async () => { if (office) await office.end(); });

test('a template is checked, saved, changed under guard and paused', async () => {
  let r = await api('POST', '/recurring', matter());
  assert.strictEqual(r.status, 201, r.body);
  assert.strictEqual(r.json.rule, 'month days=5 move=before');
  assert.strictEqual(r.json.coming.length, 6);
  const id = r.json.id;
  r = await api('POST', `/recurring/${id}`, { phrase: '每月最后一个工作日', version: 1 });
  assert.strictEqual(r.json.rule, 'month nth=-1 of=workday');
  assert.strictEqual(r.json.title, '报送{上期}数据', 'what is not said stays');
  assert.strictEqual((await api('POST', `/recurring/${id}`, { phrase: '每周一', version: 1 })).status, 409);
  const before = await office.head();
  for (const bad of [matter({ phrase: '5月9日前' }), matter({ phrase: '' }), matter({ title: '{moon}' }), matter({ lead_unit: '没有的局' }), matter({ lead_days: 99 }), matter({ move: 'up' }), { ...matter(), phrse: 'x' },
    matter({ first_day: '2023-02-30' }), matter({ title: '绝密★1年' })])
    assert.strictEqual((await api('POST', '/recurring', bad)).status, 422, JSON.stringify(bad));
  assert.strictEqual(await office.head(), before);
  r = await api('POST', `/recurring/${id}/pause`);
  assert.deepStrictEqual([r.json.paused, r.json.coming], [true, []]);
  assert.strictEqual((await api('POST', `/recurring/${id}/resume`)).json.paused, false);
  assert.strictEqual((await api('POST', `/recurring/${id}/stop`)).status, 404);
});

test('only a section comes here', async () => {
  const id = (await api('GET', '/recurring')).json[0].id;
  for (const who of ['shangwu', 'guanli']) {
    assert.strictEqual((await api('GET', '/recurring', undefined, who)).status, 403);
    assert.strictEqual((await api('POST', '/recurring', matter(), who)).status, 403);
    assert.strictEqual((await api('POST', `/recurring/${id}/pause`, undefined, who)).status, 403);
  }
  assert.strictEqual((await office.request('GET', '/recurring', as('shangwu'))).status, 403);
  assert.strictEqual((await api('GET', '/recurring/999999')).status, 404);
  assert.strictEqual((await api('GET', `/recurring/${id}`, undefined, 'li')).status, 200);
});

test('the server registers what is due by itself, once, and says what was missed', async () => {
  const r = await api('POST', '/recurring', matter({ title: '每日调度{本期}', phrase: '每日18时前', lead_days: 0, first_day: day(-3), last_day: day(-1) }));
  assert.strictEqual(r.status, 201, r.body);
  let made = [];
  for (let i = 0; i < 300 && made.length < 3; i++) {
    await new Promise((ok) => setTimeout(ok, 20));
    made = (await api('GET', `/recurring/${r.json.id}`)).json.made;
  }
  assert.strictEqual(made.length, 3);
  assert.ok(made.every((m) => m.late && /^文|^事/.test(m.number)));
  assert.strictEqual(office.ok(['recurring', 'run']).trim(), '没有到时的');
  const entry = (await api('GET', `/entries/${encodeURIComponent(made[0].number)}`)).json;
  assert.match(JSON.stringify(entry), /周期事项补登（每日18时前）/);
  const page = await office.request('GET', `/entries/${encodeURIComponent(made[0].number)}`, as('zhang'));
  assert.match(page.body, /周期事项[^]*每日调度/);
  assert.match(page.body, /补登/);
  office.ok(['verify']);
});

test('a preview says what the phrase means and saves nothing', async () => {
  office.cookie = cookie.zhang;
  const before = await office.head(), fields = { title: '报{上期}数据', kind: 'affair', source: 's', urgency: '', requirement: 'r', lead_unit: '本科室', assist_units: '', officer: '', leader: '',
    phrase: '每季度末月25日前', move: 'before', lead_days: '3', first_day: '2026-01-01', last_day: '' };
  let r = await office.post('/recurring/preview', fields, { from: '/recurring/new' });
  assert.strictEqual(r.status, 200);
  assert.match(r.body, /每季度第3个月25日，遇休息日提前到前一个工作日/);
  assert.match(r.body, /2026年3月25日（周三）/);
  r = await office.post('/recurring/preview', { ...fields, phrase: '<b>随便</b>' }, { from: '/recurring/new' });
  assert.strictEqual(r.status, 422);
  assert.match(r.body, /value="&lt;b&gt;随便&lt;\/b&gt;"/);
  assert.strictEqual(await office.head(), before);
  r = await office.post('/recurring', { ...fields, first_day: day(1) }, { from: '/recurring/new' });
  assert.strictEqual(r.status, 303, r.body);
});

test('the command line lists, adds, pauses', async () => {
  const id = /(\d+)/.exec(office.ok(['recurring', 'add', '每周一', '周报{本期}', '--source', '例会', '--requirement', '报进度', '--unit', '市科技局', '--lead-days', '1']))[1];
  assert.match(office.ok(['recurring', 'list']), /每周一\t周报/);
  office.ok(['recurring', 'pause', id]);
  assert.strictEqual(office.json(['recurring', 'list']).find((r) => r.id === Number(id)).paused, true);
  assert.strictEqual(office.run(['recurring', 'pause', '99999']).code, 3);
  assert.strictEqual(office.run(['recurring', 'add', '前往现场', 'x', '--source', 's', '--requirement', 'r']).code, 3);
  assert.strictEqual(office.run(['--as', 'shangwu', 'recurring', 'pause', id]).code, 3, 'as what is not there');
  assert.strictEqual(office.run(['recurring']).code, 2);
});

test('an entry is parted in one act, by API, page and command', async () => {
  const entry = async (more) => (await api('POST', '/entries', { kind: 'affair', title: '保供方案', source: '省政府通知', requirement: '制定方案', deadline: day(20), lead_unit: '本科室', ...more })).json.number;
  const number = await entry(), at = `/entries/${encodeURIComponent(number)}/parts`;
  let before = await office.head();
  assert.strictEqual((await api('POST', at, { parts: [{ lead_unit: '市商务局' }, { lead_unit: '没有的局' }] })).status, 422);
  assert.strictEqual((await api('POST', at, { parts: [] })).status, 422);
  assert.strictEqual((await api('POST', at, { parts: [{ lead_unit: '市商务局', deadline_phrase: '随便哪天' }] })).status, 422);
  assert.strictEqual((await api('POST', at, { parts: [{ lead_unit: '市商务局' }] }, 'shangwu')).status, 403);
  assert.strictEqual(await office.head(), before);
  let r = await api('POST', at, { parts: [{ lead_unit: '市商务局' }, { lead_unit: '市科技局', requirement: '报技术需求', deadline_phrase: '5个工作日内' }] });
  assert.strictEqual(r.status, 201, r.body);
  assert.strictEqual(r.json.numbers.length, 2);
  assert.strictEqual((await api('POST', `/entries/${encodeURIComponent(number)}/settle`, { result: '完' })).status, 409);
  const page = await office.request('GET', `/entries/${encodeURIComponent(number)}`, as('zhang'));
  assert.match(page.body, /已了结0\/2/);
  r = await api('POST', `/entries/${encodeURIComponent(number)}/withdraw`, { text: '上级取消' });
  assert.strictEqual(r.status, 200, r.body);
  for (const n of (await api('GET', '/entries?state=withdrawn')).json.map((e) => e.number)) assert.ok(n);
  assert.strictEqual((await api('GET', '/entries?state=withdrawn')).json.length, 3);

  office.cookie = cookie.zhang;
  const second = await entry({ title: '第二件' }), form = `/entries/${encodeURIComponent(second)}/parts`;
  before = await office.head();
  r = await office.post(form, { unit: '市商务局', parts: '市科技局｜报需求｜5月32日前' }, { from: form });
  assert.strictEqual(r.status, 422);
  assert.match(r.body, /第1行/);
  assert.match(r.body, /value="市商务局" checked/, 'what was ticked stays');
  assert.strictEqual(await office.head(), before);
  r = await office.post(form, { unit: '市商务局', parts: '市科技局｜报需求｜3个工作日内' }, { from: form });
  assert.strictEqual(r.status, 303, r.body);
  const third = await entry({ title: '第三件' });
  assert.strictEqual(office.ok(['split', third, '市商务局', `市科技局|报需求|${day(30)}`]).trim().split('\n').length, 2);
  assert.strictEqual(office.run(['split', third, '没有的局']).code, 3);
  assert.strictEqual((await office.request('GET', form, as('shangwu'))).status, 403);
  office.ok(['verify']);
});

test('a limit is offered where no day is named, and taken by a button', async () => {
  office.cookie = cookie.zhang;
  const fields = { kind: 'document', title: '关于某事的请示', source: '某县政府请示', requirement: '提出意见', received: day(0), deadline: '', deadline_time: '', lead_unit: '本科室', officer: '' };
  let r = await office.post('/entries', fields, { from: '/entries/new' });
  assert.strictEqual(r.status, 422);
  assert.match(r.body, /部门默认时限：本科室时限：30个工作日（公文）/);
  r = await office.post('/entries', { ...fields, own_limit: '1' }, { from: '/entries/new' });
  assert.strictEqual(r.status, 303, r.body);
  assert.match((await api('GET', r.headers.location)).body, /"deadline/);
  r = await api('POST', '/limits', { rules: [{ name: '来电', kind: 'affair', words: '来电', days: 3, working: false }] });
  assert.strictEqual(r.status, 200, r.body);
  assert.strictEqual((await api('POST', '/limits', { rules: [] }, 'li')).status, 403);
  assert.strictEqual((await api('GET', '/limits', undefined, 'shangwu')).status, 403);
  assert.strictEqual((await api('POST', '/limits', { rules: [{ name: 'x', days: 0 }] })).status, 422);
  r = await office.post('/limits', { seen: '[]', name: 'x', kind: '', instruction: '', urgency: '', words: '', days: '5', unit: 'working' }, { from: '/limits' });
  assert.strictEqual(r.status, 409);
  assert.match(r.body, /name="name" value="x"/, 'what was typed stays');
  assert.match((await office.request('GET', '/settings', as('zhang'))).body, /href="\/limits"/);
});

test('in a browser: no page is wider than a phone, every field has a name, nothing is reported as wrong', async () => {
  const browser = await launch(), shots = path.join(__dirname, '..', 'build', 'screenshots');
  fs.mkdirSync(shots, { recursive: true });
  try {
    const id = (await api('GET', '/recurring')).json[0].id, number = (await api('GET', '/entries?state=active')).json[0].number;
    const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
    const page = await context.newPage(), faults = [];
    page.on('pageerror', (e) => faults.push(e.message));
    page.on('console', (m) => { if (m.type() === 'error') faults.push(m.text()); });
    await login(page, base, 'zhang');
    for (const [where, name] of [['/recurring', 'recurring'], [`/recurring/${id}`, 'recurring-one'], ['/recurring/new', 'recurring-new'], [`/entries/${encodeURIComponent(number)}/parts`, 'split'], ['/limits', 'limits']]) {
      const r = await page.goto(base + where);
      assert.strictEqual(r.status(), 200, where);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${where} is too wide`);
      const bare = await page.evaluate(() => [...document.querySelectorAll('input:not([type=hidden]), select, textarea')].filter((e) => !(e.labels && e.labels.length) && !e.getAttribute('aria-label')).length);
      assert.strictEqual(bare, 0, `${where}: fields without a name`);
      await page.screenshot({ path: path.join(shots, `${name}-phone.png`), fullPage: true });
    }
    assert.deepStrictEqual(faults, []);
  } finally { await browser.close(); }
});
