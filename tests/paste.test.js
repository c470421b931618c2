// Paste and register: the API's proposal, the pages from box to number, two presses, refusals in place, roles, hostile text; whs register.
'use strict';
const test = require('node:test');
const assert = require('node:assert');
const { Office } = require('./rig.js');

let office;

test.before(async () => {
  office = new Office().begin();
  office.liaison = office.json(['token', 'add', 'shangwu', 'test']).token;
  office.admin = office.json(['token', 'add', 'guanli', 'test']).token;
  await office.serve();
  await office.login('zhang');
});
test.after(() => office && office.end());

// A day n days on, as officials write it and as files do; never a Saturday or Sunday.
function day(n) {
  const d = new Date(Date.now() + 8 * 3600e3 + n * 86400e3);
  while (d.getUTCDay() % 6 === 0) d.setUTCDate(d.getUTCDate() + 1);
  return { zh: `${d.getUTCFullYear()}年${d.getUTCMonth() + 1}月${d.getUTCDate()}日`, iso: d.toISOString().slice(0, 10) };
}
const propose = (text, token) => office.api('POST', '/paste', { text }, token ? { authorization: `Bearer ${token}` } : {});
const fields = (m) => Object.fromEntries(m.fields.map((f) => [f.field, f.value]));
const decode = (s) => s.replace(/&quot;|&#34;/g, '"').replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');
// What the proposal's form would send as it stands.
function form(html) {
  const out = {};
  for (const m of html.matchAll(/<input ([^>]*)>/g)) {
    const at = (n) => (new RegExp(`(?:^| )${n}="([^"]*)"`).exec(m[1]) || [])[1];
    if (!at('name') || (at('type') === 'checkbox' && !/ checked/.test(m[1]))) continue;
    out[at('name')] = decode(at('value') || '');
  }
  for (const m of html.matchAll(/<textarea [^>]*name="([^"]*)"[^>]*>([^<]*)</g)) out[m[1]] = decode(m[2]);
  for (const m of html.matchAll(/<select [^>]*name="([^"]*)"[^>]*>([\s\S]*?)<\/select>/g)) out[m[1]] = decode((/<option value="([^"]*)" selected/.exec(m[2]) || [, ''])[1]);
  return out;
}
const NOTICE = (no, n = 20) => `某省人民政府办公厅明电\n加急\n某办明电〔2026〕${no}号\n关于报送第${no}号政策落实情况的通知\n各市（州）人民政府：\n请市商务局牵头，市科技局配合，于${day(n).zh}18时前报送落实情况。\n联系人：张某，电话：13800000000。\n某省人民政府办公厅\n2026年1月5日`;
const MINUTES = () => `市政府第9次常务会议纪要\n一、关于甲事项。市商务局牵头，${day(15).zh}前提出方案。\n二、关于乙事项。市科技局负责，${day(22).zh}前完成。`;

test('the API proposes with words and bytes, and stores nothing', async () => {
  const before = await office.head(), text = NOTICE(1), r = await propose(text);
  assert.strictEqual(r.status, 200, r.body);
  const [m] = r.json.matters;
  assert.deepStrictEqual(fields(m), { title: '关于报送第1号政策落实情况的通知', source: '某省人民政府办公厅明电', document_number: '某办明电〔2026〕1号',
    requirement: `请市商务局牵头，市科技局配合，于${day(20).zh}18时前报送落实情况`, deadline: `${day(20).iso} 18:00`, lead_unit: '市商务局', assist_units: '市科技局', kind: 'document', urgency: '加急',
    contact: '联系人：张某，电话：13800000000' });
  assert.deepStrictEqual([m.missing, m.notes, m.ready], [[], [], true]);
  const bytes = Buffer.from(text);
  for (const f of m.fields) for (const s of f.spans) assert.ok(bytes.subarray(s.from, s.to).toString().length > 0 && f.words === bytes.subarray(f.spans[0].from, f.spans[0].to).toString(), f.field);
  assert.strictEqual(await office.head(), before);
  assert.deepStrictEqual((await propose('收到，谢谢！\n辛苦了')).json, { matters: [], cut: false });
  const asked = (await propose('请市商务局尽快报送情况')).json.matters[0];
  assert.deepStrictEqual([asked.missing, asked.notes, asked.ready], [['source', 'deadline'], ['own_limit'], false]);
});

test('the API refuses by name what may not enter', async () => {
  for (const [text, what] of [['', '还没有粘贴'], ['机密★1年\n请报送', '密级标志'], ['请\u202e报送', '控制字符'], ['长'.repeat(30000), '最多64KB']]) {
    const r = await propose(text);
    assert.strictEqual(r.status, 422, `${text.slice(0, 9)}: ${r.body}`);
    assert.ok(r.body.includes(what), r.body);
  }
  assert.strictEqual((await office.api('POST', '/paste', { text: 1 })).status, 422);
  assert.strictEqual((await office.api('POST', '/paste', { text: '请', more: 'x' })).status, 422);
});

test('only the section pastes', async () => {
  for (const token of [office.liaison, office.admin]) assert.strictEqual((await propose('请市商务局报送', token)).status, 403);
  const mine = office.cookie;
  for (const user of ['shangwu', 'guanli']) {
    await office.login(user);
    for (const path of ['/paste', '/paste/1']) assert.strictEqual((await office.request('GET', path, { headers: { cookie: office.cookie } })).status, 403, `${user} ${path}`);
    for (const path of ['/paste', '/paste/accept']) assert.strictEqual((await office.post(path, { text: '请报送' }, { from: '/settings' })).status, 403, `${user} ${path}`);
    assert.doesNotMatch((await office.request('GET', '/', { headers: { cookie: office.cookie } })).body, /id="paste"/);
  }
  office.cookie = mine;
});

test('from the box to the number: the words are marked, one press registers, two presses register once', async () => {
  const page = await office.post('/paste', { text: NOTICE(2) });
  assert.strictEqual(page.status, 200);
  assert.match(page.body, /<mark id="w-m0-title" data-for="m0-title" title="[^"]+">关于报送第2号政策落实情况的通知<\/mark>/);
  assert.match(page.body, /四要素齐全[\s\S]*<span class="brief">市商务局（市科技局配合） · \d{4}-\d\d-\d\d 18:00（周.） · 剩\d+个工作日 · [\s\S]*<\/summary>[\s\S]*登记<kbd>Enter</);
  const sent = form(page.body);
  assert.strictEqual(sent.m0_lead_unit, '市商务局');
  const [a, b] = await Promise.all([office.post('/paste/accept', sent), office.post('/paste/accept', sent)]);
  assert.deepStrictEqual([a.status, b.status], [303, 303], a.body);
  assert.strictEqual(a.headers.location, b.headers.location);
  const number = decodeURIComponent(a.headers.location.split('/').pop()), e = office.json(['show', number]);
  assert.deepStrictEqual([e.title, e.source, e.lead_unit, e.assist_units, e.urgency, e.has_contact],
    ['关于报送第2号政策落实情况的通知', '某省人民政府办公厅明电 某办明电〔2026〕2号', '市商务局', ['市科技局'], '加急', true]);
  const shown = await office.request('GET', a.headers.location, { headers: { cookie: office.cookie } });
  assert.match(shown.body, /来自粘贴[\s\S]*某办明电〔2026〕2号[\s\S]*联系方式另存/);
  assert.doesNotMatch(shown.body, /13800000000|张某/);
  const again = await office.post('/paste', { text: NOTICE(2) });
  assert.match(again.body, new RegExp(`这个文号已经登记|同一文号已经登记[\\s\\S]*${number}`));
  assert.doesNotMatch(again.body, /四要素齐全/);
  assert.strictEqual((await office.api('GET', `/entries/${encodeURIComponent(number)}`, undefined, { authorization: `Bearer ${office.liaison}` })).status, 200);
  const mine = office.cookie;
  await office.login('shangwu');               // the unit sees its matter, not the whole paper
  assert.doesNotMatch((await office.request('GET', a.headers.location, { headers: { cookie: office.cookie } })).body, /来自粘贴/);
  office.cookie = mine;
});

test('several matters: all or nothing, ticked ones alone, a parent before its parts', async () => {
  const sent = form((await office.post('/paste', { text: MINUTES() })).body), before = await office.head();
  const bad = await office.post('/paste/accept', { ...sent, m1_lead_unit: '没有这个局', m0_title: '改过的标题' });
  assert.strictEqual(bad.status, 422);
  assert.match(bad.body, /第2件没有登记成功/);
  assert.match(bad.body, /value="改过的标题"/, 'what was typed is kept');
  assert.match(bad.body, /name="m1_lead_unit" value="没有这个局"[\s\S]{0,200}class="why"/);
  assert.strictEqual(await office.head(), before, 'nothing was written');
  const none = await office.post('/paste/accept', { ...sent, m0_on: '', m1_on: '' });
  assert.deepStrictEqual([none.status, /没有勾选/.test(none.body)], [422, true]);
  const one = await office.post('/paste/accept', { ...sent, m0_on: '' });
  assert.strictEqual(office.json(['show', decodeURIComponent(one.headers.location.split('/').pop())]).title, '关于乙事项');
  const fresh = form((await office.post('/paste', { text: MINUTES() })).body);
  assert.strictEqual(fresh.parent_title, '市政府第9次常务会议纪要');
  const bare = form((await office.post('/paste', { text: `一、市商务局牵头，${day(15).zh}前提出方案。\n二、市科技局负责汇总，${day(22).zh}前完成。\n某省人民政府办公厅\n2026年1月5日` })).body);
  assert.deepStrictEqual([bare.n, bare.parent_title, bare.m0_source], ['2', '', '某省人民政府办公厅'], 'who signed it is no title');
  const untitled = await office.post('/paste/accept', { ...fresh, parent: 'true', parent_title: ' ' });
  assert.deepStrictEqual([untitled.status, /原文没有标题，请填写/.test(untitled.body)], [422, true]);
  const all = await office.post('/paste/accept', { ...fresh, parent: 'true', parent_title: '第9次常务会议议定事项' });
  assert.match(all.headers.location, /^\/paste\/\d+$/);
  const done = (await office.request('GET', all.headers.location, { headers: { cookie: office.cookie } })).body;
  const numbers = [...new Set([...done.matchAll(/文\d{4}-\d{4}/g)].map((m) => m[0]))];
  assert.strictEqual(numbers.length, 3);
  assert.deepStrictEqual(numbers.map((n) => office.json(['show', n]).parent), [null, numbers[0], numbers[0]]);
  assert.strictEqual(office.json(['show', numbers[0]]).deadline.slice(0, 10) >= day(22).iso, true);
});

test('forms that are none of ours are refused', async () => {
  const sent = form((await office.post('/paste', { text: NOTICE(3) })).body), before = await office.head();
  for (const broken of [{ nonce: '' }, { n: '7' }, { n: 'x' }, { text: '请市商务局报送别的' , n: '2' }, { text: '绝密\n' + sent.text }, { text: '' }]) {
    const r = await office.post('/paste/accept', { ...sent, ...broken });
    assert.ok([409, 422].includes(r.status), `${JSON.stringify(broken).slice(0, 40)}: ${r.status}`);
  }
  assert.strictEqual((await office.post('/paste/accept', { ...sent, _csrf: 'x' })).status, 403);
  for (const path of ['/paste/0', '/paste/999999', '/paste/x']) assert.strictEqual((await office.request('GET', path, { headers: { cookie: office.cookie } })).status, 404, path);
  assert.strictEqual(await office.head(), before);
});

test('markup in a text stays text, on every page', async () => {
  const evil = `<script>alert(1)</script>"'><img src=x onerror=alert(1)>请市商务局${day(9).zh}前报送<b>情况</b>`, page = await office.post('/paste', { text: evil });
  assert.doesNotMatch(page.body, /<script>alert|<img src=x|<b>情况/);
  const sent = { ...form(page.body), m0_source: '<i>来源</i>' };
  const r = await office.post('/paste/accept', sent);
  assert.strictEqual(r.status, 303, r.body);
  const shown = await office.request('GET', r.headers.location, { headers: { cookie: office.cookie } });
  assert.doesNotMatch(shown.body, /<script>alert|<img src=x|<b>情况|<i>来源/);
  assert.match(shown.body, /&lt;script&gt;alert/);
});

test('a line that asks for nothing is a title for one who says so; sixty matters are cut to fifty and said', async () => {
  const none = await office.post('/paste', { text: '中午食堂有饺子' });
  assert.match(none.body, /看不出是办件[\s\S]*href="\/entries\/new"[\s\S]*name="as_title"[^>]*>作为标题登记/);
  assert.doesNotMatch(none.body, /m0_title/);
  assert.deepStrictEqual((await propose('中午食堂有饺子')).json, { matters: [], cut: false });
  assert.strictEqual(form((await office.post('/paste', { text: '帮忙协调一下' })).body).m0_title, '', 'no title is made of it');
  const page = await office.post('/paste', { text: '副市长调研方案', as_title: 'true' });
  assert.strictEqual(form(page.body).m0_title, '副市长调研方案');
  const taken = await office.post('/paste/accept', { ...form(page.body), m0_source: '电话', m0_kind: 'affair', m0_requirement: '陪同', m0_deadline: day(9).iso, m0_lead_unit: '市商务局' });
  assert.strictEqual(taken.status, 303, taken.body);
  assert.match(page.body, /原文没有写明/);
  const many = Array.from({ length: 60 }, (_, i) => `${i + 1}. 市商务局负责第${i + 1}项工作，${day(20).zh}前完成。`).join('\n'), long = await office.post('/paste', { text: many });
  assert.match(long.body, /事项太多/);
  assert.strictEqual(form(long.body).n, '50');
  const all = await office.post('/paste/accept', { ...form(long.body), ...Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`m${i}_source`, '会议']))});
  assert.match(all.headers.location || all.body, /^\/paste\/\d+$/);
  const two = office.run(['register', '-'], { input: many });
  assert.deepStrictEqual([two.code, /最多登记50件/.test(two.err)], [3, true]);
});

test('another reading is taken with one tick', async () => {
  const d = new Date(Date.now() + 8 * 3600e3 - 100 * 86400e3), page = await office.post('/paste', { text: `请市商务局${d.getUTCMonth() + 1}月${d.getUTCDate()}日前报送情况。` });
  const box = /<input type="checkbox" name="m0_other" value="([^"]+)">/.exec(page.body);
  assert.ok(box, 'a day long past may be next year\'s');
  const sent = { ...form(page.body), m0_source: '电话', m0_other: box[1] }, r = await office.post('/paste/accept', sent);
  assert.strictEqual(r.status, 422, 'the other reading is this year\'s, before the receipt');
  assert.match(r.body, /时限/);
  assert.doesNotMatch(page.body, /四要素齐全/);
});

test('whs register: words, what is missing, options over words, several, dry', async () => {
  const text = `请市商务局${day(12).zh}前将甲情况报我办。`;
  const missing = office.run(['register', text]);
  assert.strictEqual(missing.code, 3);
  assert.match(missing.err, /没有写明来源/);
  assert.match(missing.out, /承办单位：市商务局 {2}←“市商务局”/);
  const done = office.run(['register', text, '--source', '电话记录', '--lead-unit', '市科技局']);
  assert.strictEqual(done.code, 0, done.err);
  assert.match(done.out, /^事\d{4}-\d{4}/);
  assert.match(done.out, /承办单位：市科技局\n/);
  const e = office.json(['register', NOTICE(5)]);
  assert.deepStrictEqual([e.title, e.lead_unit, e.has_contact], ['关于报送第5号政策落实情况的通知', '市商务局', true]);
  const both = office.json(['register', '-'], { input: MINUTES() });
  assert.deepStrictEqual(both.map((x) => x.lead_unit), ['市商务局', '市科技局']);
  const before = await office.head(), dry = office.json(['register', '-', '--dry-run'], { input: MINUTES() });
  assert.deepStrictEqual(dry.matters.map((m) => m.ready), [true, true]);
  assert.strictEqual(await office.head(), before);
  const said = office.ok(['register', '-', '--dry-run'], { input: `各区市县人民政府、市商务局：请市商务局牵头，于${day(30).iso}前将促消费情况书面报市政府办公室。` });
  assert.match(said, /标题：报送促消费情况 {2}←“促消费情况”/);
  assert.match(said, /办理要求：请市商务局牵头/, 'whom it is sent to is no part of it');
  assert.match(said, /办理时限：\d{4}-\d\d-\d\d（周.）.*\n {4}读法：.*\n {4}剩\d+个工作日\n {4}从严读作 /);
  assert.match(said, /类别：事 /, 'a word, no code');
  for (const [words, code] of [[['register', '收到，\n谢谢'], 3], [['register', '机密★\n请市商务局报送'], 3], [['register', 'a', 'b'], 2], [['register', '--nonsense'], 2]]) assert.strictEqual(office.run(words).code, code, words.join(' '));
  assert.strictEqual(office.run(['--as', 'shangwu', 'register', text, '--source', '电话']).code, 4);
  const old = office.json(['register', '请市商务局写的标题', '--kind', 'document', '--source', 'a', '--requirement', 'b', '--deadline', day(9).iso, '--lead', '市科技局']);
  assert.deepStrictEqual([old.title, old.lead_unit], ['请市商务局写的标题', '市科技局'], 'with the four fields given the text is the title');
});
