// Two people at one ledger, in Debian's chromium: what one writes shows up at the other's, and nothing moves that its reader did not move.
// once
'use strict';
const test = require('node:test');
const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const { Office } = require('./rig.js');
const { launch, login, send, furnish, day } = require('./browse.js');

const SHOTS = path.join(__dirname, '..', 'build', 'screenshots');
const SOON = 2000;                               // ms within which the other's page shows it

let office, browser, base, zhang, li;
const faults = [];

const shot = (page, name) => page.screenshot({ path: path.join(SHOTS, `live-${name}.png`) });
async function enter(user, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', ...options });
  const page = await context.newPage();
  page.on('pageerror', (e) => faults.push(e.message));
  await login(page, base, user);
  return page;
}
const row = (page, title) => page.locator('main tr[data-row]', { hasText: title });
const shows = (locator) => locator.first().waitFor({ timeout: SOON });
const leaves = (locator) => locator.first().waitFor({ state: 'detached', timeout: SOON });
const line = (page, what) => page.locator(`#live [data-say=${what}]`);
const rest = (ms) => new Promise((go) => { setTimeout(go, ms); });
// The stream is open and has spoken; only then is a page's silence a finding.
async function ready(page, at) {
  const stream = page.waitForResponse((r) => r.url().endsWith('/live'), { timeout: 5000 });
  await page.goto(base + at);
  assert.strictEqual((await stream).status(), 200);
}
async function register(page, title, more = {}) {
  const r = await send(page, base, '/entries', { kind: 'document', title, source: '来文', requirement: '提出办理意见', received: day(-1), deadline: day(0), deadline_time: '23:50', lead_unit: '本科室', officer: '李科员', ...more });
  assert.strictEqual(r.status(), 303);
}
async function act(page, title, fields) {
  const href = await page.evaluate(async (t) => {
    const list = new DOMParser().parseFromString(await (await fetch(`/entries?q=${encodeURIComponent(t)}`)).text(), 'text/html');
    return list.querySelector('[data-open]').getAttribute('href');
  }, title);
  const r = await send(page, base, `${href}/act`, fields);
  assert.strictEqual(r.status(), 303);
  return href;
}

test.before(async () => {
  fs.mkdirSync(SHOTS, { recursive: true });
  office = new Office();
  office.ok(['init', '--name', '某市人民政府办公室', '--section', '秘书五科']);
  for (const [user, name, role] of [['zhang', '张科长', 'chief'], ['li', '李科员', 'officer']]) office.ok(['user', 'add', user, '--name', name, '--role', role, '--password', 'wenhuishi-1']);
  await office.serve();
  base = `http://127.0.0.1:${office.port}`;
  browser = await launch();
  zhang = await enter('zhang');
  li = await enter('li');
  assert.deepStrictEqual(await furnish(zhang, base), []);
});
test.after(async () => {
  if (browser) await browser.close();
  if (office) await office.end();
});

test('what one registers shows on the other\'s today, beside a half-typed title; what one settles leaves', async () => {
  await ready(li, '/');
  await li.evaluate(() => { window.here = 'not loaded again'; window.rows = [...document.querySelectorAll('#due tr')]; });
  await li.fill('#paste', '写了一半的标题');
  await li.evaluate(() => document.querySelector('#paste').setSelectionRange(2, 4));
  await register(zhang, '关于汛期值班的通知');
  await shows(row(li, '汛期值班'));
  assert.deepStrictEqual(await li.evaluate(() => [window.here, document.activeElement.id, document.activeElement.value, document.activeElement.selectionStart, document.activeElement.selectionEnd]),
    ['not loaded again', 'paste', '写了一半的标题', 2, 4]);
  assert.deepStrictEqual(await li.evaluate(() => window.rows.filter((r) => !r.isConnected).map((r) => r.textContent)), [], 'what was there was not drawn again');
  assert.ok(await line(li, 'news').isHidden(), 'nothing is offered where it could be shown');
  await shot(li, 'today');
  const before = await li.locator('#due .group.amber .n').first().textContent();
  await act(zhang, '汛期值班', { verb: 'settle', result: '已落实值班' });
  await leaves(row(li, '汛期值班').filter({ hasText: '今日到期' }));
  await li.waitForFunction((n) => document.querySelector('#due .group.amber .n').textContent !== n, before, { timeout: SOON });
  await li.fill('#paste', '');
});

test('a row that came in works as one that was there', async () => {
  await ready(li, '/');
  await register(zhang, '防汛物资清点');
  await shows(row(li, '防汛物资'));
  await row(li, '防汛物资').locator('button', { hasText: '办结' }).click();
  await row(li, '防汛物资').locator('text=✓').waitFor();
  await rest(1500);
  assert.strictEqual(await row(li, '防汛物资').count(), 1, 'it stays while it has the focus, and once');
  assert.match(await li.evaluate(() => document.activeElement.closest('tr').textContent), /防汛物资/);
  assert.ok(await line(li, 'news').isHidden(), 'one\'s own act is no news');
  await li.keyboard.press('j');
  await li.waitForFunction(() => !document.querySelector('#due tbody:first-of-type').textContent.includes('防汛物资'), null, { timeout: SOON });
});

test('the row with the focus stays where it is, and as it is, until the focus moves', async () => {
  await register(zhang, '信访件转办');
  await ready(li, '/');
  await li.setViewportSize({ width: 1440, height: 500 });
  await row(li, '信访件').locator('[data-open]').focus();
  await row(li, '信访件').evaluate((e) => e.scrollIntoView({ block: 'center' }));
  const top = () => li.evaluate(() => Math.round(document.activeElement.closest('tr').getBoundingClientRect().top));
  const at = await top();
  await register(zhang, '更早的一件', { received: day(-9), deadline: day(-3), deadline_time: '' });
  await shows(row(li, '更早的一件'));
  assert.ok(Math.abs(await top() - at) <= 1, `${at} → ${await top()}`);
  await act(zhang, '信访件', { verb: 'settle', result: '已答复' });
  await line(li, 'news').waitFor({ timeout: SOON });
  assert.ok(Math.abs(await top() - at) <= 1);
  assert.match(await row(li, '信访件').first().textContent(), /今日到期/);
  await shot(li, 'row-held');
  await li.keyboard.press('k');
  await line(li, 'news').waitFor({ state: 'hidden', timeout: SOON });
  assert.ok(!/信访件/.test(await li.locator('#due tbody:has(.group.amber)').first().textContent()));
  await li.setViewportSize({ width: 1440, height: 900 });
});

test('the ledger and its total, the week, the months', async () => {
  await ready(li, '/entries');
  const total = await li.textContent('#total');
  await register(zhang, '台账里的一件');
  await shows(row(li, '台账里的一件'));
  assert.notStrictEqual(await li.textContent('#total'), total);
  await ready(li, '/week');
  await register(zhang, '本周的一件');
  await shows(row(li, '本周的一件'));
  assert.ok(await li.locator('[data-print]').isVisible(), 'what the script showed stays shown');
  await ready(li, '/months');
  const open = await li.textContent('#months');
  await register(zhang, '月里的一件', { received: day(0) });
  await li.waitForFunction((t) => document.querySelector('#months').textContent !== t, open, { timeout: SOON });
  await ready(li, `/months/${day(0).slice(0, 7)}`);
  const added = await li.textContent('.equation');
  await register(zhang, '月里的又一件', { received: day(0) });
  await li.waitForFunction((t) => document.querySelector('.equation').textContent !== t, added, { timeout: SOON });
});

test('an entry: its history grows; while its form is being filled in, the news waits for a press', async () => {
  await register(zhang, '两人同看的一件');
  const href = await act(zhang, '两人同看', { verb: 'feedback', text: '第一次反馈' });
  await ready(li, href);
  await li.evaluate(() => scrollTo(0, 200));
  const scrolled = await li.evaluate(() => scrollY);
  await act(zhang, '两人同看', { verb: 'feedback', text: '第二次反馈' });
  await shows(li.locator('.history', { hasText: '第二次反馈' }));
  assert.strictEqual(await li.evaluate(() => scrollY), scrolled);
  await li.click('details.act summary:has-text("延期")');
  await li.fill('[id=f-extend-text]', '还在写的理由');
  const version = await li.inputValue('details[open] [name=version]');
  await act(zhang, '两人同看', { verb: 'feedback', text: '第三次反馈' });
  await line(li, 'news').waitFor({ timeout: SOON });
  assert.ok(!(await li.textContent('.history')).includes('第三次'));
  assert.strictEqual(await li.inputValue('details[open] [name=version]'), version, 'what is sent belongs to what was seen');
  assert.strictEqual(await li.evaluate(() => document.activeElement.id), 'f-extend-text');
  await shot(li, 'entry-held');
  await li.evaluate(() => document.querySelector('#live button').focus());
  await li.keyboard.press('Enter');
  await shows(li.locator('.history', { hasText: '第三次反馈' }));
  assert.ok(await line(li, 'news').isHidden());
  assert.deepStrictEqual(await li.evaluate(() => [document.activeElement.id, document.activeElement.value, !!document.activeElement.closest('details[open]')]), ['f-extend-text', '还在写的理由', true]);
  assert.notStrictEqual(await li.inputValue('details[open] [name=version]'), version);
  await act(zhang, '两人同看', { verb: 'feedback', text: '第四次反馈' });
  await line(li, 'news').waitFor({ timeout: SOON });
  await li.fill('[id=f-extend-text]', '');
  await li.click('details.act[open] summary');
  await shows(li.locator('.history', { hasText: '第四次反馈' }));
  assert.ok(await line(li, 'news').isHidden(), 'shown after all when the form is closed');
});

test('a selection stays, and the news waits for it', async () => {
  await ready(li, '/entries');
  await row(li, '台账里的一件').locator('.c-title').evaluate((e) => getSelection().selectAllChildren(e));
  await register(zhang, '选字时来的一件');
  await line(li, 'news').waitFor({ timeout: SOON });
  assert.match(await li.evaluate(() => String(getSelection())), /台账里的一件/);
  await li.evaluate(() => getSelection().removeAllRanges());
  await shows(row(li, '选字时来的一件'));
});

test('prints and the login have no stream', async () => {
  const asked = [];
  li.on('request', (r) => asked.push(new URL(r.url()).pathname));
  for (const at of ['/entries/print', '/entries/new', '/settings', '/help']) {
    await li.goto(base + at);
    await li.waitForLoadState('networkidle');
    assert.ok(!asked.includes('/live'), at);
  }
  const guest = await (await browser.newContext()).newPage();
  guest.on('request', (r) => asked.push(new URL(r.url()).pathname));
  await guest.goto(`${base}/login`);
  assert.ok(!asked.includes('/live'));
  await guest.context().close();
  await ready(li, '/');
  await register(zhang, '打印时');
  await shows(row(li, '打印时'));
  await li.emulateMedia({ media: 'print' });
  await li.evaluate(() => { for (const p of document.querySelectorAll('#live p')) p.hidden = false; });
  assert.ok(await li.locator('#live').isHidden(), 'no line on paper');
  await li.emulateMedia({ media: 'screen' });
});

test('a page that is not seen holds no stream, and asks once when it is seen again', async () => {
  await ready(li, '/');
  const asked = [];
  li.on('request', (r) => asked.push(new URL(r.url()).pathname));
  const see = (state) => li.evaluate((s) => {
    Object.defineProperty(document, 'hidden', { value: s === 'hidden', configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, state);
  const streams = async () => Number(/whs_streams (\d+)/.exec((await office.request('GET', '/metrics')).body)[1]);
  const before = await streams();
  await see('hidden');
  for (let i = 0; i < 50 && await streams() === before; i++) await rest(20);
  assert.strictEqual(await streams(), before - 1);
  await register(zhang, '睡着时一');
  await register(zhang, '睡着时二');
  await rest(600);
  assert.deepStrictEqual(asked, []);
  await see('visible');
  await shows(row(li, '睡着时二'));
  assert.deepStrictEqual(asked, ['/live', '/']);
});

test('English: the server goes away for longer than ten seconds, says so, and comes back', { timeout: 60000 }, async () => {
  await zhang.goto(`${base}/settings`);
  assert.strictEqual((await send(zhang, base, '/settings/language', { lang: 'en' })).status(), 303);
  await ready(zhang, '/');
  await ready(li, '/');
  await office.stop();
  await rest(6000);
  assert.ok(await line(li, 'lost').isHidden(), 'a moment is no loss');
  await line(li, 'lost').waitFor({ timeout: 8000 });
  assert.strictEqual((await line(li, 'lost').textContent()).trim(), '◆ 与服务器的连接已断开，正在重连…');
  await line(zhang, 'lost').waitFor({ timeout: 8000 });
  assert.match(await line(zhang, 'lost').textContent(), /The connection to the server is lost; trying again…/);
  await shot(zhang, 'lost-en');
  await shot(li, 'lost');
  await office.serve('--listen', `127.0.0.1:${office.port}`);
  for (const page of [li, zhang]) await line(page, 'lost').waitFor({ state: 'hidden', timeout: 35000 });
  await register(zhang, '重连之后');
  await shows(row(li, '重连之后'));
  await li.setViewportSize({ width: 390, height: 844 });
  await li.evaluate(() => { document.querySelector('#live [data-say=news]').hidden = false; });
  await shot(li, 'phone');
});

test('whose login is over is told, and the page asks no more', async () => {
  await ready(zhang, '/');
  await ready(li, '/');
  await zhang.context().clearCookies();
  await register(li, '退出之后');
  await line(zhang, 'over').waitFor({ timeout: SOON });
  await shot(zhang, 'over-en');
  assert.strictEqual(await row(zhang, '退出之后').count(), 0);
  assert.deepStrictEqual(faults, []);
});
