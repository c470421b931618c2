// The API from outside, against the tables of domain.md 2 and interfaces.md 3: every verb in every state, who may, what is refused, what a repeated or late call gets.
'use strict';
const test = require('node:test');
const assert = require('node:assert');
const { Office } = require('./rig.js');

const office = new Office();
const tokens = {};
const DAY = 24 * 3600 * 1000;
const day = (shift) => new Date(Date.now() + 8 * 3600 * 1000 + shift * DAY).toISOString().slice(0, 10);
const as = (who) => ({ authorization: `Bearer ${tokens[who]}` });
const DRAFT = { kind: 'document', title: '关于报送稳增长措施的通知', source: '市政府办公室', requirement: '报送书面材料', deadline: `${day(30)}T18:00:00+08:00`, lead_unit: '市商务局' };
const OWN = { ...DRAFT, title: '起草全市工作会议讲话稿', lead_unit: '秘书科' };
const READING = { kind: 'document', title: '省政府办公厅通报', source: '省政府办公厅', reading: true };

test.before(async () => {
  office.begin();
  tokens.zhang = office.token;
  for (const who of ['li', 'shangwu', 'guanli']) tokens[who] = office.json(['token', 'add', who, 'test']).token;
  office.ok(['user', 'add', 'keji', '--name', '科技局联络员', '--role', 'liaison', '--home', '市科技局', '--password', 'wenhuishi-1']);
  tokens.keji = office.json(['token', 'add', 'keji', 'test']).token;
  await office.serve();
});
test.after(() => office.end());

async function call(method, target, value, headers) { return office.api(method, target, value, headers); }
async function register(draft = DRAFT, headers) {
  const r = await call('POST', '/entries', draft, headers);
  assert.strictEqual(r.status, 201, r.body);
  return r.json.number;
}
const at = (number, verb = '') => `/entries/${encodeURIComponent(number)}${verb && `/${verb}`}`;
async function act(number, verb, value = {}, headers) { return call('POST', at(number, verb), value, headers); }
async function stateOf(number) { return (await call('GET', at(number))).json.state; }

// A refusal: the status, problem+json, one Chinese sentence with these words in it, and nothing written.
async function refused(status, words, doing) {
  const before = await office.head();
  const r = await doing();
  assert.ok([].concat(status).includes(r.status), `${r.status} is not ${status}: ${r.body}`);
  assert.match(r.headers['content-type'], /^application\/problem\+json/);
  assert.strictEqual(r.json.status, r.status);
  for (const key of ['type', 'title', 'detail']) assert.strictEqual(typeof r.json[key], 'string', `${key} of ${r.body}`);
  assert.match(r.json.detail, /[\u4e00-\u9fff]/);
  for (const w of [].concat(words)) assert.ok(r.json.detail.includes(w), `"${r.json.detail}" does not say ${w}`);
  assert.strictEqual(await office.head(), before, 'a refusal wrote to the journal');
  return r;
}

// --- the state table ----------------------------------------------------------------------------------------------------------

const WORD = { pending: '待签收', active: '在办', returned: '申请退办', review: '待核查', settled: '办结', archived: '归档', suspended: '暂缓', withdrawn: '撤销立项' };
const WHY = { text: '情况有变' };
const SAY = {
  accept: {}, return: WHY, assign: {}, submit: { text: '已办理' }, reject: WHY, settle: { result: '已报送' }, suspend: WHY, resume: WHY, withdraw: WHY, archive: {}, reopen: WHY,
  feedback: { text: '正在办理' }, urge: { text: '请抓紧' }, extend: { deadline: day(60) },
};
const PATH = {
  pending: [], active: ['accept'], returned: ['return'], review: ['accept', 'submit'], settled: ['accept', 'submit', 'settle'], archived: ['accept', 'submit', 'settle', 'archive'],
  suspended: ['accept', 'suspend'], withdrawn: ['withdraw'],
};
const OPEN = ['pending', 'active', 'returned', 'review', 'suspended'];
const same = Object.fromEntries(OPEN.map((s) => [s, s]));
// For a matter that a unit leads: verb -> from -> to. Whatever is not here is illegal.
const TABLE = {
  accept: { pending: 'active' }, return: { pending: 'returned', active: 'returned' }, assign: { returned: 'pending', pending: 'pending', active: 'pending' }, submit: { active: 'review' },
  reject: { review: 'active' }, settle: { review: 'settled' }, suspend: { active: 'suspended' }, resume: { suspended: 'active' },
  withdraw: Object.fromEntries(OPEN.map((s) => [s, 'withdrawn'])), archive: { settled: 'archived' }, reopen: { settled: 'active' }, feedback: same, urge: same, extend: same,
};

async function inState(state, draft = DRAFT, path = PATH) {
  const number = await register(draft);
  for (const verb of path[state]) {
    const r = await act(number, verb, SAY[verb]);
    assert.strictEqual(r.status, 200, `${verb}: ${r.body}`);
  }
  assert.strictEqual(await stateOf(number), state);
  return number;
}

for (const state of Object.keys(WORD)) {
  test(`${state}: legal moves move, illegal ones are refused by name`, async () => {
    const still = await inState(state);
    for (const [verb, moves] of Object.entries(TABLE)) {
      if (moves[state]) {
        const number = await inState(state), before = await office.head();
        const r = await act(number, verb, SAY[verb]);
        assert.strictEqual(r.status, 200, `${verb} from ${state}: ${r.body}`);
        assert.strictEqual(await stateOf(number), moves[state], verb);
        assert.notStrictEqual(await office.head(), before, `${verb} left no line`);
      } else {
        await refused(409, [still, WORD[state]], () => act(still, verb, SAY[verb]));
        assert.strictEqual(await stateOf(still), state);
      }
    }
  });
}

test('the section settles its own matters directly; there is nothing to accept or to return', async () => {
  const number = await register(OWN);
  assert.strictEqual(await stateOf(number), 'active');
  await refused(409, number, () => act(number, 'accept'));
  await refused(409, number, () => act(number, 'return', WHY));
  assert.strictEqual((await act(number, 'settle', { result: '已印发' })).status, 200);
  assert.strictEqual(await stateOf(number), 'settled');
});

test('a reading item needs neither deadline nor unit', async () => {
  const number = await register(READING);
  assert.match(number, /^阅\d{4}-\d{4}$/);
  await refused(409, number, () => act(number, 'submit', { text: '已办理' }));
  assert.strictEqual((await act(number, 'settle')).status, 200);
});

test('a verb outside the table is no address', async () => {
  const number = await register();
  await refused(404, [], () => act(number, 'erase'));
  await refused(405, [], () => call('DELETE', at(number)));
});

test('reasons are asked for', async () => {
  for (const [state, verb] of [['pending', 'return'], ['pending', 'withdraw'], ['active', 'suspend'], ['review', 'reject'], ['suspended', 'resume'], ['settled', 'reopen']]) {
    const number = await inState(state);
    await refused(422, '原因', () => act(number, verb, {}));
    await refused(422, '原因', () => act(number, verb, { text: '  ' }));
  }
});

test('Location names the new entry', async () => {
  const r = await call('POST', '/entries', DRAFT);
  assert.strictEqual(r.headers.location, `/api/v1${at(r.json.number)}`);
  assert.strictEqual((await office.request('GET', r.headers.location, { headers: as('zhang') })).json.number, r.json.number);
});

test('numbers are gapless per kind, over refusals', async () => {
  const seen = {};
  for (const kind of ['document', 'meeting', 'affair', 'meeting', 'affair', 'meeting']) {
    await call('POST', '/entries', { ...DRAFT, kind, title: '' });
    const m = /^([文会事])(\d{4})-(\d{4,})$/.exec(await register({ ...DRAFT, kind }));
    assert.strictEqual(m[1], { document: '文', meeting: '会', affair: '事' }[kind]);
    if (seen[kind]) assert.strictEqual(Number(m[3]), seen[kind] + 1);
    seen[kind] = Number(m[3]);
  }
});

test('an extension is asked by the unit and granted or refused by the section', async () => {
  const number = await inState('active'), before = (await call('GET', at(number))).json.deadline;
  assert.strictEqual((await act(number, 'extend', { deadline: day(70), text: '资料未齐' }, as('shangwu'))).status, 200);
  assert.strictEqual((await call('GET', at(number))).json.deadline, before);
  await refused(403, [], () => act(number, 'extend', { grant: true, text: '同意' }, as('shangwu')));
  assert.strictEqual((await act(number, 'extend', { grant: false, text: '不同意' })).status, 200);
  assert.strictEqual((await call('GET', at(number))).json.deadline, before);
  assert.strictEqual((await act(number, 'extend', { deadline: day(70), text: '资料未齐' }, as('shangwu'))).status, 200);
  assert.strictEqual((await act(number, 'extend', { deadline: day(70), grant: true })).status, 200);
  assert.notStrictEqual((await call('GET', at(number))).json.deadline, before);
});

// --- who ------------------------------------------------------------------------------------------------------------------------

test('who may do what', async () => {
  const pending = await inState('pending'), settled = await inState('settled');
  await refused(403, '撤销立项', () => act(pending, 'withdraw', WHY, as('li')));
  await refused(403, '重新办理', () => act(settled, 'reopen', WHY, as('li')));
  assert.strictEqual((await act(pending, 'accept', {}, as('li'))).status, 200);
});

test('a liaison acts for the own unit only', async () => {
  const number = await register();
  assert.strictEqual((await act(number, 'accept', {}, as('shangwu'))).status, 200);
  await refused(403, '撤销立项', () => act(number, 'withdraw', WHY, as('shangwu')));
  await refused(403, '暂缓', () => act(number, 'suspend', WHY, as('shangwu')));
  await refused(403, [], () => call('POST', '/entries', DRAFT, as('shangwu')));
  assert.strictEqual((await act(number, 'feedback', { text: '已召开专题会' }, as('shangwu'))).status, 200);
  assert.strictEqual((await act(number, 'submit', { text: '已办理' }, as('shangwu'))).status, 200);
  await refused(403, '办结', () => act(number, 'settle', {}, as('shangwu')));
});

test('a stranger\'s number is exactly like a missing one', async () => {
  const number = await register(), missing = number.replace(/\d{4}$/, '9999');
  const blank = (r) => r.body.replaceAll(number, 'N').replaceAll(missing, 'N');
  for (const verb of ['', ...Object.keys(TABLE)]) {
    const get = (n) => (verb ? act(n, verb, SAY[verb], as('keji')) : call('GET', at(n), undefined, as('keji')));
    const there = await refused(404, number, () => get(number)), not = await refused(404, missing, () => get(missing));
    assert.strictEqual(blank(there), blank(not));
    assert.deepStrictEqual(Object.keys(there.headers).filter((h) => h !== 'date'), Object.keys(not.headers).filter((h) => h !== 'date'));
  }
  const own = await call('GET', '/entries?limit=1000', undefined, as('keji'));
  assert.ok(!own.body.includes(number));
  assert.deepStrictEqual(own.json, []);
  const theirs = await call('GET', '/entries?limit=1000', undefined, as('shangwu'));
  assert.ok(theirs.json.some((e) => e.number === number));
  assert.ok(theirs.json.every((e) => e.lead_unit === '市商务局' || e.assist_units.includes('市商务局')));
});

test('an assisting unit sees the matter and may only give feedback', async () => {
  const number = await register({ ...DRAFT, assist_units: ['市科技局'] });
  assert.strictEqual((await call('GET', at(number), undefined, as('keji'))).status, 200);
  await refused(403, '签收', () => act(number, 'accept', {}, as('keji')));
  assert.strictEqual((await act(number, 'feedback', { text: '配合材料已送' }, as('keji'))).status, 200);
});

test('an administrator sees no entries', async () => {
  const number = await register();
  assert.ok([403, 404].includes((await call('GET', at(number), undefined, as('guanli'))).status));
  const list = await call('GET', '/entries', undefined, as('guanli'));
  assert.ok(list.status === 403 || list.json.length === 0, list.body);
  assert.ok([403, 404].includes((await call('POST', '/entries', DRAFT, as('guanli'))).status));
  await refused([403], [], () => call('POST', '/closings', { period: '2022-05' }, as('li')));
});

// --- credentials -----------------------------------------------------------------------------------------------------------------

test('without a token, with a wrong, foreign or revoked one: 401', async () => {
  const number = await register();
  const secret = office.token.replace(/^whs_[^_]+_/, '');
  for (const header of [{}, { authorization: '' }, { authorization: 'Bearer' }, { authorization: 'Bearer x' }, { authorization: `Bearer whs_other_${secret}` }, { authorization: `Bearer whs_main_${'A'.repeat(secret.length)}` },
    { authorization: `Bearer ${office.token.slice(0, -1)}` }, { authorization: `Bearer ${office.token}A` }, { authorization: `Basic ${Buffer.from(`zhang:${office.token}`).toString('base64')}` }]) {
    const r = await office.request('GET', `/api/v1${at(number)}`, { headers: header });
    assert.strictEqual(r.status, 401, JSON.stringify(header));
    assert.match(r.headers['www-authenticate'], /^Bearer/);
    assert.ok(!r.body.includes(DRAFT.title));
  }
  const fresh = office.json(['token', 'add', 'li', '手机']).token;
  assert.strictEqual((await call('GET', at(number), undefined, { authorization: `Bearer ${fresh}` })).status, 200);
  const id = office.ok(['token', 'list', 'li']).split('\n').find((l) => l.includes('手机')).split('\t')[0];
  office.ok(['token', 'revoke', id]);
  assert.strictEqual((await call('GET', at(number), undefined, { authorization: `Bearer ${fresh}` })).status, 401);
});

test('a device password opens no API', async () => {
  const { password } = office.json(['token', 'add', 'li', '日历', '--device']);
  for (const t of [password, `whs_main_${password}`]) assert.strictEqual((await call('GET', '/entries', undefined, { authorization: `Bearer ${t}` })).status, 401);
});

test('a disabled user\'s token is worth nothing at once', async () => {
  office.ok(['user', 'add', 'wang', '--name', '王科员', '--role', 'officer', '--password', 'wenhuishi-1']);
  const token = office.json(['token', 'add', 'wang', 'test']).token;
  assert.strictEqual((await call('GET', '/entries', undefined, { authorization: `Bearer ${token}` })).status, 200);
  office.ok(['user', 'disable', 'wang']);
  assert.strictEqual((await call('GET', '/entries', undefined, { authorization: `Bearer ${token}` })).status, 401);
});

// --- repeated and late calls ------------------------------------------------------------------------------------------------------

test('Idempotency-Key: the same call is done once and answered alike; another call under the key is refused', async () => {
  const key = { 'idempotency-key': 'k-1' };
  const one = await call('POST', '/entries', DRAFT, key), head = await office.head(), two = await call('POST', '/entries', DRAFT, key);
  assert.strictEqual(one.status, 201, one.body);
  assert.strictEqual(two.status, 201);
  assert.strictEqual(two.body, one.body);
  assert.strictEqual(two.headers.etag, one.headers.etag);
  assert.strictEqual(await office.head(), head);
  await refused([409, 422], 'Idempotency-Key', () => call('POST', '/entries', { ...DRAFT, title: '另一件' }, key));
  const other = await call('POST', '/entries', DRAFT, { ...key, ...as('li') });
  assert.notStrictEqual(other.json.number, one.json.number, 'another user\'s key is another key');
  for (const bad of ['', 'x'.repeat(256), 'a b']) await refused(422, 'Idempotency-Key', () => call('POST', '/entries', DRAFT, { 'idempotency-key': bad }));
});

test('Idempotency-Key: sixteen at once give one entry', async () => {
  const all = await Promise.all(Array.from({ length: 16 }, () => call('POST', '/entries', DRAFT, { 'idempotency-key': 'k-many' })));
  assert.deepStrictEqual([...new Set(all.map((r) => r.status))], [201]);
  assert.strictEqual(new Set(all.map((r) => r.json.number)).size, 1);
});

test('Idempotency-Key: a refusal is not kept, so the mended call goes through', async () => {
  const number = await inState('pending'), key = { 'idempotency-key': 'k-refused' };
  await refused(409, number, () => act(number, 'submit', { text: '已办理' }, key));
  assert.strictEqual((await act(number, 'accept')).status, 200);
  assert.strictEqual((await act(number, 'submit', { text: '已办理' }, key)).status, 200);
  assert.strictEqual((await act(number, 'submit', { text: '已办理' }, key)).status, 200);
});

test('ETag and If-Match: who saw an old version is told, and nothing happens', async () => {
  const number = await register(), seen = await call('GET', at(number));
  assert.ok(seen.headers.etag);
  assert.strictEqual((await act(number, 'accept', {}, { 'if-match': seen.headers.etag })).status, 200);
  await refused([409, 412], number, () => act(number, 'feedback', { text: '进展' }, { 'if-match': seen.headers.etag }));
  const now = await call('GET', at(number));
  assert.notStrictEqual(now.headers.etag, seen.headers.etag);
  const both = await Promise.all(['甲', '乙'].map((text) => act(number, 'feedback', { text }, { 'if-match': now.headers.etag })));
  assert.deepStrictEqual(both.map((r) => r.status).sort().map((s) => (s === 412 ? 409 : s)), [200, 409]);
  for (const bad of ['"nonsense"', 'nonsense', '""', 'W/"1"', '"1', '1, 2']) await refused([400, 409, 412, 422], [], () => act(number, 'feedback', { text: '丙' }, { 'if-match': bad }));
  assert.strictEqual((await act(number, 'feedback', { text: '丁' }, { 'if-match': '*' })).status, 200);
});

// --- lists ------------------------------------------------------------------------------------------------------------------------

function next(r) {
  const m = /<([^>]+)>;\s*rel="?next"?/.exec(r.headers.link || '');
  return m && m[1].replace(/^https?:\/\/[^/]+/, '');
}

test('cursors: 250 entries by Link rel=next, each once, while more are registered', async () => {
  const mine = new Set();
  for (let i = 0; i < 250; i += 25) (await Promise.all(Array.from({ length: 25 }, () => register({ ...DRAFT, title: '翻页之件' })))).forEach((n) => mine.add(n));
  const met = [];
  let pages = 0;
  for (let target = `/api/v1/entries?limit=40&q=${encodeURIComponent('翻页之件')}`; target; pages++) {
    const r = await office.request('GET', target, { headers: as('zhang') });
    assert.strictEqual(r.status, 200, r.body);
    assert.ok(r.json.length <= 40);
    met.push(...r.json.map((e) => e.number));
    target = next(r);
    if (pages === 2) await register({ ...DRAFT, title: '翻页之件' });
  }
  assert.ok(pages >= 7);
  assert.strictEqual(new Set(met).size, met.length, 'an entry came twice');
  for (const n of mine) assert.ok(met.includes(n), `${n} was skipped`);
});

test('filters: day, state, list, unit, kind of words that mean nothing', async () => {
  const number = await register({ ...DRAFT, lead_unit: '市科技局', title: '筛选之件' });
  const numbers = async (query) => (await call('GET', `/entries?limit=1000&${query}`)).json.map((e) => e.number);
  assert.ok((await numbers(`unit=${encodeURIComponent('市科技局')}`)).includes(number));
  assert.ok(!(await numbers(`unit=${encodeURIComponent('市商务局')}`)).includes(number));
  assert.ok((await numbers('state=pending')).includes(number));
  assert.ok(!(await numbers('state=settled')).includes(number));
  assert.deepStrictEqual(await numbers('state=pending'), await numbers(`state=${encodeURIComponent('待签收')}`));
  assert.deepStrictEqual(await numbers(`q=${encodeURIComponent('筛选之件')}`), [number]);
  assert.ok((await numbers(`day=${day(0)}`)).length > 0);
  assert.deepStrictEqual(await numbers('day=2019-01-04'), []);
  for (const bad of ['day=2022-06-31', 'state=nonsense', 'limit=0', 'limit=-1', 'limit=x', 'limit=100000', 'after=x', `unit=${encodeURIComponent('无此单位')}`, 'q=%ff', 'q=%00']) {
    const r = await call('GET', `/entries?${bad}`);
    assert.ok(r.status >= 400 && r.status < 500, `${bad}: ${r.status} ${r.body.slice(0, 200)}`);
    assert.match(r.json.detail, /[\u4e00-\u9fff]/);
  }
});

test('the journal by pages: every line once, chained', async () => {
  const seqs = [];
  for (let target = '/api/v1/journal?after=0&limit=100'; target;) {
    const r = await office.request('GET', target, { headers: as('zhang') });
    assert.strictEqual(r.status, 200, r.body);
    seqs.push(...r.json.map((l) => l.seq));
    target = next(r);
  }
  assert.deepStrictEqual(seqs, seqs.map((_, i) => i + 1));
  assert.ok(seqs.length > 300);
  for (const who of ['shangwu']) assert.strictEqual((await call('GET', '/journal?after=0', undefined, as(who))).status, 403, who);
  for (const bad of ['after=x', 'after=-1', 'limit=0']) assert.ok((await call('GET', `/journal?${bad}`)).status >= 400, bad);
});

test('history: one act for each verb, in order, with who and when', async () => {
  const number = await inState('settled'), r = await call('GET', at(number));
  assert.deepStrictEqual(r.json.history.map((h) => h.verb), ['register', 'accept', 'submit', 'settle']);
  assert.ok(r.json.history.every((h) => h.at && h.day === day(0)));
});

// --- bad input ------------------------------------------------------------------------------------------------------------------------

const BAD = [
  ['malformed date', { deadline: '下周五下午' }, '办理时限'], ['31 June', { deadline: '2027-06-31' }, '办理时限'], ['25 o\'clock', { deadline: `${day(3)}T25:00:00+08:00` }, '办理时限'],
  ['unknown unit', { lead_unit: '市不存在局' }, '市不存在局'], ['unknown assist unit', { assist_units: ['市科技局', '查无此局'] }, '查无此局'], ['unknown officer', { officer: '赵无名' }, '赵无名'],
  ['deadline before receipt', { received_at: `${day(-1)}T09:00:00+08:00`, deadline: `${day(-2)}T09:00:00+08:00` }, '办理时限'], ['received in the future', { received_at: `${day(2)}T09:00:00+08:00` }, '收到时间'],
  ['2 MB title', { title: '长'.repeat(700000) }, '标题'], ['201 characters', { title: '长'.repeat(201) }, '标题'], ['control character', { title: '标题\u0007' }, '标题'], ['NUL', { title: '标\u0000题' }, ''],
  ['line break in a title', { title: '标\n题' }, '标题'], ['secrecy marking', { title: '机密★1年 关于某事的通知' }, '标题'], ['secrecy marking in the requirement', { requirement: '【秘密】请办理' }, '要求'],
  ['empty title', { title: '' }, '标题'], ['blank title', { title: ' \u3000 ' }, '标题'], ['no source', { source: undefined }, '来源'], ['no requirement', { requirement: undefined }, '要求'],
  ['neither deadline nor reason', { deadline: undefined }, '办理时限'], ['no unit', { lead_unit: undefined }, '承办单位'], ['no kind', { kind: undefined }, '类别'], ['unknown kind', { kind: 'letter' }, 'letter'],
  ['unknown JSON field', { colour: 'red' }, 'colour'], ['number for a title', { title: 5 }, 'title'], ['object for a title', { title: {} }, 'title'], ['list in a list', { assist_units: [[]] }, 'assist_units'],
  ['text for a flag', { urgent: 'perhaps' }, 'urgent'], ['list for a deadline', { deadline: [] }, 'deadline'], ['list of numbers', { assist_units: [1] }, 'assist_units'], ['day in the future', { day: day(3) }, '日期'], ['unpaired surrogate', { title: '\ud800' }, ''],
];
for (const [name, change, words] of BAD) {
  test(`bad input: ${name}`, async () => {
    await refused([400, 413, 422], words, () => call('POST', '/entries', { ...DRAFT, ...change }));
  });
}

for (const [name, body] of [
  ['empty body', ''], ['blank body', '  '], ['no JSON', 'title=x'], ['half an object', '{"title":"x"'], ['an array', '[]'], ['a text', '"x"'], ['null', 'null'], ['duplicate key', '{"title":"甲","title":"乙"}'],
  ['deep nesting', `{"title":${'['.repeat(20000)}${']'.repeat(20000)}}`], ['deep objects', `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`], ['two values', '{}{}'], ['a huge number', '{"title":1e999}'], ['a comment', '{/* */}'],
  ['invalid UTF-8', Buffer.from(JSON.stringify({ ...DRAFT, title: 'X\u00ff' }), 'latin1')], ['overlong UTF-8', Buffer.concat([Buffer.from('{"title":"'), Buffer.from([0xc0, 0xaf]), Buffer.from('"}')])],
  ['UTF-16', Buffer.from(JSON.stringify({ title: 'x' }), 'utf16le')], ['a byte-order mark alone', '\ufeff'],
]) {
  test(`bad body: ${name}`, () => refused([400, 413, 422], [], () => call('POST', '/entries', body)));
}

test('bad input: another content type', () => refused(415, 'application/json', () => call('POST', '/entries', JSON.stringify(DRAFT), { 'content-type': 'text/plain' })));

test('bad input: a body over every limit is refused before it is read', async () => {
  const before = await office.head();
  const r = await office.raw(`POST /api/v1/entries HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${office.token}\r\nContent-Type: application/json\r\nContent-Length: 999999999\r\n\r\n`);
  assert.match(r.text, /^HTTP\/1\.1 413 /);
  assert.ok(r.closed);
  assert.strictEqual(await office.head(), before);
});

test('several faults are all named', async () => {
  const r = await refused(422, [], () => call('POST', '/entries', { ...DRAFT, title: '', deadline: '2027-06-31', lead_unit: '查无此局' }));
  assert.deepStrictEqual(r.json.errors.map((e) => e.field).sort(), ['deadline', 'lead_unit', 'title']);
});

test('good input near the edge is taken', async () => {
  for (const change of [{ title: '关于加强商业秘密保护工作的通知' }, { title: '长'.repeat(200) }, { title: '𠮷野家—“引号”&<b>' }, { title: ' 前后有空格 ' }, { requirement: '第一行\n第二行' }, { deadline: null, no_deadline_reason: '长期坚持' },
    { lead_unit: '商务局' }, { lead_unit: '市卫健委' }, { urgent: true }, { assist_units: [] }, { deadline: `${day(10)}T18:00:00.000Z` }]) {
    const number = await register({ ...DRAFT, ...change });
    const e = (await call('GET', at(number))).json;
    if (change.title) assert.strictEqual(e.title, change.title.trim());
    if (change.requirement) assert.strictEqual(e.requirement, change.requirement);
  }
});

// --- closing ---------------------------------------------------------------------------------------------------------------------------

const month = (back) => { const d = new Date(Date.now() + 8 * 3600 * 1000); d.setUTCDate(1); d.setUTCMonth(d.getUTCMonth() - back); return d.toISOString().slice(0, 7); };

test('closing: overdue ones need a reason, each named; then the month is shut and its figures stay', async () => {
  const M = month(2), on = { received_at: `${M}-03T09:00:00+08:00`, day: `${M}-03` };
  const late = await register({ ...DRAFT, ...on, title: '逾期之件', deadline: `${M}-10T18:00:00+08:00` });
  const later = await register({ ...DRAFT, ...on, title: '逾期又一件', deadline: `${M}-11T18:00:00+08:00` });
  const own = await register({ ...OWN, ...on, title: '当月办结之件' });
  assert.strictEqual((await act(own, 'settle', { result: '已办', day: `${M}-20` })).status, 200);
  await refused(403, [], () => call('POST', '/closings', { period: M }, as('li')));
  const r = await refused(409, [], () => call('POST', '/closings', { period: M }));
  assert.ok(r.body.includes(late) && r.body.includes(later), r.body);
  assert.ok((await refused(409, [], () => call('POST', '/closings', { period: M, carry: { [late]: '等省里批复' } }))).body.includes(later));
  for (const bad of [{}, { period: '2022-13' }, { period: 5 }, { period: M, carry: [] }, { period: M, carry: { [late]: 5 } }, { period: M, colour: 1 }, { period: M, carry: { '文1999-0001': '无此件', [late]: 'x', [later]: 'y' } }])
    await refused([400, 404, 409, 422], [], () => call('POST', '/closings', bad));
  await refused([409, 422], [], () => call('POST', '/closings', { period: month(0) }));
  await refused([409, 422], [], () => call('POST', '/closings', { period: M, carry: { [late]: '机密★1年', [later]: 'x' } }));
  const done = await call('POST', '/closings', { period: M, carry: { [late]: '等省里批复', [later]: '会议改期' } });
  assert.strictEqual(done.status, 201, done.body);
  await refused(409, [], () => call('POST', '/closings', { period: M, carry: { [late]: '等省里批复', [later]: '会议改期' } }));
  await refused([409, 422], [], () => call('POST', '/entries', { ...DRAFT, ...on, title: '补登' }));
  await refused([409, 422], [], () => act(late, 'accept', { day: `${M}-28` }));
  const list = await call('GET', `/closings?period=${M}`);
  assert.strictEqual(list.status, 200, list.body);
  const closed = list.json;
  assert.strictEqual(closed.closed, true);
  const f = closed;
  assert.deepStrictEqual([f.opening, f.new, f.settled, f.withdrawn, f.carried], [0, 3, 1, 0, 2]);
  for (const x of [closed, ...closed.dimensions]) assert.strictEqual(x.opening + x.new + x.reopened + x.moved_in, x.settled + x.withdrawn + x.moved_out + x.carried, JSON.stringify(x));
  assert.ok((await call('GET', '/closings')).json.some((c) => c.period === M && c.closed));
  assert.ok(closed.dimensions.some((x) => x.name === '市商务局' && x.new === 2 && x.carried === 2));
  assert.deepStrictEqual(closed.entries.filter((e) => e.overdue).map((e) => [e.number, e.reason]).sort(), [[late, '等省里批复'], [later, '会议改期']].sort());
  assert.strictEqual((await call('GET', at(late))).json.carried, 1);
  const v = office.run(['verify']);
  assert.strictEqual(v.code, 0, v.err + v.out);
});

test('closings and summary are the section\'s', async () => {
  for (const target of ['/closings', `/summary?from=${month(2)}-01&to=${month(2)}-28`]) assert.strictEqual((await call('GET', target, undefined, as('shangwu'))).status, 403, target);
});

test('summary: figures from rows', async () => {
  const r = await call('GET', `/summary?from=${month(2)}-01&to=${month(2)}-28`);
  assert.strictEqual(r.status, 200, r.body);
  const figure = (key) => r.json.figures.find((f) => f.key === key);
  assert.strictEqual(figure('entries.registered').value, 3);
  assert.strictEqual(figure('entries.settled').value, 1);
  assert.strictEqual(figure('entries.registered').rows.length, 3);
  for (const bad of ['from=x&to=y', 'from=2022-06-31&to=2022-07-01', 'from=2022-02-01&to=2022-01-01']) assert.ok([400, 422].includes((await call('GET', `/summary?${bad}`)).status), bad);
});

test('units and users', async () => {
  const units = await call('GET', '/units');
  assert.deepStrictEqual(units.json.map((u) => u.name), ['市科技局', '市商务局', '市卫生健康委']);
  const users = await call('GET', '/users', undefined, as('guanli'));
  assert.strictEqual(users.status, 200, users.body);
  assert.ok(users.json.some((u) => u.user === 'zhang'));
  assert.ok(!/argon2|password|hash|console/i.test(users.body));
  assert.strictEqual((await call('GET', '/users', undefined, as('shangwu'))).status, 403);
});

// --- openapi ---------------------------------------------------------------------------------------------------------------------------

test('openapi.json names every route and each answers', async () => {
  const r = await office.request('GET', '/api/openapi.json');
  assert.strictEqual(r.status, 200);
  assert.match(r.headers['content-type'], /json/);
  assert.match(r.json.openapi, /^3\./);
  const number = await register(), paths = Object.keys(r.json.paths);
  for (const path of ['/api/v1/entries', '/api/v1/entries/{number}', '/api/v1/entries/{number}/{verb}', '/api/v1/closings', '/api/v1/summary', '/api/v1/journal', '/api/v1/units', '/api/v1/users'])
    assert.ok(paths.includes(path), `${path} is not described`);
  assert.deepStrictEqual(r.json.paths['/api/v1/entries/{number}/{verb}'].post.parameters.find((p) => p.name === 'verb').schema.enum.sort(), Object.keys(TABLE).sort());
  for (const [path, methods] of Object.entries(r.json.paths)) {
    const target = path.replace('{number}', encodeURIComponent(number)).replace('{verb}', 'feedback').replace(/\{[^}]+\}/g, '1');
    for (const [method, op] of Object.entries(methods)) {
      if (method === 'parameters') continue;
      const named = [...path.matchAll(/\{([^}]+)\}/g)].map((m) => m[1]);
      assert.deepStrictEqual((op.parameters || []).filter((p) => p.in === 'path').map((p) => p.name), named, `${method} ${path}`);
      const a = await office.request(method.toUpperCase(), target, { headers: as('zhang') });
      assert.ok(![401, 405, 500, 501].includes(a.status), `${method} ${target}: ${a.status}`);
      const none = await office.request(method.toUpperCase(), target.replace('/api/v1', '/api/v2'));
      assert.ok(!path.startsWith('/api/v1') || none.status === 404);
    }
  }
});

// Every member of an answer is described, and every member described as always there is there.
function fits(doc, name, value) {
  const schema = doc.components.schemas[name];
  for (const key of Object.keys(value)) assert.ok(schema.properties[key], `${name}.${key} is not described`);
  for (const key of schema.required || []) assert.ok(key in value, `${name}.${key} is missing`);
  for (const [key, p] of Object.entries(schema.properties)) {
    const v = value[key], ref = (p.$ref || (p.items && p.items.$ref) || '').split('/').pop();
    if (v === undefined) continue;
    if (v === null) { assert.ok(p.nullable, `${name}.${key} is null`); continue; }
    if (ref) [].concat(v).forEach((x) => fits(doc, ref, x));
    else assert.strictEqual(Array.isArray(v) ? 'array' : typeof v, { integer: 'number' }[p.type] || p.type, `${name}.${key}`);
    if (p.enum) assert.ok(p.enum.includes(v), `${name}.${key} is ${v}`);
  }
}

test('answers are as openapi.json describes them', async () => {
  const doc = (await office.request('GET', '/api/openapi.json')).json;
  const number = await inState('settled', { ...DRAFT, assist_units: ['市科技局'] });
  fits(doc, 'Entry', (await call('GET', at(number))).json);
  for (const [name, target] of [['EntryLine', '/entries'], ['Unit', '/units'], ['List', '/lists'], ['User', '/users'], ['Closing', '/closings'], ['JournalLine', '/journal']]) {
    const list = (await call('GET', target)).json;
    for (const x of list) fits(doc, name, x);
  }
  fits(doc, 'Closing', (await call('GET', `/closings?period=${month(2)}`)).json);
  fits(doc, 'Problem', (await call('POST', '/entries', {})).json);
  for (const key of Object.keys(doc.components.schemas.EntryInput.properties)) {
    const r = await call('POST', '/entries', { ...DRAFT, [key]: {} });
    assert.strictEqual(r.status, 422);
    assert.ok(!/没有“/.test(r.json.detail), `${key} is described and not taken`);
  }
});

test('unknown addresses are problems in JSON', async () => {
  for (const target of ['/nonsense', '/entries/x/y/z', '/']) await refused(404, [], () => call('GET', target));
});

test('at the end the journal verifies', () => {
  const r = office.run(['verify']);
  assert.strictEqual(r.code, 0, r.err + r.out);
});

test('what a registration answers is what reading it gives', async () => {
  const full = { kind: 'meeting', title: '答复一致', source: '市长专题会', requirement: '按会议要求办理', deadline: '2099-12-31T18:00:00+08:00', unit_deadline: '2099-12-30',
    lead_unit: '市商务局', assist_units: ['市科技局'], officer: 'li', urgency: '特急', genre: '通知', role: 'drafted;reviewed', contact: '张某 13900000000', text: '附言' };
  for (const draft of [full, { kind: 'affair', title: '最少的', source: '来电', requirement: '办理', no_deadline_reason: '长期工作', lead_unit: '市商务局' }]) {
    const made = await office.api('POST', '/entries', draft), read = await office.api('GET', `/entries/${encodeURIComponent(made.json.number)}`);
    assert.strictEqual(made.status, 201, made.body);
    assert.strictEqual(made.body, read.body);
    assert.strictEqual(made.headers.etag, read.headers.etag);
  }
});
