// Lists from outside: the API, the command line and the pages, for each role, with what is wrong, what is another's and what is large.
'use strict';
const test = require('node:test');
const assert = require('node:assert');
const { Office } = require('./rig.js');

const DAY = (n) => new Date(Date.now() + 8 * 3600e3 + n * 86400e3).toISOString().slice(0, 10);
const DRAFT = { kind: 'document', title: '报送进度', source: '省厅明电', requirement: '报进度', deadline: `${DAY(9)}`, lead_unit: '市商务局', lists: ['重点工作'] };
const enc = encodeURIComponent;
let office, tokens = {};

const as = (who) => ({ authorization: `Bearer ${tokens[who]}` });
const call = (method, path, body, who = 'zhang') => office.api(method, path, body, as(who));
async function ok(method, path, body, who, status = 200) {
  const r = await call(method, path, body, who);
  assert.strictEqual(r.status, status, `${method} ${path}: ${r.body}`);
  return r.json;
}
async function refused(status, words, method, path, body, who) {
  const before = await office.head(tokens.zhang), r = await call(method, path, body, who);
  assert.strictEqual(r.status, status, `${method} ${path}: ${r.body}`);
  assert.match(r.json.detail, new RegExp(words), r.body);
  assert.strictEqual(await office.head(tokens.zhang), before, 'a refusal left something in the journal');
  return r.json;
}
const register = async (more = {}) => (await ok('POST', '/entries', { ...DRAFT, ...more }, 'zhang', 201)).number;
const numbers = async (query, who) => (await ok('GET', `/entries?limit=1000&${query}`, undefined, who)).map((e) => e.number);

test.before(async () => {
  office = new Office().begin();
  office.ok(['user', 'add', 'keji', '--name', '科技局联络员', '--role', 'liaison', '--home', '市科技局', '--password', 'wenhuishi-1']);
  for (const who of ['zhang', 'li', 'shangwu', 'keji', 'guanli']) tokens[who] = office.json(['token', 'add', who, 'test']).token;
  await office.serve();
  for (const name of ['重点工作']) await ok('POST', '/lists', { name }, 'zhang', 201);
});
test.after(() => office && office.end());

test('lists are made, renamed, moved, retired and brought back', async () => {
  const names = async () => (await ok('GET', '/lists')).filter((l) => l.active).map((l) => l.name);
  await ok('POST', '/lists', { name: '季度事项' }, 'li', 201);
  const all = await names();
  assert.strictEqual(all.at(-1), '季度事项');
  await ok('PATCH', `/lists/${enc('季度事项')}`, { move: 'up' });
  assert.strictEqual((await names()).at(-2), '季度事项');
  await ok('PATCH', `/lists/${enc('季度事项')}`, { name: '季度工作' });
  await ok('PATCH', `/lists/${enc('季度工作')}`, { active: false });
  assert.ok(!(await names()).includes('季度工作'));
  await refused(422, '不存在', 'POST', '/entries', { ...DRAFT, lists: ['季度工作'] });
  await refused(409, '已有清单', 'POST', '/lists', { name: '季度工作' });
  await ok('PATCH', `/lists/${enc('季度工作')}`, { active: true });
  for (const who of ['shangwu', 'guanli']) assert.strictEqual((await call('POST', '/lists', { name: '别人的' }, who)).status, 403);
  await refused(404, '没有清单', 'PATCH', `/lists/${enc('没有的')}`, { name: 'x' });
  await refused(422, '名称', 'POST', '/lists', { name: '' });
  await refused(422, '密', 'POST', '/lists', { name: '秘密★' });
  await refused(422, '条件', 'POST', '/lists', { name: '坏条件', query: 'due=sometime' });
});

test('a list whose conditions name what is no more stands there with a word, and takes no other list with it', async () => {
  await ok('POST', '/lists', { name: '会改名的' }, 'li', 201);
  await ok('POST', '/lists', { name: '按别的清单', query: `list=${enc('会改名的')}&state=open` }, 'li', 201);
  await ok('POST', '/lists', { name: '别家的', query: `unit=${enc('市科技局')}&officer=${enc('张科长')}` }, 'li', 201);
  for (const who of ['zhang', 'shangwu', 'keji']) assert.strictEqual((await call('GET', '/lists', undefined, who)).status, 200, who);
  await ok('POST', '/views', { name: '起始', query: `list=${enc('会改名的')}`, start: true }, 'keji', 201);
  await office.login('keji');
  const ledger = () => office.request('GET', '/entries', { headers: { cookie: office.cookie } });
  assert.strictEqual((await ledger()).status, 303, 'the start view');
  await ok('PATCH', `/lists/${enc('会改名的')}`, { name: '改了名的' });
  assert.strictEqual((await ledger()).status, 200, 'a start view that names what is gone does not shut the ledger');
  const all = await ok('GET', '/lists'), broken = all.find((l) => l.name === '按别的清单');
  assert.deepStrictEqual([broken.open, broken.settled, broken.broken, all.find((l) => l.name === '重点工作').broken], [0, 0, true, false]);
  await office.login('shangwu');
  const page = await office.request('GET', '/lists', { headers: { cookie: office.cookie } });
  assert.strictEqual(page.status, 200);
  assert.match(page.body, /按别的清单<\/a>.*条件所指已改名或停用/);
  assert.match(office.ok(['lists']), /按别的清单.*条件所指已改名或停用/);
  for (const name of ['按别的清单', '别家的', '改了名的']) await ok('PATCH', `/lists/${enc(name)}`, { active: false });
});

test('own columns, their values and who sees them', async () => {
  const list = enc('重点工作'), a = await register(), b = await register({ lead_unit: '市科技局' });
  await ok('POST', `/lists/${list}/columns`, { name: '比例', type: 'number' }, 'li', 201);
  await ok('POST', `/lists/${list}/columns`, { name: '方式', type: 'choice', choices: ['调度', '督办'] }, 'li', 201);
  await ok('POST', `/lists/${list}/columns`, { name: '完成', type: 'day' }, 'li', 201);
  const line = await ok('PATCH', `/lists/${list}/entries/${enc(a)}`, { values: { 比例: '1,200.5', 方式: '督办', 完成: '2022年5月9日' } });
  assert.deepStrictEqual(line.values, { 比例: '1200.5', 方式: '督办', 完成: '2022-05-09' });
  await ok('PATCH', `/lists/${list}/entries/${enc(b)}`, { values: { 比例: 7 } });
  for (const [values, words] of [[{ 比例: '多' }, '数字'], [{ 方式: '等待' }, '没有选项'], [{ 完成: '下周' }, '日期'], [{ 没有: 'x' }, '没有栏目'], [{ 比例: true }, '']])
    assert.ok([404, 422].includes((await call('PATCH', `/lists/${list}/entries/${enc(a)}`, { values })).status), words);
  await refused(422, '数字', 'PATCH', `/lists/${list}/entries/${enc(a)}`, { values: { 方式: '调度', 比例: '多' } });
  const mine = await ok('GET', `/lists/${list}/entries`, undefined, 'keji');
  assert.deepStrictEqual(mine.map((l) => [l.entry.number, l.values.比例]), [[b, '7']]);
  assert.strictEqual((await call('PATCH', `/lists/${list}/entries/${enc(b)}`, { values: { 比例: 8 } }, 'keji')).status, 403);
  await refused(404, '', 'PATCH', `/lists/${list}/entries/${enc('文2022-9999')}`, { values: { 比例: 8 } });
  const last = (await ok('GET', '/journal?after=0&limit=1000')).filter((l) => l.entity === 'list_value').at(-1);
  assert.ok(/比例/.test(JSON.stringify(last)) && /"7"/.test(JSON.stringify(last).replaceAll('\\', '')));
  assert.strictEqual((await call('GET', `/lists/${list}/entries`, undefined, 'guanli')).status, 403);
  const on = async (who) => (await ok('GET', `/entries/${enc(b)}`, undefined, who)).lists;
  assert.deepStrictEqual([await on('li'), await on('keji')], [['重点工作'], []]);
  for (const [who, sees] of [['li', true], ['keji', false]]) {
    await office.login(who);
    for (const path of [`/entries/${enc(b)}`, '/entries?all=1'])
      assert.strictEqual((await office.request('GET', path, { headers: { cookie: office.cookie } })).body.includes('重点工作'), sees, `${who} ${path}`);
  }
});

test('rows filled in on the page are one form: whole or not at all, and nothing of others is overwritten unseen', async () => {
  await ok('POST', '/lists', { name: '填写' }, 'zhang', 201);
  const list = enc('填写'), a = await register({ lists: ['填写'] }), b = await register({ lists: ['填写'] });
  await ok('POST', `/lists/${list}/columns`, { name: '数', type: 'number' }, 'li', 201);
  const values = async () => Object.fromEntries((await ok('GET', `/lists/${list}/entries`)).map((l) => [l.entry.number, l.values.数]));
  await office.login('zhang');
  const id = /href="\/lists\/(\d+)"[^>]*>填写</.exec((await office.request('GET', '/lists', { headers: { cookie: office.cookie } })).body)[1];
  const page = (await office.request('GET', `/lists/${id}?edit=all`, { headers: { cookie: office.cookie } })).body;
  const rows = [...page.matchAll(/name="row" value="(\d+) ([^"]+)"/g)].map((m) => ({ id: m[1], number: m[2], cell: new RegExp(`name="v(${m[1]}\\.\\d+)"`).exec(page)[1] }));
  assert.deepStrictEqual(rows.map((r) => r.number).sort(), [a, b].sort());
  const csrf = /name="_csrf" value="([\w-]+)"/.exec(page)[1];
  const send = (typed, was = {}) => office.post(`/lists/${id}/values?edit=all`, Buffer.from(new URLSearchParams([['_csrf', csrf],
    ...rows.flatMap((r) => [['row', `${r.id} ${r.number}`], [`v${r.cell}`, typed[r.number] ?? ''], [`w${r.cell}`, was[r.number] ?? '']])]).toString()), { csrf });
  assert.strictEqual((await send({ [a]: '7', [b]: '8' })).status, 303);
  assert.deepStrictEqual(await values(), { [a]: '7', [b]: '8' });
  const bad = await send({ [a]: '9', [b]: '多' }, { [a]: '7', [b]: '8' });
  assert.ok(bad.status === 422 && bad.body.includes('value="9"') && bad.body.includes('value="多"'), 'what was typed stays');
  assert.deepStrictEqual(await values(), { [a]: '7', [b]: '8' }, 'nothing is half taken');
  await ok('PATCH', `/lists/${list}/entries/${enc(a)}`, { values: { 数: 70 } });
  const late = await send({ [a]: '9', [b]: '80' }, { [a]: '7', [b]: '8' });
  assert.ok(late.status === 409 && /已被他人改为“70”/.test(late.body), late.body.slice(0, 300));
  assert.deepStrictEqual(await values(), { [a]: '70', [b]: '8' });
  assert.strictEqual((await send({ [a]: '7', [b]: '80' }, { [a]: '7', [b]: '8' })).status, 303, 'a cell left alone is nobody\'s wish');
  assert.deepStrictEqual(await values(), { [a]: '70', [b]: '80' });
});

test('members by number, a list by query', async () => {
  const list = enc('专班工作'), a = await register({ lists: [] }), b = await register({ lists: [] });
  await ok('POST', `/lists/${list}/entries`, { add: [a, b] });
  await refused(409, '已经是', 'POST', `/lists/${list}/entries`, { add: [a] });
  await ok('POST', `/lists/${list}/entries`, { remove: [a] });
  await refused(409, '不在清单', 'POST', `/lists/${list}/entries`, { add: [a], remove: [a] });
  assert.deepStrictEqual((await ok('GET', `/lists/${list}/entries`)).map((l) => l.entry.number), [b]);
  await refused(404, '', 'POST', `/lists/${list}/entries`, { add: [a, '文2022-9999'] });
  await ok('POST', '/lists', { name: '商务局在办', query: `state=open&unit=${enc('市商务局')}` }, 'li', 201);
  const members = (await ok('GET', `/lists/${enc('商务局在办')}/entries?limit=1000`)).map((l) => l.entry.number);
  assert.ok(members.includes(a) && members.includes(b));
  assert.deepStrictEqual([...members].sort(), (await numbers(`state=open&unit=${enc('市商务局')}`)).sort());
  assert.deepStrictEqual((await numbers(`list=${enc('商务局在办')}`)).sort(), [...members].sort());
  await refused(409, '按条件', 'POST', `/lists/${enc('商务局在办')}/entries`, { add: [a] });
  assert.deepStrictEqual(await ok('GET', `/lists/${enc('商务局在办')}/entries`, undefined, 'keji'), []);
  const told = office.json(['list', '--list', '商务局在办']).map((e) => e.number);
  assert.deepStrictEqual(told.sort(), [...members].sort());
  assert.match(office.ok(['lists']), /专班工作　未办结1件　逾期0件/);
  assert.ok(office.json(['--as', 'li', 'lists']).find((l) => l.name === '重点工作').columns.length === 3);
  assert.strictEqual(office.run(['lists', 'x']).code, 2);
});

test('every order by pages, every condition by name', async () => {
  for (let i = 0; i < 12; i++) await register({ deadline: DAY(3 + (i * 5) % 7), lead_unit: i % 3 ? '市科技局' : '市卫生健康委', urgency: i % 4 ? '' : '特急' });
  for (const sort of ['newest', 'oldest', 'due', 'number', 'unit', 'leader']) {
    const whole = await numbers(`sort=${sort}`), met = [];
    for (let target = `/api/v1/entries?limit=5&sort=${sort}`; target;) {
      const r = await office.request('GET', target, { headers: as('zhang') });
      assert.strictEqual(r.status, 200, r.body);
      met.push(...r.json.map((e) => e.number));
      target = /<([^>]+)>; rel="next"/.exec(r.headers.link || '')?.[1];
    }
    assert.deepStrictEqual(met, whole, sort);
    assert.strictEqual(new Set(met).size, met.length);
  }
  const units = (await ok('GET', '/entries?limit=1000&sort=unit')).map((e) => e.lead_unit);
  assert.deepStrictEqual([...new Set(units)], ['市科技局', '市商务局', '市卫生健康委'], 'in official order, together');
  assert.ok((await numbers(`urgency=${enc('特急')}`)).length === 3);
  assert.ok((await numbers(`category=${enc('部门')}`)).length === units.length);
  assert.deepStrictEqual(await numbers('carried=1'), []);
  assert.deepStrictEqual(await numbers('instruction=1'), []);
  assert.deepStrictEqual(await numbers(`due_to=${DAY(3)}&state=open`), office.json(['list', '--due-to', DAY(3), '--state', 'open']).map((e) => e.number));
  for (const bad of ['sort=x', 'due=x', 'due_from=x', 'settled=2022-13', 'carried=0', 'instruction=x', 'urgency=x', 'view=x', 'after=x', 'sort=due&after=7']) {
    const r = await call('GET', `/entries?${bad}`);
    assert.ok(r.status >= 400 && r.status < 500, `${bad}: ${r.status}`);
  }
});

test('views: own and shared, start, deleted and brought back', async () => {
  const names = async (who) => (await ok('GET', '/views', undefined, who)).filter((v) => v.active).map((v) => v.name);
  await ok('POST', '/views', { name: '我的', query: 'state=open', start: true }, 'li', 201);
  const shared = (await ok('POST', '/views', { name: '全科', query: `urgency=${enc('特急')}`, shared: true }, 'li', 201)).find((v) => v.name === '全科');
  assert.deepStrictEqual(await names('li'), ['我的', '全科']);
  assert.deepStrictEqual(await names('zhang'), ['全科']);
  assert.deepStrictEqual(await names('shangwu'), []);
  assert.deepStrictEqual(await numbers(`view=${enc('全科')}`), await numbers(`urgency=${enc('特急')}`));
  await refused(403, '科室', 'POST', '/views', { name: 'x', query: '', shared: true }, 'shangwu');
  await refused(404, '视图', 'PATCH', `/views/${shared.id}`, { name: 'y' }, 'shangwu');
  await refused(422, '', 'POST', '/views', { name: 'x', query: 'state=nonsense' });
  await ok('PATCH', `/views/${shared.id}`, { active: false });
  assert.deepStrictEqual(await names('zhang'), []);
  await ok('PATCH', `/views/${shared.id}`, { active: true, name: '特急件' });
  assert.deepStrictEqual(await names('zhang'), ['特急件']);
  await office.login('li');
  const at = await office.request('GET', '/entries', { headers: { cookie: office.cookie } });
  assert.match(at.headers.location || '', /^\/entries\?state=open&view=\d+$/);
  assert.strictEqual((await office.request('GET', '/entries?all=1', { headers: { cookie: office.cookie } })).status, 200);
});

test('one act on many: previewed, whole or not at all, in part when told, put back', async () => {
  const many = [];
  for (let i = 0; i < 6; i++) many.push(await register());
  await ok('POST', `/entries/${enc(many[5])}/withdraw`, { text: '不再办理' });
  const order = { numbers: many, act: 'officer', value: 'li' };
  const dry = await ok('POST', '/entries/bulk', { ...order, dry_run: true });
  assert.deepStrictEqual([dry.done, dry.refused, dry.lines[0].to, dry.lines[5].good], [5, 1, '李科员', false]);
  const no = await refused(409, '1件不能', 'POST', '/entries/bulk', order);
  assert.ok(no.errors.some((e) => e.detail?.includes(many[5]) || JSON.stringify(e).includes(many[5])));
  const done = await ok('POST', '/entries/bulk', { ...order, partial: true });
  assert.deepStrictEqual([done.done, done.refused, done.may_undo], [5, 1, true]);
  assert.strictEqual((await ok('GET', `/entries/${enc(many[0])}`)).officer, '李科员');
  assert.deepStrictEqual(await ok('POST', '/entries/bulk/undo', { id: done.id }), { undone: 5 });
  assert.strictEqual((await ok('GET', `/entries/${enc(many[0])}`)).officer, '张科长');
  await refused(409, '已经撤销', 'POST', '/entries/bulk/undo', { id: done.id });
  await refused(404, '', 'POST', '/entries/bulk/undo', { id: 1 });
  await refused(409, '', 'POST', '/entries/bulk', { ...order, numbers: many.slice(0, 2), versions: ['1', '1'] });
  await refused(422, '批量', 'POST', '/entries/bulk', { ...order, act: 'explode' });
  await refused(422, '选中', 'POST', '/entries/bulk', { ...order, numbers: [] });
  await refused(413, '最多1000', 'POST', '/entries/bulk', { ...order, numbers: Array.from({ length: 1001 }, (_, i) => `文2022-${i}`) });
  for (const who of ['shangwu', 'guanli']) assert.strictEqual((await call('POST', '/entries/bulk', order, who)).status, 403);
  const hostile = await ok('POST', '/entries/bulk', { numbers: ['<b>', "'; DROP TABLE entry", '文2022-9999'], act: 'urge', text: 'x', dry_run: true });
  assert.ok(hostile.lines.every((l) => !l.good));
  await ok('POST', '/entries/bulk', { numbers: many.slice(0, 5), act: 'accept' });
  await ok('POST', '/entries/bulk', { numbers: many.slice(0, 5), act: 'extend', value: DAY(30), text: '材料未齐' });
  assert.ok((await ok('GET', `/entries/${enc(many[4])}`)).deadline.startsWith(DAY(31)));
});

test('two bulk edits of the same entries at once: one of them, whole', async () => {
  const many = [];
  for (let i = 0; i < 20; i++) many.push(await register());
  const versions = many.map(() => '1');
  const answers = await Promise.all(['特急', '加急'].map((value) => call('POST', '/entries/bulk', { numbers: many, versions, act: 'urgency', value })));
  assert.deepStrictEqual(answers.map((a) => a.status).sort(), [200, 409]);
  const words = new Set((await Promise.all(many.map((n) => ok('GET', `/entries/${enc(n)}`)))).map((e) => e.urgency));
  assert.strictEqual(words.size, 1);
});

test('the pages hold to the roles and say what is wrong', async () => {
  const get = async (who, path) => { await office.login(who); return office.request('GET', path, { headers: { cookie: office.cookie } }); };
  const id = /\/lists\/(\d+)"[^>]*>重点工作/.exec((await get('zhang', '/lists')).body)[1];
  for (const path of ['/lists', `/lists/${id}`, `/lists/${id}/print`, '/lists/instructions', '/lists/instructions/print', '/views', '/entries?all=1', '/entries/print']) {
    assert.strictEqual((await get('li', path)).status, 200, path);
    const theirs = await get('shangwu', path);
    assert.strictEqual(theirs.status, 200, path);
    assert.ok(!/name="n" value/.test(theirs.body) && !/action="\/lists\/\d+\/columns"/.test(theirs.body), path);
    assert.strictEqual((await get('guanli', path)).status, 403, path);
  }
  assert.ok(!(await get('keji', `/lists/${id}`)).body.includes('市商务局'), 'another unit sees the rows');
  assert.strictEqual((await get('zhang', '/lists/999999')).status, 404);
  await office.login('zhang');
  const wrong = await office.post(`/lists/${id}/entries`, { numbers: '文2022-9999、x', what: 'add' }, { from: '/lists' });
  assert.strictEqual(wrong.status, 404);
  assert.match(wrong.body, /✗[^<]*文2022-9999/);
  assert.match(wrong.body, /<textarea[^>]*>文2022-9999、x/);
  const none = await office.post('/entries/bulk', { act: 'urge' }, { from: '/lists' });
  assert.strictEqual(none.status, 422);
  await office.login('shangwu');
  for (const [path, fields] of [['/lists', { name: 'x' }], [`/lists/${id}`, { active: '0' }], [`/lists/${id}/values`, { number: 'x' }], ['/entries/bulk', { act: 'urge' }]])
    assert.strictEqual((await office.post(path, fields, { from: '/lists' })).status, 403, path);
});

test('hostile words stay words: in names, choices, values, views, conditions', async () => {
  const XSS = '"><img src=x onerror=alert(1)>\'&amp{{x}}', name = `清${XSS}`;
  await refused(422, '分号', 'POST', '/lists', { name: '甲；乙' });
  await ok('POST', '/lists', { name }, 'zhang', 201);
  await ok('POST', `/lists/${enc(name)}/columns`, { name: `栏${XSS}`, type: 'text' }, 'zhang', 201);
  await ok('POST', `/lists/${enc(name)}/columns`, { name: `选${XSS}`, type: 'choice', choices: [`词${XSS}`] }, 'zhang', 201);
  const n = await register({ lists: [name] });
  await ok('PATCH', `/lists/${enc(name)}/entries/${enc(n)}`, { values: { [`栏${XSS}`]: XSS, [`选${XSS}`]: `词${XSS}` } });
  await ok('POST', '/views', { name: XSS, query: `q=${enc(XSS)}`, shared: true }, 'zhang', 201);
  await office.login('zhang');
  const get = (path) => office.request('GET', path, { headers: { cookie: office.cookie } });
  const lists = (await get('/lists')).body, id = [...lists.matchAll(/\/lists\/(\d+)">清/g)].at(-1)[1];
  const paths = ['/lists', `/lists/${id}`, `/lists/${id}?edit=all`, `/lists/${id}?own=${enc(XSS)}`, `/lists/${id}/print`, '/views', '/entries?all=1', `/entries?q=${enc(XSS)}&columns=${enc(XSS)}`,
    `/entries/print?q=${enc(XSS)}`, `/entries?unit=${enc(XSS)}`, `/entries?all=1&done=${enc(XSS)}&undo=${enc(XSS)}`, `/lists/instructions?state=open&after=${enc(XSS)}`];
  for (const path of paths) {
    const r = await get(path);
    assert.ok(r.status < 500, `${path}: ${r.status}`);
    assert.ok(!/<img src=x/.test(r.body), path);
  }
  const typed = await office.post('/entries/bulk', { act: 'urge', n: XSS, next: '//elsewhere.example/' }, { from: '/lists' });
  assert.ok(!/<img src=x/.test(typed.body) && !/href="\/\/elsewhere/.test(typed.body));
});

test('large lists: a thousand at once, and no more', async () => {
  const csv = 'kind,title,source,requirement,received,deadline,lead_unit\n' + Array.from({ length: 1000 }, (_, i) => `文,批量之件${i},来文,报结果,${DAY(0)},${DAY(20)},市科技局`).join('\n');
  office.ok(['import', 'entries', '-'], { input: csv });
  const many = await numbers(`q=${enc('批量之件')}`);
  assert.strictEqual(many.length, 1000);
  const at = Date.now(), done = await ok('POST', '/entries/bulk', { numbers: many, act: 'list_add', value: '重点工作' });
  assert.strictEqual(done.done, 1000);
  assert.ok(Date.now() - at < 20000, `${Date.now() - at} ms`);
  assert.strictEqual((await ok('POST', '/entries/bulk/undo', { id: done.id })).undone, 1000);
});

test('nothing broke the chain', () => {
  assert.strictEqual(office.run(['verify']).code, 0);
});
