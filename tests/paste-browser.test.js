// Pasting in a real browser: Enter and Enter, words shown as fields are looked at, a phone, no script, English.
// once
'use strict';
const test = require('node:test');
const assert = require('node:assert');
const { Office } = require('./rig.js');
const { launch, login } = require('./browse.js');

let office, browser, base;

test.before(async () => {
  office = new Office().begin();
  await office.serve();
  base = `http://127.0.0.1:${office.port}`;
  browser = await launch();
});
test.after(async () => {
  if (browser) await browser.close();
  if (office) await office.end();
});

const day = (n) => {
  const d = new Date(Date.now() + 8 * 3600e3 + n * 86400e3);
  while (d.getUTCDay() % 6 === 0) d.setUTCDate(d.getUTCDate() + 1);
  return `${d.getUTCFullYear()}年${d.getUTCMonth() + 1}月${d.getUTCDate()}日`;
};
const notice = (no) => `某省人民政府办公厅明电\n某办明电〔2026〕${no}号\n关于报送第${no}号情况的通知\n请市商务局牵头，市科技局配合，于${day(20)}前报送情况。\n联系人：张某，13800000000`;
const minutes = () => `市政府第9次常务会议纪要\n一、关于甲事项。市商务局牵头，${day(15)}前提出方案。\n二、关于乙事项。责任单位：市没有局；完成时限：尽快。`;

async function enter(options = {}, user = 'zhang') {
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN', ...options })).newPage();
  page.faults = [];
  page.on('pageerror', (e) => page.faults.push(e.message));
  page.on('console', (m) => { if (m.type() === 'error' && !/status of 4\d\d/.test(m.text())) page.faults.push(m.text()); });
  await login(page, base, user);
  return page;
}

test('n, paste, Enter, Enter: the entry stands there', async () => {
  const page = await enter();
  const low = (await page.locator('#paste').boundingBox()).height;
  await page.keyboard.press('n');
  assert.strictEqual(await page.evaluate(() => document.activeElement.id), 'paste');
  await page.keyboard.insertText('第一行');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.insertText('第二行');
  assert.strictEqual(await page.inputValue('#paste'), '第一行\n第二行');
  await page.fill('#paste', notice(1));
  assert.ok((await page.locator('#paste').boundingBox()).height > low * 2, 'the box grows');
  await page.keyboard.press('Enter');
  await page.waitForSelector('form[data-accept]');
  assert.match(await page.evaluate(() => document.activeElement.textContent), /登记/, 'the press that registers has the focus');
  await page.keyboard.press('Enter');
  await page.waitForURL(/entries\/%E6%96%87/);
  assert.strictEqual(await page.textContent('h1'), '关于报送第1号情况的通知');
  await page.click('#origin summary');
  assert.match(await page.textContent('#origin'), /市商务局牵头[\s\S]*联系方式另存/);
  assert.deepStrictEqual(page.faults, []);
  await page.context().close();
});

test('a field shows its words, the words find their field', async () => {
  const page = await enter();
  await page.fill('#paste', notice(2));
  await page.keyboard.press('Enter');
  await page.waitForSelector('form[data-accept]');
  await page.focus('#m0-lead_unit');
  assert.deepStrictEqual(await page.locator('mark.on').allTextContents(), ['市商务局']);
  await page.hover('[data-words="m0-assist_units"]');
  assert.deepStrictEqual(await page.locator('mark.on').allTextContents(), ['市科技局']);
  await page.locator('mark', { hasText: '关于报送第2号情况的通知' }).click();
  assert.strictEqual(await page.evaluate(() => document.activeElement.id), 'm0-title');
  assert.deepStrictEqual(page.faults, []);
  await page.context().close();
});

test('several matters: the one that lacks something is open, its first gap has the focus; Ctrl+Enter accepts', async () => {
  const page = await enter();
  await page.fill('#paste', minutes());
  await page.keyboard.press('Enter');
  await page.waitForSelector('form[data-accept]');
  assert.deepStrictEqual(await page.locator('details.matter').evaluateAll((d) => d.map((x) => x.open)), [false, true]);
  assert.match(await page.locator('details.matter').nth(1).textContent(), /“市没有局”不在单位名录里/);
  assert.strictEqual(await page.evaluate(() => document.activeElement.id), 'm1-lead_unit', '尽快 has the own limit');
  await page.fill('#m1-deadline', '2099-01-05');
  await page.fill('#m1-lead_unit', '市科技局');
  await page.keyboard.press('Control+Enter');
  await page.waitForURL(/paste\/\d+$/);
  assert.strictEqual(await page.locator('tr[data-row]').count(), 2);
  assert.deepStrictEqual(page.faults, []);
  await page.context().close();
});

test('a phone: nothing wider than the screen, targets of 44 px, the press in sight', async () => {
  const page = await enter({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  await page.fill('#paste', minutes());
  await page.tap('.paste button');
  await page.waitForSelector('form[data-accept]');
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  const small = await page.$$eval('form[data-accept] :is(input:not([type=hidden], [type=checkbox]), select, button, summary)', (all) => all.filter((e) => e.getClientRects().length && e.getBoundingClientRect().height < 43.5).map((e) => e.outerHTML.slice(0, 80)));
  assert.deepStrictEqual(small, []);
  const seen = await page.evaluate(() => { const b = document.querySelector('.paste-go button').getBoundingClientRect(); return document.elementFromPoint(b.x + b.width / 2, b.y + b.height / 2).closest('.paste-go') !== null; });
  assert.ok(seen, 'the bar at the bottom does not cover it');
  await page.context().close();
});

test('without a script, and in English', async () => {
  const page = await enter({ javaScriptEnabled: false });
  await page.fill('#paste', notice(3));
  await page.click('.paste button');
  await page.click('.paste-go button');
  assert.strictEqual(await page.textContent('h1'), '关于报送第3号情况的通知');
  await page.context().close();
  const english = await enter({ locale: 'en' }, 'li');
  await english.goto(`${base}/settings`);
  await english.click('button[name=lang][value=en]');
  await english.goto(`${base}/paste`);
  await english.fill('#paste', minutes());
  await english.keyboard.press('Enter');
  await english.waitForSelector('form[data-accept]');
  const text = await english.evaluate(() => { document.querySelectorAll('.paste-text, option, .words, input, textarea, .song, a[href^="/entries/"]').forEach((e) => e.remove()); return document.querySelector('main').innerText; });
  assert.doesNotMatch(text.replace(/“[^”]*”|市[\p{Script=Han}]+/gu, ''), /\p{Script=Han}/u);
  await english.context().close();
});
