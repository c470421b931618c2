// The demonstration in Debian's chromium, on the morning after its year: a month with overdue matters is closed, a leader circles a paper on a phone,
// every page in English.
// once
'use strict';
const test = require('node:test');
const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const { Office } = require('./rig.js');
const { launch, login } = require('./browse.js');

const SHOTS = path.join(__dirname, '..', 'build', 'screenshots');
const MONTH = '/months/2022-12';

let office, browser, base;

const shot = (page, name, options = {}) => page.screenshot({ path: path.join(SHOTS, `demo-${name}.png`), ...options });

async function enter(user, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', ...options });
  const page = await context.newPage();
  page.faults = [];
  page.on('pageerror', (e) => page.faults.push(e.message));
  await login(page, base, user, 'wenhuishi2022');
  return page;
}

test.before(async () => {
  fs.mkdirSync(SHOTS, { recursive: true });
  office = new Office();
  office.ok(['demo']);
  await office.serve();
  base = `http://127.0.0.1:${office.port}`;
  browser = await launch();
});
test.after(async () => {
  if (browser) await browser.close();
  if (office) await office.end();
});

test('a leader circles a paper on a phone with one tap', async () => {
  const page = await enter('fushizhang', { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
  assert.match(await page.textContent('.head'), /演示数据 · 演示时钟/);
  const group = page.locator('tbody', { hasText: '送阅' }), row = group.locator('tr[data-row]').first();
  const number = await row.locator('.c-number').textContent(), before = await group.locator('tr[data-row]').count();
  const button = row.locator('button', { hasText: '圈阅' }), box = await button.boundingBox();
  assert.ok(box.height >= 44 && box.width >= 44 && box.y + box.height < 844, JSON.stringify(box));
  await shot(page, 'phone-leader');
  await button.tap();
  await button.waitFor({ state: 'detached' });
  assert.strictEqual(page.url(), `${base}/`, 'in place');
  await page.reload();
  assert.strictEqual(await page.locator('tbody', { hasText: '送阅' }).locator('tr[data-row]').count(), before - 1, 'it waits no more');
  await page.goto(`${base}/entries/${encodeURIComponent(number)}`);
  assert.match(await page.textContent('.history'), /圈阅|反馈/);
  assert.deepStrictEqual(page.faults, []);
  await page.context().close();
});

test('a page of the ledger is sent short', async () => {
  const page = await enter('kezhang'), http = require('node:http');
  const cookie = (await page.context().cookies()).map((c) => `${c.name}=${c.value}`).join('; ');
  const get = (target, more) => new Promise((done, fail) => http.get(base + target, { headers: { cookie, ...more } }, (r) => {
    const parts = [];
    r.on('data', (d) => parts.push(d)).on('end', () => done({ head: r.headers, body: Buffer.concat(parts) }));
  }).on('error', fail));
  const plain = await get('/entries?all=1'), short = await get('/entries?all=1', { 'accept-encoding': 'br, gzip' });
  assert.strictEqual(plain.head['content-encoding'], undefined);
  assert.strictEqual(short.head['content-encoding'], 'gzip');
  assert.strictEqual(require('node:zlib').gunzipSync(short.body).toString(), plain.body.toString());
  assert.ok(short.body.length < 20480, `${short.body.length} bytes on the wire`);
  assert.ok(plain.body.length < 56000, `${plain.body.length} bytes of markup for 60 rows`);
  assert.strictEqual((await get('/entries?all=1', { 'accept-encoding': 'gzip;q=0' })).head['content-encoding'], undefined);
  assert.strictEqual((await get('/help', { 'accept-encoding': 'gzip' })).head['content-encoding'], undefined, 'a short one is not worth it');
  await page.context().close();
});

test('December is closed: settled, extended, carried with a reason; what is missing is named', async () => {
  const page = await enter('kezhang');
  await page.goto(base + MONTH);
  const rows = page.locator('tr', { has: page.locator('[name^=reason-]') }), numbers = await rows.locator('.c-number').allTextContents();
  assert.ok(numbers.length >= 3, 'the demonstration leaves overdue matters');
  const cell = (number) => page.locator('tr', { has: page.locator(`[name="reason-${number}"]`) });
  // One is settled, counted for the month's last day.
  const settled = (await rows.filter({ has: page.locator('button[value=settle]') }).first().locator('.c-number').textContent());
  await cell(settled).locator('summary', { hasText: '办结' }).click();
  await cell(settled).locator('[name=result]').fill('月底前已答复');
  await shot(page, 'month-settle');
  await cell(settled).locator('button[value=settle]').click();
  await page.waitForURL(base + MONTH);
  assert.strictEqual(await cell(settled).count(), 0);
  // One is extended.
  const [extended, ...carried] = numbers.filter((n) => n !== settled);
  await cell(extended).locator('summary', { hasText: '延期' }).click();
  await cell(extended).locator('[name=deadline]').fill('2023-01-20');
  await cell(extended).locator('[name=text]').fill('来电请求，已同意');
  await cell(extended).locator('button[value=extend]').click();
  await page.waitForURL(base + MONTH);
  assert.strictEqual(await cell(extended).count(), 0);
  // The others are carried; the closing is refused while a reason is missing, keeps what was typed and names what lacks.
  await cell(carried[0]).locator('[name^=reason-]').fill('等待省厅批复');
  await page.click('button[form=close]');
  const said = await page.textContent('.note.bad');
  for (const number of carried.slice(1)) {
    assert.match(said, new RegExp(number));
    assert.ok(await cell(number).locator('.why').count(), `${number} says so in its row`);
  }
  assert.doesNotMatch(said, new RegExp(carried[0]));
  assert.strictEqual(await cell(carried[0]).locator('[name^=reason-]').inputValue(), '等待省厅批复');
  await shot(page, 'month-refused');
  for (const number of carried.slice(1)) await cell(number).locator('[name^=reason-]').fill('月初办结');
  await page.click('button[form=close]');
  await page.locator('.page-head .green', { hasText: '已月结' }).waitFor();
  assert.match(await page.textContent('.equation'), /✓ (\d+) ＝ \1/);
  await shot(page, 'month-closed');
  await page.goto(`${base}/entries/${encodeURIComponent(carried[0])}`);
  assert.match(await page.textContent('article'), /2022年12月\s*▲ 逾期结转 等待省厅批复/);
  await page.goto(`${base}/months`);
  assert.match(await page.locator('tr', { has: page.locator('th', { hasText: '2022年12月' }) }).textContent(), /已月结/);
  assert.deepStrictEqual(page.faults, []);
  await page.context().close();
});

test('the ledger of a month prints on A3 and nothing else', async () => {
  const page = await enter('keyuan1');
  await page.goto(`${base}/entries/print?month=2022-12`);
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
  const widths = [...pdf.matchAll(/\/MediaBox\s*\[\s*0 0 ([\d.]+)/g)].map((m) => Number(m[1]));
  assert.ok(widths.length >= 3 && widths.every((w) => w > 1180), `${widths}`);
  await page.context().close();
});

// Text of the interface that is still Chinese on an English page: what the office itself wrote stands in these places.
const chinese = () => {
  const own = '.own, .office, .who, .print-head, td, th[scope=row], dd, option, h1.entry-title, .song, h1.song, .history, .side li, input, textarea, label:has([type=checkbox]), .sheet, .page-head > .muted, button[lang], [value=zh]';
  const found = new Set();
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let t = walk.nextNode(); t; t = walk.nextNode())
    if (/[\u4e00-\u9fff]/.test(t.data) && !t.parentElement.closest(own) && !t.parentElement.closest('script, style')) found.add(t.data.trim());
  return [...found];
};

test('every page in English', async () => {
  const page = await enter('kezhang');
  await page.goto(`${base}/settings`);
  await page.click('button:has-text("English")');
  const number = (await (async () => { await page.goto(`${base}/entries`); return page.locator('tr[data-row] [data-open]').first().getAttribute('href'); })());
  for (const at of ['/', '/week', '/months', MONTH, '/entries', '/entries/new', '/lists', '/lists/instructions', '/views', '/units', '/settings', '/help', '/summary?year=2022', number, `${number}/edit`, `${number}/print`, '/entries/print?month=2022-12', '/entries/none']) {
    await page.goto(base + at);
    await shot(page, `en-${at.replace(/%../g, '').replace(/\W+/g, '-').replace(/^-|-$/g, '') || 'today'}`);
    assert.deepStrictEqual((await page.evaluate(chinese)).filter((s) => /[\u4e00-\u9fff]/.test(s.replace(/[文会事阅]\d{4}-\d{4}|报告|通知|汇报|讲话稿/g, ''))), [], at);
  }
  assert.deepStrictEqual(page.faults, []);
  await page.context().close();
});
