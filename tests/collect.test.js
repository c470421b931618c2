// 收表 from outside: API, command line and pages; every role; two liaisons and two submits at once; hostile text; what is refused leaves nothing.
'use strict';
const test = require('node:test');
const assert = require('node:assert');
const crypto = require('node:crypto');
const { Office } = require('./rig.js');

const FORM = '数 | 整数 | 必填 | 0..1000\n其中 | 整数\n备注\n电话 | 文字 | 个人信息\n其中 <= 数\n';
const DRAFT = { title: '隔离转运日报', form: FORM, every: 'day', time: '23:59', zero: true, categories: ['部门'] };
const LATER = '2099-01-05 18:00';

let o, tokens, id;

const as = (user) => ({ authorization: `Bearer ${tokens[user]}` });
const put = (verb, body, user = 'zhang', round = 1, which = id) => o.api('POST', `/collects/${which}/rounds/${round}/${verb}`, body, as(user));
const round = async (user = 'zhang', which = id) => (await o.api('GET', `/collects/${which}/rounds/newest`, undefined, as(user))).json;
const of = (r, unit) => r.answers.find((a) => a.unit === unit);
const adds = (r) => assert.strictEqual(r.asked, r.answered + r.zero + r.missing);
const make = async (more = {}) => { const r = await o.api('POST', '/collects', { ...DRAFT, ...more }); assert.strictEqual(r.status, 201, r.body); return r.json.id; };

test.before(async () => {
  o = new Office().begin();
  for (const [login, name, role, home] of [['keji', '科技局联络员', 'liaison', '市科技局'], ['shizhang', '市长', 'leader', '市长']]) {
    if (role === 'leader') { await o.serve(); await o.login('zhang'); await o.post('/units', { kind: 'leader', name: '市长', short_name: '', category: '' }, { from: '/units' }); await o.stop(); }
    o.ok(['user', 'add', login, '--name', name, '--role', role, '--password', 'wenhuishi-1', '--home', home]);
  }
  tokens = Object.fromEntries(['zhang', 'li', 'shangwu', 'keji', 'shizhang', 'guanli'].map((u) => [u, o.json(['token', 'add', u, 'test']).token]));
  await o.serve();
});
test.after(async () => { await o.end(); });

test('a daily report from asking to sending up', async () => {
  id = await make();
  let r = await round();
  assert.deepStrictEqual([r.round, r.asked, r.answered, r.zero, r.missing], [1, 3, 0, 0, 3]);
  assert.match(o.ok(['jobs']), /collect_round\t/);
  const waiting = (await o.api('GET', '/collects', undefined, as('keji'))).json;
  assert.deepStrictEqual(waiting.map((k) => [k.id, k.state]), [[id, 'asked']]);
  assert.strictEqual((await put('save', { rows: [{ 数: '大概', 备注: '还在核' }] }, 'keji')).status, 200, 'a draft may be wrong');
  assert.strictEqual(of(await round(), '市科技局').state, 'draft');
  const bad = await put('submit', { rows: [{ 数: '大概' }] }, 'keji');
  assert.strictEqual(bad.status, 422);
  assert.deepStrictEqual([bad.json.errors[0].line, bad.json.errors[0].column], [1, 1]);
  assert.strictEqual((await put('submit', { rows: [{ 数: '１,000', 其中: 3, 电话: '13912345678' }] }, 'keji')).status, 200);
  assert.strictEqual((await put('submit', { zero: true }, 'shangwu')).status, 200);
  r = await round();
  adds(r);
  assert.deepStrictEqual([r.answered, r.zero, r.missing], [1, 1, 1]);
  assert.ok(!('rows' in r.answers[0]), 'the board has no contents');
  assert.strictEqual((await round('keji')).answers[0].rows[0].电话, '＊＊＊1');
  assert.strictEqual((await put('urge', { text: '群内提醒' })).status, 200);
  assert.strictEqual(of(await round(), '市卫生健康委').urged, 1);
  assert.strictEqual((await put('submit', { unit: '市卫生健康委', csv: '备注,数\n"a,b",7\n', said_by: '值班员王某' })).status, 422, 'a head that lacks columns');
  assert.strictEqual((await put('submit', { unit: '市卫生健康委', csv: '数\t其中\t备注\t电话\n7\t\ta\t\n', said_by: '值班员王某' })).status, 200);
  assert.deepStrictEqual([of(await round(), '市卫生健康委').said_by, of(await round(), '市卫生健康委').by], ['值班员王某', '张科长']);
  assert.strictEqual((await put('return', { unit: '市科技局' })).status, 422, 'returning needs a reason');
  assert.strictEqual((await put('return', { unit: '市科技局', reason: '请核对' })).status, 200);
  adds(await round());
  assert.strictEqual((await put('submit', { rows: [{ 数: 12, 电话: '＊＊＊1' }] }, 'keji')).status, 200);
  const early = await put('send', { to: '省指挥部' });
  assert.strictEqual(early.status, 409);
  assert.match(early.body, /3家未核收：市科技局/);
  assert.strictEqual((await round()).sent, false, 'a refused sending seals nothing');
  assert.strictEqual((await put('accept', {})).status, 200);
  const sent = await put('send', { to: '省指挥部' });
  assert.deepStrictEqual([sent.json.sent, sent.json.sheets], [true, 1]);
  assert.strictEqual((await put('submit', { rows: [{ 数: 13 }] }, 'keji')).status, 409);
  assert.strictEqual((await put('send', { to: '省指挥部' })).status, 409, 'nothing changed');
  const table = (await o.api('GET', `/collects/${id}/rounds/1/table`)).json;
  assert.deepStrictEqual([table.totals.数, table.missing, table.csv.includes('13912345678')], ['19', [], false]);
  const sheets = (await round()).sent_sheets;
  assert.deepStrictEqual([sheets.length, sheets[0].to, sheets[0].correction], [1, '省指挥部', false]);
  await o.login('zhang');
  const kept = await o.request('GET', `/collects/${id}/rounds/1/sheets/1`, { headers: { cookie: o.cookie } });
  assert.strictEqual(crypto.createHash('sha256').update(kept.body).digest('hex'), sheets[0].sha256, 'the hash is of the bytes one gets');
  assert.deepStrictEqual((await o.api('GET', `/collects/${id}/rounds`)).json.map((k) => [k.round, k.answered, k.zero]), [[1, 2, 1]]);
  o.ok(['verify']);
});

test('two liaisons and two submits at once', async () => {
  const which = await make({ title: '两人同时' });
  const both = await Promise.all([put('submit', { rows: [{ 数: 1 }] }, 'keji', 1, which), put('submit', { rows: [{ 数: 2 }] }, 'shangwu', 1, which)]);
  assert.deepStrictEqual(both.map((r) => r.status), [200, 200]);
  const version = of(await round('zhang', which), '市科技局').version;
  const same = await Promise.all([5, 6, 7, 8].map((n) => put('submit', { rows: [{ 数: n }], version }, 'keji', 1, which)));
  assert.deepStrictEqual(same.map((r) => r.status).sort(), [200, 409, 409, 409]);
  const once = await Promise.all([1, 2].map(() => o.api('POST', `/collects/${which}/rounds/1/urge`, {}, { ...as('zhang'), 'idempotency-key': 'urge-1' })));
  assert.deepStrictEqual(once.map((r) => r.status), [200, 200]);
  const r = await round('zhang', which);
  assert.deepStrictEqual([of(r, '市科技局').versions, of(r, '市卫生健康委').urged, r.answered, r.missing], [2, 1, 2, 1]);
});

test('who may what', async () => {
  const one = await make({ title: '只问商务局', every: 'once', deadline: LATER, categories: [], units: ['市商务局'] });
  for (const [user, method, path, body, status] of [
    ['keji', 'GET', `/collects/${one}`, undefined, 404], ['keji', 'GET', `/collects/${one}/rounds/1`, undefined, 404],
    ['keji', 'POST', `/collects/${one}/rounds/1/submit`, { rows: [{ 数: 1 }] }, 404], ['keji', 'POST', `/collects/${one}/rounds/1/submit`, { unit: '市商务局', rows: [{ 数: 1 }] }, 404],
    ['shangwu', 'GET', `/collects/${one}`, undefined, 200], ['shangwu', 'POST', `/collects/${one}/rounds/1/urge`, {}, 403], ['shangwu', 'POST', `/collects/${one}/rounds/1/accept`, {}, 403],
    ['shangwu', 'POST', '/collects', DRAFT, 403], ['shangwu', 'GET', `/collects/${one}/rounds/1/table`, undefined, 403],
    ['shizhang', 'GET', `/collects/${one}/rounds/1`, undefined, 200], ['shizhang', 'GET', `/collects/${one}/rounds/1/table`, undefined, 200],
    ['shizhang', 'POST', `/collects/${one}/rounds/1/submit`, { unit: '市商务局', rows: [{ 数: 1 }] }, 403], ['guanli', 'GET', '/collects', undefined, 403],
    ['zhang', 'GET', `/collects/${one + 999}`, undefined, 404], ['zhang', 'GET', '/collects/x', undefined, 404], ['zhang', 'GET', `/collects/${one}/rounds/9`, undefined, 404],
    ['zhang', 'POST', `/collects/${one}/rounds/1/shred`, {}, 404], ['li', 'POST', `/collects/${one}/rounds/1/submit`, { unit: '市科技局', rows: [{ 数: 1 }] }, 404],
  ]) {
    const head = await o.head();
    const r = await o.api(method, path, body, as(user));
    assert.strictEqual(r.status, status, `${user} ${method} ${path}: ${r.body}`);
    assert.strictEqual(await o.head(), head, `${user} ${method} ${path} wrote something`);
  }
});

test('bad input is named and nothing is taken', async () => {
  const many = await make({ title: '明细', every: 'once', deadline: LATER, many: 5, zero: false });
  for (const [body, status, line, column] of [
    [{ csv: '数\t其中\t备注\t电话\n1\t2\tx\ty\n2\t1\tx\ty\n' }, 422, 2, 1],               // the rule
    [{ csv: '数\t其中\t备注\t电话\n1\t1\tx\ty\n9\tz\tx\ty\n' }, 422, 3, 3],
    [{ csv: '数\t其中\t备注\t电话\n1\t1\tx\n9\t1\tx\ty\n' }, 422, 2, 1],
    [{ csv: Array.from({ length: 6 }, () => '1\t1\tx\ty').join('\n') }, 422],
    [{ csv: '"数' }, 422, 1], [{ rows: 'x' }, 422], [{ rows: [{ 别的: 1 }] }, 422], [{ rows: [[1]] }, 422], [{ rows: [{ 数: 1.5 }] }, 422], [{ rows: [] }, 422], [{}, 422], [{ zero: true }, 422],
    [{ rows: [{ 数: 1, 备注: '机密★1年' }] }, 422], [{ rows: [{ 数: 1, 备注: 'x'.repeat(501) }] }, 422], [{ rows: [{ 数: 1, 备注: 'a\tb' }] }, 422], [{ rows: [{ 数: 1 }], version: 9 }, 409], [{ wrong: 1 }, 422],
  ]) {
    const head = await o.head(), r = await put('submit', body, 'keji', 1, many);
    assert.strictEqual(r.status, status, `${JSON.stringify(body)}: ${r.body}`);
    if (line) assert.strictEqual(r.json.errors[0].line, line, r.body);
    if (column) assert.strictEqual(r.json.errors[0].column, column, r.body);
    assert.strictEqual(await o.head(), head);
  }
  const bad = await o.api('POST', '/collects', { ...DRAFT, title: '', form: '甲 | 数目\n甲 | 整数\n乙 | 整数 | 9..1', categories: ['没有这类'] });
  assert.strictEqual(bad.status, 422);
  assert.deepStrictEqual(bad.json.errors.map((e) => [e.field, e.line]).filter(([f]) => f === 'form'), [['form', 1], ['form', 3]]);
});

test('pages: the unit fills, the section urges, text stays text', async () => {
  const evil = '<script>alert(1)</script>"\'&';
  const which = await make({ title: `表${evil}`, about: evil, form: `${evil.replace(/[=<>]/g, '')} | 文字 | 说明：${evil}\n数 | 整数 | 必填\n`, every: 'once', deadline: LATER });
  await o.login('shangwu');
  const list = await o.request('GET', '/collects', { headers: { cookie: o.cookie } });
  assert.ok(list.body.includes(`/collects/${which}/rounds/1/units/`) && !list.body.includes('<script>alert'));
  const led = await o.request('GET', `/collects/${which}`, { headers: { cookie: o.cookie } });
  assert.strictEqual(led.status, 303);
  const own = led.headers.location, other = own.replace(/\d+$/, (n) => Number(n) + 1);
  const fill = (fields) => o.post(own, { do: 'submit', rev: '0', r1c1: evil, r1c2: '3', ...fields }, { from: own });
  const refused = await fill({ r1c2: '三' });
  assert.strictEqual(refused.status, 422);
  assert.match(refused.body, /“数”的“三”应为整数/);
  assert.match(refused.body, /value="?三"?/, 'what was typed is still there');
  assert.strictEqual((await fill({})).status, 303);
  assert.strictEqual((await fill({})).status, 409, 'the form was filled against what is no longer');
  const shown = await o.request('GET', own, { headers: { cookie: o.cookie } });
  assert.ok(shown.body.includes('&lt;script') && !shown.body.includes('<script>alert'));
  assert.strictEqual((await o.request('GET', other, { headers: { cookie: o.cookie } })).status, 404);
  assert.strictEqual((await o.post(`/collects/${which}/rounds/1`, { verb: 'urge' }, { from: own })).status, 403);
  await o.login('zhang');
  const board = `/collects/${which}/rounds/1`;
  assert.strictEqual((await o.post(board, { verb: 'urge', text: '电话' }, { from: board })).status, 303);
  const page = (await o.request('GET', board, { headers: { cookie: o.cookie } })).body;
  assert.match(page, /请以下单位于2099年1月5日18时00分前报送/);
  assert.ok(page.includes('市科技局、市卫生健康委') && page.includes('催报1次') && !page.includes('<script>alert'));
  assert.strictEqual((await o.post(board, { verb: 'send', text: '' }, { from: board })).status, 422);
  assert.match(page, /2家未报：市科技局、市卫生健康委[^]*仍要上报/);
  assert.strictEqual((await o.post(board, { verb: 'send', text: '省指挥部' }, { from: board })).status, 409, 'two are missing');
  assert.strictEqual((await round('zhang', which)).sent, false);
  const csv = await o.request('GET', `${board}/csv`, { headers: { cookie: o.cookie } });
  assert.match(csv.headers['content-type'], /text\/csv/);
  assert.ok(csv.body.includes('合计') && csv.body.includes('市科技局'));
  assert.strictEqual((await o.post(`/collects/${which}/edit`, { title: '改名', version: '99', form: 'x', units: '市商务局' }, { from: board })).status, 409);
});

test('files: what was taken away as xlsx comes back, a broken one is named', async () => {
  const which = await make({ title: '明细上传', every: 'once', deadline: LATER, many: 50, categories: [], units: ['市商务局'], form: '事项 | 文字 | 必填\n数 | 整数\n率 | 小数2\n日期 | 日期\n' });
  await put('submit', { rows: [{ 事项: '=甲', 数: 3, 率: '0.50', 日期: '2022-05-09' }, { 事项: '乙', 数: -4 }] }, 'shangwu', 1, which);
  await o.login('zhang');
  const board = `/collects/${which}/rounds/1`, file = await download(`${board}/xlsx`);
  assert.match(file.headers['content-type'], /spreadsheetml/);
  const unit = /href="?([^" >]*\/units\/\d+)/.exec((await o.request('GET', board, { headers: { cookie: o.cookie } })).body)[1];
  await o.login('shangwu');
  const send = async (name, bytes, rev = '1') => {
    const csrf = /name="?_csrf"? value="?([\w-]+)"?/.exec((await o.request('GET', unit, { headers: { cookie: o.cookie } })).body)[1];
    const fields = Object.entries({ _csrf: csrf, do: 'submit', rev, rows: '' }).map(([k, v]) => `--XX\r\nContent-Disposition: form-data; name="${k}"\r\n\r\n${v}\r\n`).join('');
    const body = Buffer.concat([Buffer.from(`${fields}--XX\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\n\r\n`), bytes, Buffer.from('\r\n--XX--\r\n')]);
    return o.request('POST', unit, { headers: { 'content-type': 'multipart/form-data; boundary=XX', 'content-length': body.length, cookie: o.cookie }, body });
  };
  const bad = await send('a.csv', Buffer.from('事项,数,率,日期\n甲,1,2,2022-05-09\n乙,二,2,2022-05-09\n'));
  assert.strictEqual(bad.status, 422);
  assert.match(bad.body, /第3行第3字<\/td><td>“数”的“二”应为整数/);
  assert.strictEqual((await send('a.xlsx', Buffer.from('PK\u0003\u0004 not a workbook'))).status, 422);
  assert.strictEqual((await send('a.csv', Buffer.from('别的,列名\n1,2\n'))).status, 422);
  assert.strictEqual((await send('a.xlsx', file.bytes)).status, 303);
  const rows = (await round('shangwu', which)).answers[0].rows;
  assert.deepStrictEqual(rows, [{ 事项: '=甲', 数: '3', 率: '0.50', 日期: '2022-05-09' }, { 事项: '乙', 数: '-4', 率: '', 日期: '' }]);
  assert.strictEqual((await round('shangwu', which)).answers[0].versions, 2);
});

// Bytes as they are; request() reads text.
function download(path) {
  return new Promise((resolve, reject) => {
    require('node:http').get({ host: '127.0.0.1', port: o.port, path, headers: { cookie: o.cookie } }, (rs) => {
      const parts = [];
      rs.on('data', (d) => parts.push(d));
      rs.on('end', () => resolve({ headers: rs.headers, bytes: Buffer.concat(parts) }));
    }).on('error', reject);
  });
}

test('personal cells in clear only as an act with a reason', async () => {
  const which = await make({ title: '带电话', every: 'once', deadline: LATER });
  await put('submit', { rows: [{ 数: 1, 电话: '13800001111' }] }, 'keji', 1, which);
  await o.login('zhang');
  const board = `/collects/${which}/rounds/1`, unit = /href="?([^" >]*\/units\/\d+)/.exec((await o.request('GET', board, { headers: { cookie: o.cookie } })).body)[1];
  for (const path of [board, `${board}/table`, `${board}/print`, `${board}/csv`, unit])
    assert.ok(!(await o.request('GET', path, { headers: { cookie: o.cookie } })).body.includes('13800001111'), path);
  assert.strictEqual((await o.post(`${unit}/unmask`, { reason: '' }, { from: board })).status, 422);
  assert.ok((await o.post(`${unit}/unmask`, { reason: '核对' }, { from: board })).body.includes('13800001111'));
  assert.ok((await o.post(`${board}/csv`, { reason: '交流调组' }, { from: board })).body.includes('13800001111'));
  const after = (await o.request('GET', board, { headers: { cookie: o.cookie } })).body;
  assert.ok(after.includes('核对') && after.includes('交流调组'), 'both are on record');
});

test('whs collect', () => {
  assert.match(o.ok(['--as', 'zhang', 'collect', 'list']), new RegExp(`^${id}\\t.*隔离转运日报\\t已报2 · 零报告1 · 未报0$`, 'm'));
  assert.strictEqual(o.json(['--as', 'zhang', 'collect', 'show', String(id)]).sent, true);
  assert.match(o.ok(['--as', 'zhang', 'collect', 'show', String(id), '1']), /^市商务局\t零报告 已核收\t/m);
  assert.match(o.ok(['--as', 'zhang', 'collect', 'export', String(id)]), /^合计,19,/m);
  assert.strictEqual(o.run(['--as', 'zhang', 'collect', 'urge', String(id)]).code, 5);
  assert.strictEqual(o.run(['--as', 'keji', 'collect', 'export', String(id)]).code, 4);
  assert.strictEqual(o.run(['--as', 'zhang', 'collect', 'show', '999999']).code, 3);
  assert.strictEqual(o.run(['collect']).code, 2);
});
