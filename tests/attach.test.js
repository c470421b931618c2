// Attachments from outside: what each role may, what is refused and leaves nothing behind, how files are sent back; the pages in Debian's chromium.
'use strict';
const test = require('node:test');
const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const crypto = require('node:crypto');
const zlib = require('node:zlib');
const { Office } = require('./rig.js');
const { launch, login } = require('./browse.js');

const SHOTS = path.join(__dirname, '..', 'build', 'screenshots');
const office = new Office();
const tokens = {};
let number, at, browser;

const day = (shift) => new Date(Date.now() + 8 * 3600 * 1000 + shift * 86400000).toISOString().slice(0, 10);
const as = (who) => ({ authorization: `Bearer ${tokens[who]}` });
const PNG = (() => {
  const chunk = (kind, data) => {
    const b = Buffer.alloc(12 + data.length);
    b.writeUInt32BE(data.length);
    b.write(kind, 4);
    data.copy(b, 8);
    b.writeInt32BE(crc(b.subarray(4, 8 + data.length)), 8 + data.length);
    return b;
  };
  const crc = (b) => { let c = ~0; for (const x of b) { c ^= x; for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1; } return ~c; };
  const head = Buffer.from([0, 0, 0, 64, 0, 0, 0, 48, 8, 0, 0, 0, 0]);
  const raw = Buffer.concat(Array.from({ length: 48 }, (_, y) => Buffer.from([0, ...Array.from({ length: 64 }, (_, x) => ((x >> 3) + (y >> 3)) % 2 ? 230 : 90)])));
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', head), chunk('IDAT', zlib.deflateSync(raw)), chunk('IEND', Buffer.alloc(0))]);
})();
const PDF = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj 3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF');

// multipart/form-data of [field, value] and [field, file name, bytes].
function form(...parts) {
  const B = `b${crypto.randomBytes(8).toString('hex')}`, out = [];
  for (const [field, a, bytes] of parts) {
    out.push(Buffer.from(`--${B}\r\nContent-Disposition: form-data; name="${field}"${bytes === undefined ? '' : `; filename="${a}"\r\nContent-Type: application/octet-stream`}\r\n\r\n`));
    out.push(bytes === undefined ? Buffer.from(a) : Buffer.from(bytes), Buffer.from('\r\n'));
  }
  out.push(Buffer.from(`--${B}--\r\n`));
  return { body: Buffer.concat(out), type: `multipart/form-data; boundary=${B}` };
}

function put(who, parts, target = at, headers = {}) {
  const f = form(...parts);
  return office.request('POST', `/api/v1${target}`, { headers: { ...as(who), 'content-type': f.type, 'content-length': f.body.length, ...headers }, body: f.body });
}
const get = (who, target) => office.request('GET', `/api/v1${target}`, { headers: as(who) });
const call = (who, target, value) => office.api('POST', target, value, as(who));
const list = async (who = 'zhang') => (await get(who, at)).json.filter((x) => !x.removed_at);

async function refused(status, words, doing) {
  const before = await office.head();
  const r = await doing();
  assert.ok([].concat(status).includes(r.status), `${r.status} is not ${status}: ${r.body}`);
  assert.match(r.headers['content-type'], /^application\/problem\+json/);
  assert.match(r.json.detail, /[\u4e00-\u9fff]/);
  for (const w of [].concat(words)) assert.ok(r.json.detail.includes(w), `"${r.json.detail}" does not say ${w}`);
  assert.strictEqual(await office.head(), before, 'a refusal wrote to the journal');
}

test.before(async () => {
  fs.mkdirSync(SHOTS, { recursive: true });
  office.begin();
  tokens.zhang = office.token;
  office.ok(['user', 'add', 'keji', '--name', '科技局联络员', '--role', 'liaison', '--home', '市科技局', '--password', 'wenhuishi-1']);
  for (const who of ['li', 'shangwu', 'guanli', 'keji']) tokens[who] = office.json(['token', 'add', who, 'test']).token;
  await office.serve();
  const r = await office.api('POST', '/entries', { kind: 'document', title: '关于报送稳增长措施的通知', source: '市政府办公室', requirement: '报送书面材料', deadline: day(30), lead_unit: '市商务局' });
  number = r.json.number;
  at = `/entries/${encodeURIComponent(number)}/attachments`;
});
test.after(async () => {
  if (browser) await browser.close();
  await office.end();
});

test('a unit and the section put files; all who see the matter read them; nobody else knows of them', async () => {
  let r = await put('shangwu', [['file', '措施 "初稿".txt', '稳增长十条\n']]);
  assert.strictEqual(r.status, 422, 'quotes cannot stand in a name');
  r = await put('shangwu', [['file', '措施初稿.txt', '稳增长十条\n']]);
  assert.strictEqual(r.status, 201, r.body);
  r = await put('li', [['scan', 'true'], ['file', '来文.png', PNG], ['file', '来文.pdf', PDF]]);
  assert.strictEqual(r.status, 201, r.body);
  const all = await list('li');
  assert.deepStrictEqual(all.map((x) => [x.name, x.type, x.scan, x.by, x.size]), [['措施初稿.txt', 'text', false, '商务局联络员', 16], ['来文.png', 'png', true, '李科员', PNG.length], ['来文.pdf', 'pdf', true, '李科员', PDF.length]]);
  assert.strictEqual(all[1].sha256, crypto.createHash('sha256').update(PNG).digest('hex'));
  for (const who of ['zhang', 'shangwu']) assert.strictEqual((await list(who)).length, 3);
  assert.strictEqual((await get('keji', at)).status, 404);
  assert.strictEqual((await get('keji', `${at}/${all[0].id}`)).status, 404);
  assert.strictEqual((await get('guanli', at)).status, 403);
  await refused(404, [], () => put('keji', [['file', 'a.txt', 'x']]));
  await refused(403, '扫描', () => put('shangwu', [['scan', 'true'], ['file', 'b.png', Buffer.concat([PNG, Buffer.from('x')])]]));
});

test('a file comes back as it was, under its name, and nothing in it runs', async () => {
  const [txt, png, pdf] = await list();
  const t = await get('zhang', `${at}/${txt.id}`);
  assert.strictEqual(t.body, '稳增长十条\n');
  assert.strictEqual(t.headers['content-type'], 'text/plain; charset=utf-8');
  assert.strictEqual(t.headers['x-content-type-options'], 'nosniff');
  assert.strictEqual(t.headers['content-disposition'], `attachment; filename="____.txt"; filename*=UTF-8''${encodeURIComponent('措施初稿.txt')}`);
  assert.match(t.headers['content-security-policy'], /sandbox/);
  const shown = await get('zhang', `${at}/${png.id}?show=1`);
  assert.match(shown.headers['content-disposition'], /^inline/);
  assert.match(shown.headers['content-security-policy'], /sandbox/);
  assert.strictEqual(Number(shown.headers['content-length']), PNG.length);
  assert.match((await get('zhang', `${at}/${pdf.id}?show=1`)).headers['content-disposition'], /^inline/);
  assert.match((await get('zhang', `${at}/${txt.id}?show=1`)).headers['content-disposition'], /^attachment/);
  for (const id of ['0', '-1', 'x', '99999999999999999999', String(txt.id + 1000)]) assert.strictEqual((await get('zhang', `${at}/${id}`)).status, 404, id);
});

test('what is refused leaves nothing behind', async () => {
  const long = `${'长'.repeat(66)}.txt`;
  for (const [status, words, parts] of [
    [422, '选择', []], [422, '空文件', [['file', '空.txt', '']]], [422, '运行', [['file', '通知.pdf.exe', 'x']]], [422, '程序或网页', [['file', '网页.txt', '<!doctype html><script>1</script>']]],
    [422, '程序或网页', [['file', '程序.pdf', Buffer.from('MZ\x90\0\x03\0\0\0', 'latin1')]]], [422, 'pdf', [['file', '假.pdf', PNG]]], [422, '密级', [['file', '方案.txt', '机密★1年\n关于……']]],
    [422, [], [['file', '机密★1年 方案.txt', '方案']]], [422, '文件名', [['file', '\u202etxt.exe', 'x']]], [422, [], [['file', long, 'x']]], [409, '完全相同', [['file', '又一份.txt', '稳增长十条\n']]],
    [409, '完全相同', [['file', '甲.txt', '同'], ['file', '乙.txt', '同']]], [422, '程序或网页', [['file', '好.txt', '好的'], ['file', '坏.txt', '#!/bin/sh\n']]],
  ]) await refused(status, words, () => put('li', parts));
  await refused(415, 'multipart', () => office.request('POST', `/api/v1${at}`, { headers: { ...as('li'), 'content-type': 'text/plain', 'content-length': 1 }, body: 'x' }));
  await refused(422, '残缺', () => office.request('POST', `/api/v1${at}`, { headers: { ...as('li'), 'content-type': 'multipart/form-data; boundary=x', 'content-length': 3 }, body: '--x' }));
  assert.strictEqual((await list()).length, 3);
});

test('a large file, twice at once, and one that is too large', async () => {
  const big = crypto.randomBytes(20 * 1024 * 1024);
  const both = await Promise.all(['li', 'zhang'].map((who) => put(who, [['file', '大文件.bin', big]])));
  assert.deepStrictEqual(both.map((r) => r.status).sort(), [201, 409]);
  const mine = (await list()).find((x) => x.name === '大文件.bin');
  assert.strictEqual(mine.sha256, crypto.createHash('sha256').update(big).digest('hex'));
  const r = await put('li', [['file', '更大.bin', crypto.randomBytes(51 * 1024 * 1024)]]);
  assert.strictEqual(r.status, 413, r.body);
  const f = form(['file', '键.txt', '同一把钥匙']);
  const keyed = () => office.request('POST', `/api/v1${at}`, { headers: { ...as('li'), 'content-type': f.type, 'content-length': f.body.length, 'idempotency-key': 'k1' }, body: f.body });
  const first = await keyed(), head = await office.head(), second = await keyed();
  assert.deepStrictEqual([first.status, second.status, second.body === first.body], [201, 201, true]);
  assert.strictEqual(await office.head(), head, 'a repeated upload wrote again');
});

test('removed with a reason by whom it may be; the line stays', async () => {
  const [txt] = await list();
  const png = (await list()).find((x) => x.type === 'png');
  await refused(403, [], () => call('shangwu', `${at}/${png.id}/remove`, { reason: '错' }));
  await refused(422, '原因', () => call('shangwu', `${at}/${txt.id}/remove`, {}));
  await refused(422, [], () => call('shangwu', `${at}/${txt.id}/remove`, { reason: '错', why: 'x' }));
  await refused(404, [], () => call('keji', `${at}/${txt.id}/remove`, { reason: '错' }));
  const r = await call('shangwu', `${at}/${txt.id}/remove`, { reason: '传错版本' });
  assert.strictEqual(r.status, 200, r.body);
  const gone = r.json.find((x) => x.id === txt.id);
  assert.deepStrictEqual([gone.removed_by, gone.reason], ['商务局联络员', '传错版本']);
  assert.strictEqual((await get('zhang', `${at}/${txt.id}`)).status, 404);
  await refused(404, [], () => call('li', `${at}/${txt.id}/remove`, { reason: '再删' }));
  assert.strictEqual((await put('shangwu', [['file', '措施定稿.txt', '稳增长十条\n']])).status, 201);
});

test('the command line puts, lists and gets', async () => {
  const file = path.join(office.dir, '说明.md');
  fs.writeFileSync(file, '# 说明\n');
  assert.match(office.ok(['attach', number, file, '--scan']), /说明\.md/);
  const mine = office.json(['attachments', number]).find((x) => x.name === '说明.md');
  assert.strictEqual(mine.scan, true);
  assert.strictEqual(office.ok(['attachments', number, String(mine.id)]), '# 说明\n');
  office.ok(['attachments', number, String(mine.id), 'out.md']);
  assert.strictEqual(fs.readFileSync(path.join(office.dir, 'out.md'), 'utf8'), '# 说明\n');
  assert.strictEqual(office.run(['attach', number, file]).code, 5);
  assert.strictEqual(office.run(['attach', '文1999-0001', file]).code, 3);
  assert.strictEqual(office.run(['attach', number, '-'], { input: 'x' }).code, 2);
  assert.match(office.ok(['attach', number, '-', '--name', '管道.txt'], { input: '来自管道' }), /管道/);
  assert.strictEqual(office.run(['--as', 'keji', 'attachments', number]).code, 3);
  assert.strictEqual(office.json(['cage']).seccomp, true);
});

test('pages: choose, see, look into, take away; limits', async () => {
  const base = `http://127.0.0.1:${office.port}`, faults = [];
  browser = await launch();
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' })).newPage();
  page.on('pageerror', (e) => faults.push(e.message));
  page.on('console', (m) => { if (m.type() === 'error' && !/status of (4|5)/.test(m.text())) faults.push(m.text()); });
  await login(page, base, 'li');
  const entry = `${base}/entries/${encodeURIComponent(number)}`;
  await page.goto(entry);
  await page.click('#attachments summary');
  await page.setInputFiles('#attach-file', [
    { name: '分工表.csv', mimeType: 'text/csv', buffer: Buffer.from('序号,任务,责任人\n1,起草,张某\n2,"=1+1<b>",李某\n') },
    { name: '国标说明.txt', mimeType: 'text/html', buffer: Buffer.from([0xb9, 0xfa, 0xb1, 0xea, 0x3c, 0x62, 0x3e]) }]);
  await page.screenshot({ path: path.join(SHOTS, 'attach-add.png'), fullPage: true });
  await Promise.all([page.waitForNavigation(), page.click('#attachments button.main')]);
  assert.ok(page.url().endsWith('#attachments'));
  await page.screenshot({ path: path.join(SHOTS, 'attach-block.png'), fullPage: true });
  await page.click('#attachments >> text=分工表.csv');
  assert.strictEqual(await page.locator('.attach-table td', { hasText: '=1+1<b>' }).count(), 1);
  await page.screenshot({ path: path.join(SHOTS, 'attach-table.png') });
  await page.goto(entry);
  await page.click('#attachments >> text=国标说明.txt');
  assert.strictEqual((await page.textContent('.attach-text')).trim(), '国标<b>');
  await page.goto(entry);
  await page.click('#attachments >> text=来文.png');
  assert.strictEqual(await page.$eval('.attach-image', (i) => i.naturalWidth), 64);
  await page.screenshot({ path: path.join(SHOTS, 'attach-image.png') });
  const [down] = await Promise.all([page.waitForEvent('download'), page.click('.page-head .button.main')]);
  assert.strictEqual(down.suggestedFilename(), '来文.png');
  await page.click('summary:has-text("删除附件")');
  await Promise.all([page.waitForNavigation(), page.click('button.danger')]);
  assert.match(await page.textContent('main'), /原因/);
  await page.fill('[name=reason]', '扫描不清');
  await Promise.all([page.waitForNavigation(), page.click('button.danger')]);
  assert.strictEqual(await page.locator('#attachments >> text=来文.png').count(), 0);
  await page.goto(`${entry}/attachments`);
  assert.match(await page.textContent('main'), /李科员于.*删除：扫描不清/);
  await page.setInputFiles('#attach-file', [{ name: '程序.exe', mimeType: 'x/y', buffer: Buffer.from('MZ') }]);
  await Promise.all([page.waitForNavigation(), page.click('button.main')]);
  assert.match(await page.textContent('.note.bad'), /运行/);
  await page.screenshot({ path: path.join(SHOTS, 'attach-list.png'), fullPage: true });
  await page.setViewportSize({ width: 390, height: 844 });
  await page.screenshot({ path: path.join(SHOTS, 'attach-phone.png'), fullPage: true });
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), 'a phone scrolls sideways');
  assert.strictEqual((await page.request.get(`${base}/settings/attachments`)).status(), 403);
  assert.deepStrictEqual(faults, []);
  const chief = await (await browser.newContext({ locale: 'zh-CN' })).newPage();
  await login(chief, base, 'zhang');
  await chief.goto(`${base}/settings/attachments`);
  await chief.fill('[name=max_mb]', '99');
  await Promise.all([chief.waitForNavigation(), chief.click('main button.main')]);
  assert.match(await chief.textContent('main'), /1到50/);
  await chief.fill('[name=max_mb]', '1');
  await Promise.all([chief.waitForNavigation(), chief.click('main button.main')]);
  await refused(413, '1MB', () => put('li', [['file', '两兆.bin', crypto.randomBytes(2 * 1024 * 1024)]]));
});

test('an xlsx is looked into in the cage, a broken one says so', async () => {
  const b = office.ok(['attachments', number]);
  assert.ok(b.length > 0);
  const zip = (files) => {
    const local = [], central = [];
    let offset = 0;
    for (const [name, text] of files) {
      const data = Buffer.from(text), sum = zlib.crc32 ? zlib.crc32(data) : crcOf(data), h = Buffer.alloc(30), c = Buffer.alloc(46), n = Buffer.from(name);
      h.writeUInt32LE(0x04034b50); h.writeUInt16LE(20, 4); h.writeUInt32LE(sum >>> 0, 14); h.writeUInt32LE(data.length, 18); h.writeUInt32LE(data.length, 22); h.writeUInt16LE(n.length, 26);
      c.writeUInt32LE(0x02014b50); c.writeUInt16LE(20, 6); c.writeUInt32LE(sum >>> 0, 16); c.writeUInt32LE(data.length, 20); c.writeUInt32LE(data.length, 24); c.writeUInt16LE(n.length, 28); c.writeUInt32LE(offset, 42);
      local.push(h, n, data); central.push(c, n);
      offset += 30 + n.length + data.length;
    }
    const dir = Buffer.concat(central), end = Buffer.alloc(22);
    end.writeUInt32LE(0x06054b50); end.writeUInt16LE(files.length, 8); end.writeUInt16LE(files.length, 10); end.writeUInt32LE(dir.length, 12); end.writeUInt32LE(offset, 16);
    return Buffer.concat([...local, dir, end]);
  };
  const crcOf = (data) => { let c = ~0; for (const x of data) { c ^= x; for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1; } return ~c; };
  const SHEET = 'worksheet', R = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  const book = (sheet) => zip([['[Content_Types].xml', '<Types/>'], ['xl/workbook.xml', `<workbook xmlns:r="${R}"><sheets><sheet name="台账" r:id="r1"/></sheets></workbook>`],
    ['xl/_rels/workbook.xml.rels', `<Relationships><Relationship Id="r1" Type="${R}/${SHEET}" Target="s.xml"/></Relationships>`], ['xl/s.xml', sheet]]);
  const good = await put('li', [['file', '台账.xlsx', book(`<worksheet><sheetData><row><c t="str"><v>事项</v></c><c t="str"><v>时限</v></c></row><row><c t="str"><v>报送&lt;总结</v></c><c><v>5.2</v></c></row></sheetData></${SHEET}>`)]]);
  assert.strictEqual(good.status, 201, good.body);
  const evil = await put('li', [['file', '坏.xlsx', book(`<!DOCTYPE a [<!ENTITY b "b">]><worksheet>&b;</${SHEET}>`)]]);
  assert.strictEqual(evil.status, 201, evil.body);
  await office.login('li');
  const id = (name) => evil.json.find((x) => x.name === name).id;
  const page = await office.request('GET', `${at}/${id('台账.xlsx')}`, { headers: { cookie: office.cookie } });
  assert.match(page.body, /报送&lt;总结/);
  assert.match(page.body, /5\.2/);
  const bad = await office.request('GET', `${at}/${id('坏.xlsx')}`, { headers: { cookie: office.cookie } });
  assert.strictEqual(bad.status, 200);
  assert.match(bad.body, /文档类型声明/);
});

test('nothing is lost on the way to another database, nor in a backup', async () => {
  await office.stop();
  const before = office.json(['attachments', number]);
  office.ok(['backup', 'saved.db']);
  office.ok(['move', '--from', office.db, '--to', `sqlite:${path.join(office.dir, 'moved.db')}`]);
  for (const db of ['moved.db']) {
    const moved = JSON.parse(office.ok(['--json', '--db', `sqlite:${path.join(office.dir, db)}`, 'attachments', number]));
    assert.deepStrictEqual(moved, before);
    const one = before.find((x) => x.name === '管道.txt');
    assert.strictEqual(office.ok(['--db', `sqlite:${path.join(office.dir, db)}`, 'attachments', number, String(one.id)]), '来自管道');
    office.ok(['--db', `sqlite:${path.join(office.dir, db)}`, 'verify']);
  }
});
