// Sheets over the command line, the API and the pages, for every role; nothing is half-taken, whatever happens.
'use strict';
const test = require('node:test');
const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const { spawn } = require('node:child_process');
const { Office, WHS } = require('./rig.js');

const HEAD = 'kind,title,source,requirement,received,no_deadline_reason,lead_unit,assist_units';
const rows = (n, name = '件', unit = '市科技局') => `${HEAD}\n${Array.from({ length: n }, (_, i) => `affair,${name}${i + 1},来文,办理,2022-05-01,长期,${unit},`).join('\n')}\n`;
const OWN = `${new Date().getFullYear() + 1}年重点工作台账,,,,,,\n序号,事项,工作要求,责任单位,完成时限,完成情况,备注\n1,推进企业纾困,逐户走访,市商务局、市科技局等,5.20,正在走访,首批\n2,卫生院改扩建,报批,市卫健委,6月底前,,\n`;
let office;

test.before(async () => {
  office = new Office().begin();
  await office.serve();
});
test.after(() => office.end());

const file = (target, body, { token = office.token, type = 'text/csv' } = {}) => office.request('POST', `/api/v1${target}`, { headers: { authorization: `Bearer ${token}`, 'content-type': type, 'content-length': Buffer.byteLength(body) }, body });
const token = (user) => office.json(['token', 'add', user, 't']).token;
async function download(target, headers) {
  const r = await fetch(`http://127.0.0.1:${office.port}${target}`, { headers });
  return { status: r.status, headers: r.headers, bytes: Buffer.from(await r.arrayBuffer()) };
}

// A form with a file, as a browser sends it.
async function upload(name, bytes, fields = {}) {
  const page = await office.request('GET', '/sheet', { headers: { cookie: office.cookie } });
  const csrf = /name="_csrf" value="([\w-]+)"/.exec(page.body)[1];
  const boundary = '----whs7MA4YWxk', parts = [];
  for (const [k, v] of Object.entries({ _csrf: csrf, ...fields })) parts.push(`--${boundary}\r\nContent-Disposition: form-data; name="${k}"\r\n\r\n${v}\r\n`);
  parts.push(`--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\nContent-Type: application/octet-stream\r\n\r\n`);
  const body = Buffer.concat([Buffer.from(parts.join('')), Buffer.from(bytes), Buffer.from(`\r\n--${boundary}--\r\n`)]);
  return office.request('POST', '/sheet', { headers: { cookie: office.cookie, 'content-type': `multipart/form-data; boundary=${boundary}`, 'content-length': body.length }, body });
}

test('API: looked at, taken, refused the second time', async () => {
  const before = await office.head();
  const dry = await file('/import?dry_run=true', rows(3));
  assert.strictEqual(dry.status, 200, dry.body);
  assert.deepStrictEqual([dry.json.new, dry.json.changed, dry.json.dry_run], [3, 0, true]);
  assert.strictEqual(await office.head(), before);
  const done = await file(`/import?seen=${dry.json.seen}`, rows(3));
  assert.strictEqual(done.status, 200, done.body);
  assert.strictEqual(done.json.new, 3);
  const after = await office.head();
  const again = await file('/import', rows(3));
  assert.strictEqual(again.status, 409);
  assert.match(again.json.detail || again.json.title, /取用过/);
  assert.strictEqual(await office.head(), after);
  assert.strictEqual((await file('/import?again=true', rows(3))).status, 200);
});

test('API: a bad row takes nothing and is named', async () => {
  const before = await office.head();
  const r = await file('/import', rows(2, '坏').replace('坏2,来文,办理,2022-05-01', '坏2,来文,办理,2022-02-30'));
  assert.strictEqual(r.status, 422);
  assert.deepStrictEqual(r.json.errors.map((e) => [e.field, e.line]), [['received', 3]]);
  for (const [body, type] of [['', 'text/csv'], ['nonsense', 'text/csv'], [Buffer.from('PK\x03\x04broken'), 'application/zip'], [Buffer.alloc(70000, 0xff), 'text/csv']]) {
    const bad = await file('/import', body, { type });
    assert.ok([422, 413].includes(bad.status), `${bad.status} ${bad.body}`);
  }
  assert.strictEqual((await file('/import?year=12', rows(1, '年'))).status, 422);
  assert.strictEqual((await file('/import?map=title', rows(1, '年'))).status, 422);
  assert.strictEqual(await office.head(), before);
});

test('API: an export has what its conditions say, and nothing else', async () => {
  const lines = async (query) => (await download(`/api/v1/entries.csv?${query}`, { authorization: `Bearer ${office.token}` })).bytes.toString().trim().split('\r\n').length - 1;
  const all = await lines('');
  assert.ok(all > 0);
  for (const query of ['kind=meeting', 'urgency=特急', 'category=没有的类别', 'due=overdue', 'settled=1990-01', 'instruction=1']) {
    const shown = (await office.api('GET', `/entries?limit=1000&${encodeURI(query)}`)).json;
    assert.strictEqual(await lines(encodeURI(query)), (shown.entries ?? shown).length, query);
  }
  assert.strictEqual(await lines('settled=1990-01'), 0);
  assert.strictEqual((await download('/api/v1/entries.csv?kind=nonsense', { authorization: `Bearer ${office.token}` })).status, 422);
});

test('API: an export changed and sent back', async () => {
  const out = (await download('/api/v1/entries.csv', { authorization: `Bearer ${office.token}` }));
  assert.strictEqual(out.status, 200);
  assert.match(out.headers.get('content-disposition'), /^attachment;.*filename\*=UTF-8''.*\.csv/);
  const text = out.bytes.toString();
  const r = await file('/import', text.replace('件1,来文,办理', '件一,来电,办理'));
  assert.strictEqual(r.status, 200, r.body);
  assert.deepStrictEqual(r.json.changes.map((c) => [c.field, c.from, c.to]), [['title', '件1', '件一'], ['source', '来文', '来电']]);
  const number = r.json.changes[0].number, entry = (await office.api('GET', `/entries/${encodeURIComponent(number)}`)).json;
  assert.strictEqual(entry.title, '件一');
  assert.strictEqual(entry.history.at(-1).verb, 'amend');
  const stale = await file('/import', text.replace('件1,来文,办理', '件壹,来文,办理'));
  assert.strictEqual(stale.status, 409);
  assert.match(stale.body, /件一/);
});

test('xlsx there and back', async () => {
  const out = await download('/api/v1/entries.xlsx?state=pending', { authorization: `Bearer ${office.token}` });
  assert.strictEqual(out.status, 200);
  assert.strictEqual(out.bytes.subarray(0, 2).toString(), 'PK');
  const before = await office.head();
  const r = await file('/import', out.bytes, { type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' });
  assert.strictEqual(r.status, 200, r.body);
  assert.ok(r.json.unchanged >= 6 && r.json.new === 0 && r.json.changed === 0, r.body);
  assert.strictEqual(await office.head(), before);
  const other = new Office().begin();
  try {
    fs.writeFileSync(path.join(other.dir, 'in.xlsx'), out.bytes);
    other.ok(['import', 'entries', 'in.xlsx']);
    other.ok(['export', 'entries', 'out.xlsx']);
    other.ok(['export', 'units', 'units.xlsx']);
    assert.strictEqual(other.json(['import', 'units', 'units.xlsx']).created, 0);
    assert.strictEqual(other.json(['import', 'entries', 'out.xlsx', '--dry-run']).unchanged, r.json.unchanged);
  } finally {
    await other.end();
  }
});

test('roles: only the section imports; a liaison gets what it sees', async () => {
  await file('/import', `${rows(1, '商务的', '市商务局')}`);
  const tokens = { shangwu: token('shangwu'), guanli: token('guanli') };
  const count = async () => (await office.api('GET', '/entries?limit=1000')).json.length, before = await count();
  for (const user of ['shangwu', 'guanli']) assert.strictEqual((await file('/import', rows(1, '别人的'), { token: tokens[user] })).status, 403, user);
  assert.strictEqual((await file('/import', rows(1, '别人的'), { token: 'whs_1_nonsense' })).status, 401);
  assert.strictEqual((await download('/api/v1/entries.csv', { authorization: `Bearer ${tokens.guanli}` })).status, 403);
  const seen = (await download('/api/v1/entries.csv', { authorization: `Bearer ${tokens.shangwu}` })).bytes.toString().trim().split('\n');
  assert.strictEqual(seen.length, 2, seen.join('\n'));
  assert.match(seen[1], /商务的1/);
  for (const user of ['shangwu', 'guanli']) {
    await office.login(user);
    const r = await office.request('GET', '/sheet', { headers: { cookie: office.cookie } });
    assert.strictEqual(r.status, 403, user);
  }
  await office.login('shangwu');
  const page = await download('/sheet/entries.csv', { cookie: office.cookie });
  assert.strictEqual(page.bytes.toString().trim().split('\n').length, 2);
  assert.match(office.run(['--as', 'shangwu', 'import', 'entries', '-'], { input: rows(1, '别人的') }).err, /只有科室人员/);
  assert.strictEqual(await count(), before);
});

test('page: an export speaks the words of its reader, and comes back as the coded one does', async () => {
  await office.login('zhang');
  await file('/import', rows(1, '词'));
  const get = (type) => download(`/sheet/entries.${type}?q=${encodeURIComponent('词1')}`, { cookie: office.cookie, 'accept-language': 'zh-CN' });
  const text = (await get('csv')).bytes.toString();
  assert.match(text, /^\ufeff编号,类别,文种,角色,标题,来源,/);
  assert.match(text, /,事,[^\n]*词1,来文,[^\n]*,否,待签收,/);
  assert.doesNotMatch(text, /affair|false|pending|number/);
  for (const bytes of [text, (await get('xlsx')).bytes]) {
    const same = await file('/import?dry_run=true', bytes);
    assert.deepStrictEqual([same.json.new, same.json.changed, same.json.unchanged], [0, 0, 1], same.body);
  }
  const changed = await file('/import?dry_run=true', text.replace(',来文,', ',来函,').replace(',否,', ',是,'));
  assert.deepStrictEqual(changed.json.changes.map((c) => [c.field, c.from, c.to]), [['source', '来文', '来函'], ['urgent', 'false', 'true']]);
  const api = (await download('/api/v1/entries.csv', { authorization: `Bearer ${office.token}`, 'accept-language': 'zh-CN' })).bytes.toString();
  assert.match(api, /^\ufeffnumber,kind,/, 'names are fixed for programs');
});

test('a deadline that has passed asks for the day of receipt', async () => {
  const old = '事项,责任单位,完成时限\n旧事,市商务局,2022-03-01\n';
  const r = await file('/import?dry_run=true&source=x', old);
  assert.strictEqual(r.status, 422);
  assert.match(r.body, /收到时间.*--received/);
  assert.strictEqual((await file('/import?dry_run=true&source=x&received=2022-02-01', old)).status, 200);
});

test('page: a refused sheet is not said to be taken', async () => {
  await office.login('zhang');
  const at = (await upload('a.csv', rows(2, '拒', '市外星局'))).headers.location;
  const page = await office.request('GET', at, { headers: { cookie: office.cookie } });
  assert.match(page.body, /市外星局/);
  assert.match(page.body, /不会写入任何内容/);
  assert.doesNotMatch(page.body, /新登记2件/);
});

test('page: an own sheet is laid, its mapping corrected, taken once', async () => {
  await office.login('zhang');
  assert.strictEqual((await upload('空.xlsx', '')).status, 422);
  const laid = await upload('重点工作.csv', OWN);
  assert.strictEqual(laid.status, 303, laid.body);
  const at = laid.headers.location, get = () => office.request('GET', at, { headers: { cookie: office.cookie } });
  let page = await get();
  assert.match(page.body, /新登记2件/);
  assert.match(page.body, /重点工作\.csv/);
  const names = ['-', 'title', 'requirement', 'lead_unit', 'deadline', '+', '-'];
  const fields = Object.fromEntries(names.map((v, i) => [`c${i}`, v]));
  assert.strictEqual((await office.post(at, { ...fields, kind: 'meeting', source: '例会', received: '', year: '' }, { from: at })).status, 303);
  page = await get();
  assert.match(page.body, /例会/);
  const sees = /name="seen" value="(\w+)"/.exec(page.body)[1];
  const before = await office.head();
  const stale = await office.post(`${at}/take`, { seen: sees.replace(/.$/, (c) => (c === '0' ? '1' : '0')) }, { from: at });
  assert.strictEqual(stale.status, 409);
  assert.strictEqual(await office.head(), before);
  assert.strictEqual((await office.post(`${at}/take`, { seen: sees }, { from: at })).status, 303);
  assert.strictEqual((await get()).status, 404, 'taken is gone');
  const entries = (await office.api('GET', `/entries?q=${encodeURIComponent('推进企业纾困')}`)).json;
  assert.strictEqual(entries.length, 1);
  const entry = await office.request('GET', `/entries/${encodeURIComponent(entries[0].number)}`, { headers: { cookie: office.cookie } });
  assert.match(entry.body, /完成情况/);
  assert.match(entry.body, /正在走访/);
  const head = async (q) => (await download(`/api/v1/entries.csv?q=${encodeURIComponent(q)}`, { authorization: `Bearer ${office.token}` })).bytes.toString().split('\r\n')[0];
  assert.match(await head('推进企业纾困'), /version,.*完成情况/);
  assert.doesNotMatch(await head('商务的'), /完成情况/, 'a column none of these has');
  const again = (await upload('重点工作.csv', OWN)).headers.location;
  page = await office.request('GET', again, { headers: { cookie: office.cookie } });
  assert.match(page.body, /取用过/);
  assert.match(page.body, /name="again"/);
  assert.strictEqual((await office.post(`${again}/drop`, {}, { from: again })).status, 303);
});

test('page: a sheet lies before its member alone', async () => {
  await office.login('zhang');
  const at = (await upload('a.csv', rows(1, '私'))).headers.location;
  await office.login('li');
  assert.strictEqual((await office.request('GET', at, { headers: { cookie: office.cookie } })).status, 404);
  assert.strictEqual((await office.post(`${at}/take`, { seen: '' }, { from: '/sheet' })).status, 404);
  assert.strictEqual((await office.post(`${at}/drop`, {}, { from: '/sheet' })).status, 404);
});

test('page: hostile words stay words, broken forms are refused', async () => {
  await office.login('zhang');
  const at = (await upload('<b>"x"</b>.csv', `名称,<script>alert(1)</script>,责任单位,完成时限\n"<img src=x onerror=alert(1)>",=1+1,市科技局,5.2\n另一件,x,市外星局,13.40\n`)).headers.location;
  const page = await office.request('GET', at, { headers: { cookie: office.cookie } });
  assert.ok(!/<script>alert|<img src=x|<b>/.test(page.body));
  assert.match(page.body, /5\.2/);
  assert.match(page.body, /市外星局/);
  assert.ok(!/action="[^"]*\/take"/.test(page.body));
  const csrf = /name="_csrf" value="([\w-]+)"/.exec(page.body)[1];
  for (const [type, body] of [['multipart/form-data', 'x'], ['multipart/form-data; boundary=b', 'x'], ['multipart/form-data; boundary=b', '--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nx'],
    ['multipart/form-data; boundary=b', '--b\r\nContent-Disposition: nonsense\r\n\r\nx\r\n--b--']]) {
    const r = await office.request('POST', '/sheet', { headers: { cookie: office.cookie, 'x-csrf-token': csrf, 'content-type': type, 'content-length': body.length }, body });
    assert.strictEqual(r.status, 422, `${type} ${r.status}`);
  }
  const plain = `--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n${rows(1)}\r\n--b--\r\n`;
  assert.strictEqual((await office.request('POST', '/sheet', { headers: { cookie: office.cookie, 'content-type': 'multipart/form-data; boundary=b', 'content-length': Buffer.byteLength(plain) }, body: plain })).status, 403, 'without the token');
});

test('kill -9 while it is taken: none or all', async () => {
  const N = 20000;
  for (const wait of [250, 500, 800]) {
    const o = new Office().begin();
    try {
      fs.writeFileSync(path.join(o.dir, 'many.csv'), rows(N));
      const child = spawn(WHS, ['--db', o.db, 'import', 'entries', 'many.csv'], { cwd: o.dir, stdio: 'ignore' });
      const ended = new Promise((resolve) => child.on('exit', resolve));
      await new Promise((r) => setTimeout(r, wait));
      child.kill('SIGKILL');
      await ended;
      o.ok(['verify']);
      const there = o.json(['list', '--limit', '1']).length, all = o.json(['import', 'entries', 'many.csv', '--dry-run', '--again']);
      if (there) {
        o.ok(['export', 'entries', 'out.csv']);
        assert.strictEqual(fs.readFileSync(path.join(o.dir, 'out.csv'), 'utf8').trim().split('\n').length, N + 1);
        assert.strictEqual(o.run(['import', 'entries', 'many.csv']).code, 5);
      } else {
        assert.strictEqual(all.new, N);
        o.ok(['import', 'entries', 'many.csv']);
      }
    } finally {
      await o.end();
    }
  }
});
