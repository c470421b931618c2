// Deputies, handovers, notes and following from outside: API, command line and pages, for every role; two at once; hostile texts.
'use strict';
const test = require('node:test');
const assert = require('node:assert');
const { Office } = require('./rig.js');

const office = new Office();
const tokens = {};
const day = (shift) => new Date(Date.now() + 8 * 3600e3 + shift * 86400e3).toISOString().slice(0, 10);
const as = (who) => ({ authorization: `Bearer ${tokens[who]}` });
const at = (number, rest = '') => `/entries/${encodeURIComponent(number)}${rest}`;
const DRAFT = { kind: 'document', title: '关于报送稳增长措施的通知', source: '市政府办公室', requirement: '报送书面材料', deadline: day(30), lead_unit: '市商务局' };

test.before(async () => {
  office.begin();
  office.ok(['user', 'add', 'wang', '--name', '王科员', '--role', 'officer', '--password', 'wenhuishi-1']);
  office.ok(['user', 'add', 'keji', '--name', '科技局联络员', '--role', 'liaison', '--home', '市科技局', '--password', 'wenhuishi-1']);
  for (const who of ['zhang', 'li', 'wang', 'shangwu', 'keji', 'guanli']) tokens[who] = office.json(['token', 'add', who, 'test']).token;
  await office.serve();
});
test.after(() => office.end());

const call = (who, method, target, value) => office.api(method, target, value, as(who));
async function register(who = 'li', more = {}) {
  const r = await call(who, 'POST', '/entries', { ...DRAFT, ...more });
  assert.strictEqual(r.status, 201, r.body);
  return r.json.number;
}
async function refused(status, words, who, method, target, value) {
  const before = await office.head(tokens.zhang);
  const r = await call(who, method, target, value);
  assert.strictEqual(r.status, status, r.body);
  assert.match(r.headers['content-type'], /^application\/problem\+json/);
  for (const w of [].concat(words)) assert.ok(r.json.detail.includes(w), `"${r.json.detail}" does not say ${w}`);
  assert.strictEqual(await office.head(tokens.zhang), before, 'a refusal wrote to the journal');
  return r;
}

// --- deputies -------------------------------------------------------------------------------------------------------------------

test('a deputy does what only the chief may, both names on record, until it is ended', async () => {
  const number = await register();
  await refused(403, '撤销立项', 'li', 'POST', at(number, '/withdraw'), { text: '上级已取消' });
  await refused(403, '张科长', 'li', 'POST', '/deputies', { absent: 'zhang', deputy: 'li', to: day(3) });
  await refused(422, '身份不同', 'zhang', 'POST', '/deputies', { deputy: 'shangwu', to: day(3) });
  await refused(422, '90', 'zhang', 'POST', '/deputies', { deputy: 'li', to: day(90) });
  await refused(422, '没有', 'zhang', 'POST', '/deputies', { deputy: 'nobody', to: day(3) });
  await refused(422, '', 'zhang', 'POST', '/deputies', { deputy: 'li', until: day(3) });
  const made = await call('zhang', 'POST', '/deputies', { deputy: 'li', to: day(3), note: '学习一周' });
  assert.strictEqual(made.status, 201, made.body);
  assert.deepStrictEqual([made.json.absent, made.json.deputy, made.json.from, made.json.to, made.json.state], ['zhang', 'li', day(0), day(3), 'current']);
  const r = await call('li', 'POST', at(number, '/withdraw'), { text: '上级已取消' });
  assert.strictEqual(r.status, 200, r.body);
  assert.strictEqual(r.json.history.at(-1).actor ?? r.json.history.at(-1).actor_name, '李科员（代张科长）');
  await office.login('li');
  const page = await office.request('GET', '/', { headers: { cookie: office.cookie } });
  assert.match(page.body, /代理张科长至/);
  // Only the chief may set the lights: the journal has both.
  const lights = await office.post('/settings/lights', { yellow_days: '4', red_days: '1' }, { from: '/settings' });
  assert.strictEqual(lights.status, 303, lights.body);
  const lines = (await office.api('GET', '/journal?after=0&limit=1000')).json;
  const setting = lines.filter((l) => l.entity === 'setting').at(-1);
  assert.ok(setting.deputy_of > 0 && setting.deputy_of !== setting.actor_id, JSON.stringify(setting));
  await refused(403, '张科长', 'wang', 'POST', `/deputies/${made.json.id}/end`);
  await refused(404, '没有', 'keji', 'POST', `/deputies/${made.json.id}/end`);
  assert.strictEqual((await call('keji', 'GET', '/deputies')).json.length, 0);
  const ended = await call('guanli', 'POST', `/deputies/${made.json.id}/end`);
  assert.strictEqual(ended.json.state, 'over', ended.body);
  await refused(403, '撤销立项', 'li', 'POST', at(await register(), '/withdraw'), { text: '再试' });
});

test('of two deputies at once one is taken', async () => {
  const both = await Promise.all([call('zhang', 'POST', '/deputies', { deputy: 'li', from: day(10), to: day(12) }), call('guanli', 'POST', '/deputies', { absent: 'zhang', deputy: 'wang', from: day(12), to: day(14) })]);
  assert.deepStrictEqual(both.map((r) => r.status).sort(), [201, 409]);
  const id = both.find((r) => r.status === 201).json.id;
  const twice = await Promise.all([0, 1].map(() => call('zhang', 'POST', `/deputies/${id}/end`)));
  assert.deepStrictEqual(twice.map((r) => r.status).sort(), [200, 409]);
});

test('the page and the command line appoint deputies too', async () => {
  await office.login('zhang');
  const bad = await office.post('/deputies', { absent: 'zhang', deputy: 'li', from: day(20), to: day(19) }, { from: '/deputies' });
  assert.strictEqual(bad.status, 422);
  assert.match(bad.body, /截止日期不能早于起始日期/);
  const good = await office.post('/deputies', { absent: 'li', deputy: 'wang', from: day(20), to: day(21), scope: 'own' }, { from: '/deputies' });
  assert.strictEqual(good.status, 303, good.body);
  const list = office.json(['deputy', 'list']);
  const mine = list.find((d) => d.absent === 'li' && d.state === 'future');
  assert.strictEqual(mine.scope, 'own');
  assert.match(office.ok(['deputy', 'end', String(mine.id)]), /已结束/);
  const made = office.json(['--as', 'shangwu', 'deputy', 'list']);
  assert.deepStrictEqual(made, []);
  const no = office.run(['--as', 'li', 'deputy', 'add', 'zhang', 'li', '--to', day(2)]);
  assert.strictEqual(no.code, 4, no.err);
  assert.match(no.err, /只有本人、科长/);
});

// --- handovers -------------------------------------------------------------------------------------------------------------------

test('a handover: preview, all at once, sheet, and back', async () => {
  const mine = [await register('wang'), await register('wang', { lead_unit: '市科技局', deadline: day(1) }), await register('wang', { lead_unit: '本科室' })];
  for (const who of ['shangwu', 'guanli']) await refused(403, '', who, 'POST', '/handovers', { from: 'wang', to: 'li', reason: '调整' });
  await refused(403, '王科员', 'li', 'POST', '/handovers', { from: 'wang', to: 'li', reason: '调整' });
  const plan = await call('zhang', 'POST', '/handovers', { from: 'wang', to: 'li', dry_run: true });
  assert.strictEqual(plan.status, 200, plan.body);
  assert.deepStrictEqual([plan.json.count, plan.json.overdue, plan.json.near, plan.json.states], [3, 0, 1, { pending: 2, active: 1 }]);
  assert.strictEqual(plan.json.entries[0].number, mine[1]);            // by deadline
  await refused(409, '2件', 'zhang', 'POST', '/handovers', { from: 'wang', to: 'li', reason: '调整', expect: 2 });
  const done = await call('zhang', 'POST', '/handovers', { from: 'wang', to: 'li', reason: '调整', expect: 3 });
  assert.strictEqual(done.status, 201, done.body);
  const id = done.json.handover.id;
  assert.strictEqual((await call('li', 'GET', at(mine[0]))).json.officer, '李科员');
  await office.login('wang');
  const sheet = await office.request('GET', `/handovers/${id}`, { headers: { cookie: office.cookie } });
  assert.match(sheet.body, /工作交接单[\s\S]*移交人签字[\s\S]*接收人签字/);
  for (const n of mine) assert.ok(sheet.body.includes(n));
  await refused(403, '', 'keji', 'GET', `/handovers/${id}`);
  await refused(404, '', 'zhang', 'GET', '/handovers/999999');
  await refused(403, '接收人', 'wang', 'POST', `/handovers/${id}/return`);
  const two = await Promise.all(['li', 'zhang'].map((who) => call(who, 'POST', `/handovers/${id}/return`)));
  assert.deepStrictEqual(two.map((r) => r.status).sort(), [200, 409]);
  assert.strictEqual((await call('li', 'GET', at(mine[0]))).json.officer, '王科员');
  assert.match(office.ok(['handover', 'wang', 'li', '--dry-run', '--unit', '市科技局']), /王科员共1件/);
  assert.match(office.ok(['handover', 'wang', 'li', '--unit', '市科技局', '--reason', '科技口调整']), /已将1件交给李科员/);
  await call('li', 'POST', at(mine[1], '/urge'), { text: '请抓紧' });
  const last = (await call('zhang', 'GET', '/handovers')).json[0].id;
  await refused(409, '不能整体交回', 'zhang', 'POST', `/handovers/${last}/return`);
});

test('the page previews before it hands over', async () => {
  await office.login('wang');
  const page = await office.request('GET', '/handovers?from=wang&to=li&reason=' + encodeURIComponent('调整'), { headers: { cookie: office.cookie } });
  assert.strictEqual(page.status, 200);
  assert.match(page.body, /将这2件交给李科员/);
  const stale = await office.post('/handovers', { from: 'wang', to: 'li', reason: '调整', expect: '3' }, { from: '/handovers' });
  assert.strictEqual(stale.status, 409);
  assert.match(stale.body, /预览时是3件，现在是2件/);
  const done = await office.post('/handovers', { from: 'wang', to: 'li', reason: '调整', expect: '2' }, { from: '/handovers' });
  assert.strictEqual(done.status, 303, done.body);
  assert.match(done.headers.location, /^\/handovers\/\d+$/);
});

// --- notes ----------------------------------------------------------------------------------------------------------------------

test('a note mentions who may see the entry, and nobody else', async () => {
  const number = await register();
  const made = await call('li', 'POST', at(number, '/notes'), { text: '@张科长 请看 <b>&"\'', mentions: ['shangwu'] });
  assert.strictEqual(made.status, 201, made.body);
  assert.strictEqual(made.json[0].text, '@shangwu @张科长 请看 <b>&"\'');
  await refused(422, ['科技局联络员', '看不到'], 'li', 'POST', at(number, '/notes'), { text: '@科技局联络员 请看' });
  await refused(404, '', 'keji', 'POST', at(number, '/notes'), { text: '甲' });
  await refused(404, '', 'keji', 'GET', at(number, '/notes'));
  await refused(403, '', 'guanli', 'GET', at(number, '/notes'));
  await refused(422, '2000', 'li', 'POST', at(number, '/notes'), { text: '😀'.repeat(2001) });
  assert.strictEqual((await call('li', 'POST', at(number, '/notes'), { text: '😀'.repeat(2000) })).status, 201);
  await refused(422, '', 'li', 'POST', at(number, '/notes'), { text: '反\u202etxt' });
  await refused(422, '', 'li', 'POST', at(number, '/notes'), { text: '秘密★' });
  await call('li', 'POST', at(number, '/notes'), { text: '内部说一句', internal: true });
  assert.strictEqual((await call('zhang', 'GET', at(number, '/notes'))).json.length, 3);
  assert.strictEqual((await call('shangwu', 'GET', at(number, '/notes'))).json.length, 2);
  await office.login('zhang');
  const cookie = { headers: { cookie: office.cookie } };
  const today = await office.request('GET', '/', cookie);
  assert.match(today.body, /提到我的[\s\S]*1条未看/);
  const mention = (await call('zhang', 'GET', '/mentions')).json[0];
  assert.deepStrictEqual([mention.number, mention.unread], [number, true]);
  const page = await office.request('GET', at(number), cookie);
  assert.ok(page.body.includes('请看 &lt;b&gt;&amp;') && !page.body.includes('<b>&"'));
  const opened = await office.request('GET', `/mentions/${mention.note}`, cookie);
  assert.strictEqual(opened.status, 303);
  assert.strictEqual((await call('zhang', 'GET', '/mentions')).json[0].unread, false);
  assert.doesNotMatch((await office.request('GET', '/', cookie)).body, /提到我的/);
  const edited = await call('li', 'PATCH', `/notes/${made.json[0].id}`, { text: '改一句' });
  assert.strictEqual(edited.json[0].text, '改一句', edited.body);
  await refused(403, '', 'shangwu', 'POST', `/notes/${made.json[0].id}/withdraw`);
  await refused(404, '', 'keji', 'POST', `/notes/${made.json[0].id}/withdraw`);
  const gone = await call('zhang', 'POST', `/notes/${made.json[0].id}/withdraw`);
  assert.ok(gone.json[0].withdrawn_at && gone.json[0].text === '');
  assert.match((await office.request('GET', at(number), cookie)).body, /李科员的一条便签由张科长于.*撤回/);
  assert.match(office.ok(['note', number, '命令行也能贴', '--internal']), /命令行也能贴/);
});

test('forms: a note, a refused one keeps its text, a chosen person, follow', async () => {
  const number = await register();
  await office.login('li');
  const from = at(number, '/notes');
  const page = await office.request('GET', from, { headers: { cookie: office.cookie } });
  assert.match(page.body, /name="mention" value="张科长"/);
  assert.doesNotMatch(page.body, /value="科技局联络员"/);
  const bad = await office.post(from, { text: '@谁也不是 请看' }, { from });
  assert.strictEqual(bad.status, 422);
  assert.match(bad.body, /没有叫“谁也不是”的人[\s\S]*@谁也不是 请看<\/textarea>/);
  const good = await office.post(from, { text: '请审', mention: '张科长', internal: '1' }, { from });
  assert.strictEqual(good.status, 303);
  assert.strictEqual((await call('li', 'GET', at(number, '/notes'))).json[0].text, '@张科长 请审');
  assert.strictEqual((await office.post(at(number, '/follow'), { do: 'add' }, { from })).status, 303);
  assert.strictEqual((await call('shangwu', 'POST', at(number, '/accept'), {})).status, 200);
  const today = await office.request('GET', '/', { headers: { cookie: office.cookie } });
  assert.match(today.body, /我关注的[\s\S]*1件有变化[\s\S]*签收/);
  assert.strictEqual((await call('li', 'GET', '/following')).json[0].changes, 1);
  assert.strictEqual((await office.request('GET', `/following/${encodeURIComponent(number)}`, { headers: { cookie: office.cookie } })).status, 303);
  assert.doesNotMatch((await office.request('GET', '/', { headers: { cookie: office.cookie } })).body, /我关注的/);
});

test('who loses sight of an entry is told nothing of it', async () => {
  const number = await register('li', { title: '不该再看见的标题' });
  assert.strictEqual((await call('shangwu', 'POST', at(number, '/follow'))).status, 200);
  await call('li', 'POST', at(number, '/notes'), { text: '@shangwu 请看' });
  assert.strictEqual((await call('li', 'POST', at(number, '/assign'), { lead_unit: '市科技局' })).status, 200);
  assert.deepStrictEqual((await call('shangwu', 'GET', '/following')).json, []);
  assert.ok(!(await call('shangwu', 'GET', '/mentions')).json.some((m) => m.number === number));
  await office.login('shangwu');
  for (const path of ['/', '/mentions', '/following']) assert.ok(!(await office.request('GET', path, { headers: { cookie: office.cookie } })).body.includes('不该再看见的标题'), path);
});

test('a reset password ends sessions and tokens; a disabled member has none', async () => {
  office.ok(['user', 'add', 'old', '--name', '老科员', '--role', 'officer', '--password', 'wenhuishi-1']);
  tokens.old = office.json(['token', 'add', 'old', 'test']).token;
  await office.login('old');
  const cookie = office.cookie;
  const shut = async () => [(await call('old', 'GET', '/deputies')).status, (await office.request('GET', '/', { headers: { cookie } })).status];
  assert.deepStrictEqual(await shut(), [200, 200]);
  office.ok(['user', 'disable', 'old']);
  assert.deepStrictEqual(await shut(), [401, 303]);
  office.ok(['user', 'enable', 'old']);
  assert.deepStrictEqual(await shut(), [200, 303]);
  office.ok(['user', 'passwd', 'old']);        // a reset: somebody else makes it
  assert.deepStrictEqual(await shut(), [401, 303]);
  tokens.old = office.json(['token', 'add', 'old', 'again']).token;
  office.ok(['user', 'passwd', 'old', '--password', 'wenhuishi-2']);
  assert.strictEqual((await shut())[0], 401);
});
