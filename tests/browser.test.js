// The first five minutes in Debian's chromium, and what must hold on every page: no script needed, a phone's width, contrast, labels, bytes.
// once
'use strict';
const test = require('node:test');
const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const { Office } = require('./rig.js');
const { launch, login, furnish, send, day } = require('./browse.js');

const SHOTS = path.join(__dirname, '..', 'build', 'screenshots');
const PASSWORD = 'wenhuishi-1';
const PAGES = ['/', '/week', '/entries', '/entries/new', '/paste', '/months', '/units', '/settings', '/help'];

let office, browser, base, first;

const shot = (page, name, options = {}) => page.screenshot({ path: path.join(SHOTS, `${name}.png`), ...options });
const open = (options = {}) => browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', ...options });
// Faults that a page reports itself: script errors and refusals of its content policy.
function watch(page) {
  const faults = [];
  page.on('pageerror', (e) => faults.push(e.message));
  page.on('console', (m) => { if (m.type() === 'error' && !/status of 4\d\d/.test(m.text())) faults.push(m.text()); });
  return faults;
}
async function enter(options, user = 'zhang') {
  const context = await open(options);
  const page = await context.newPage();
  await login(page, base, user, PASSWORD);
  return page;
}

test.before(async () => {
  fs.mkdirSync(SHOTS, { recursive: true });
  office = new Office();
  office.ok(['init', '--name', '某市人民政府办公室', '--section', '秘书五科']);
  for (const [user, name, role] of [['zhang', '张科长', 'chief'], ['li', '李科员', 'officer'], ['guanli', '系统管理员', 'admin']])
    office.ok(['user', 'add', user, '--name', name, '--role', role, '--password', PASSWORD]);
  await office.serve();
  base = `http://127.0.0.1:${office.port}`;
  browser = await launch();
});
test.after(async () => {
  if (browser) await browser.close();
  if (office) await office.end();
});

test('a first visit costs at most 60 KB with everything', async () => {
  const context = await open();
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  await cdp.send('Network.enable');
  let bytes = 0;
  cdp.on('Network.loadingFinished', (e) => { bytes += e.encodedDataLength; });
  const last = page.waitForResponse((r) => r.url().endsWith('/live'));           // a page asks for it when it has all else
  await login(page, base, 'zhang', PASSWORD);
  await last;
  assert.ok(bytes < 60 * 1024, `${bytes} bytes`);
  await shot(page, 'empty');
  await context.close();
});

test('the first five minutes: register, find it today, settle, tick the day, close the month', async () => {
  const page = await enter();
  const faults = watch(page);
  assert.deepStrictEqual(await furnish(page, base), []);
  await page.goto(base);
  await page.fill('#paste', '副市长调研方案');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/paste$/);
  assert.strictEqual(await page.inputValue('[name=m0_title]'), '副市长调研方案');
  assert.strictEqual(await page.evaluate(() => document.activeElement.name), 'm0_source', 'the first missing field has the focus');
  await page.fill('[name=m0_source]', '副市长调研');
  await page.fill('[name=m0_deadline]', `${day(0)} 23:59`);
  await page.fill('[name=m0_lead_unit]', '本科室');
  await page.selectOption('[name=m0_kind]', 'document');
  await page.keyboard.press('Control+Enter');
  await page.locator('.field .why[role=alert]').waitFor();
  assert.match(await page.textContent('.field:has(.why[role=alert])'), /要求/, 'the missing field says so');
  assert.strictEqual(await page.inputValue('[name=m0_source]'), '副市长调研', 'what was typed is kept');
  await shot(page, 'register-refused');
  await page.fill('[name=m0_requirement]', '方案、路线、汇报');
  await page.keyboard.press('Control+Enter');
  await page.waitForURL(/entries\/%E6%96%87/);
  first = await page.textContent('h1');
  assert.strictEqual(first, '副市长调研方案');
  await shot(page, 'entry');
  await page.goto(base);
  await shot(page, 'today');
  const row = page.locator('tr[data-row]', { hasText: '副市长调研方案' });
  await row.locator('button', { hasText: '办结' }).click();
  await page.locator('tr[data-row]', { hasText: '副市长调研方案' }).locator('text=✓').waitFor();
  assert.strictEqual(page.url(), `${base}/`, 'the row changed in place');
  await page.keyboard.press('c');
  await page.locator('#tick .green').waitFor();
  const month = new Date(Date.now() + 8 * 3600e3);
  month.setUTCDate(0);
  const period = month.toISOString().slice(0, 7);
  await page.goto(`${base}/months/${period}`);
  await page.click('button:has-text("月结")');
  await page.locator('text=已月结').first().waitFor();
  await shot(page, 'month');
  assert.deepStrictEqual(faults, []);
  await page.context().close();
});

test('the keyboard alone', async () => {
  const page = await enter();
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  const at = await page.evaluate(() => [...document.querySelectorAll('[data-row]')].indexOf(document.activeElement.closest('[data-row]')));
  assert.strictEqual(at, 1);
  await shot(page, 'today-row');
  await page.keyboard.press('Enter');
  await page.waitForURL(/entries\//);
  await page.keyboard.press('.');
  assert.ok(await page.locator('details.act[open]').count(), 'the likely act stands open');
  await shot(page, 'entry-act');
  await page.keyboard.press('Escape');
  await page.keyboard.press('e');
  await page.waitForURL(/edit/);
  await shot(page, 'entry-edit');
  await page.goto(base);
  await page.keyboard.press('?');
  await page.locator('dialog[open]').waitFor();
  await shot(page, 'help');
  await page.keyboard.press('Escape');
  await page.keyboard.press('/');
  await page.waitForURL(/entries/);
  await page.keyboard.type('研发准备金');
  await page.keyboard.press('Enter');
  await page.waitForURL(/q=/);
  assert.strictEqual(await page.locator('tr[data-row]').count(), 1);
  await page.keyboard.press('n');
  await page.waitForURL(/entries\/new/);
  await page.context().close();
});

test('everything works without a script', async () => {
  const page = await enter({ javaScriptEnabled: false }, 'li');
  const row = page.locator('tr[data-row]', { hasText: '异地就医' }).first();
  await row.locator('button').click();
  await page.waitForLoadState();
  assert.match(await page.locator('tr[data-row]', { hasText: '异地就医' }).first().textContent(), /在办/);
  await page.click('#tick button');
  assert.match(await page.textContent('#tick'), /✓/);
  await page.locator('a', { hasText: '异地就医' }).first().click();
  await page.click('summary:has-text("延期")');
  await page.fill('[id=f-extend-deadline]', day(9));
  await page.click('details[open] button:has-text("延期")');
  assert.match(await page.textContent('.history'), /延期/);
  await shot(page, 'entry-history', { fullPage: true });
  await page.context().close();
});

test('a phone: nothing wider than the screen, touch targets of 44 px', async () => {
  const page = await enter({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
  for (const at of PAGES) {
    await page.goto(base + at);
    const [wide, small] = await page.evaluate(() => [document.documentElement.scrollWidth,
      [...document.querySelectorAll('.rail a, main button, main .button, main input:not([type=hidden], [type=checkbox]), main select')]
        .filter((e) => e.checkVisibility() && e.getBoundingClientRect().height && e.getBoundingClientRect().height < 43.5).map((e) => e.outerHTML.slice(0, 80))]);
    assert.ok(wide <= 390, `${at} is ${wide} px wide`);
    assert.deepStrictEqual(small, [], at);
    if (['/', '/entries', '/entries/new'].includes(at)) await shot(page, `phone${at.replace(/\W+/g, '-').replace(/-$/, '-today')}`);
  }
  await page.locator('.rail a').first().click();
  await page.locator('tr[data-row] .c-title a').first().click();
  await shot(page, 'phone-entry');
  await page.context().close();
});

// Contrast by WCAG 2.2: of every text's own colour on the first opaque ground below it.
const contrast = () => {
  const parse = (c) => (c.match(/[\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)).reduce((s, v, i) => s + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (e) => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c.length === 3 || c[3] > 0.9) return c; } return [255, 255, 255]; };
  const bad = new Set();
  for (const e of document.querySelectorAll('body *')) {
    if (!e.checkVisibility() || e.disabled || ![...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim())) continue;
    const [a, b] = [light(parse(getComputedStyle(e).color)), light(ground(e))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) bad.add(`${e.tagName}.${e.className} ${((a + 0.05) / (b + 0.05)).toFixed(2)}`);
  }
  return [...bad];
};
const unlabelled = () => [...document.querySelectorAll('input:not([type=hidden]), select, textarea')]
  .filter((e) => !e.labels?.length && !e.getAttribute('aria-label')).map((e) => e.outerHTML.slice(0, 80));
const nameless = () => [...document.querySelectorAll('a, button, summary')].filter((e) => !e.textContent.trim() && !e.getAttribute('aria-label')).map((e) => e.outerHTML.slice(0, 80));
const doubled = () => { const seen = {}; for (const e of document.querySelectorAll('[id]')) seen[e.id] = (seen[e.id] || 0) + 1; return Object.keys(seen).filter((k) => seen[k] > 1); };

for (const scheme of ['light', 'dark']) {
  test(`labels, names, contrast: ${scheme}`, async () => {
    const page = await enter({ colorScheme: scheme });
    const faults = watch(page);
    for (const at of [...PAGES, '/entries?due=overdue', '/months/' + day(0).slice(0, 7)]) {
      await page.goto(base + at);
      for (const check of [contrast, unlabelled, nameless, doubled]) assert.deepStrictEqual(await page.evaluate(check), [], `${check.name} ${at}`);
    }
    await page.goto(base);
    if (scheme === 'dark') await shot(page, 'dark-today');
    assert.deepStrictEqual(faults, []);
    await page.context().close();
  });
}

test('the ledger prints on A3, each page with its number', async () => {
  const page = await enter();
  for (let i = 0; i < 40; i++) {
    const r = await send(page, base, '/entries', { kind: 'document', title: `转办件${i}`, source: '来文', requirement: '提出办理意见', received: day(-1), deadline: day(30), lead_unit: '市财政局' });
    assert.strictEqual(r.status(), 303);
  }
  await page.goto(`${base}/entries/print`);
  const pdf = await page.pdf({ preferCSSPageSize: true });
  fs.writeFileSync(path.join(SHOTS, 'ledger.pdf'), pdf);
  const text = pdf.toString('latin1');
  const pages = (text.match(/\/Type\s*\/Page\b/g) || []).length;
  assert.ok(pages >= 2 && pages <= 4, `${pages} pages`);
  const [, w, h] = /\/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)/.exec(text).map(Number);
  assert.ok(Math.abs(w - 1190.5) < 2 && Math.abs(h - 841.9) < 2, `${w} × ${h}`);
  await page.emulateMedia({ media: 'print' });
  await page.setViewportSize({ width: 1490, height: 1000 });
  await shot(page, 'print-ledger');
  await page.context().close();
});

test('an administrator keeps users and sees no entries', async () => {
  const page = await enter({}, 'guanli');
  assert.match(page.url(), /settings/);
  assert.strictEqual(await page.locator('.rail a[href="/entries"]').count(), 0);
  assert.strictEqual((await page.goto(`${base}/entries`)).status(), 403);
  await shot(page, 'refused');
  await page.goto(`${base}/members`);
  await page.fill('[name=login]', 'shangwu');
  await page.fill('[name=name]', '商务局联络员');
  await page.selectOption('[name=role]', 'liaison');
  await page.selectOption('[name=home]', '市商务局');
  await page.fill('#f-m-password', PASSWORD);
  await page.click('button:has-text("增加")');
  await page.locator('td', { hasText: 'shangwu' }).waitFor();
  await shot(page, 'members');
  await page.context().close();
});

test('a liaison changes the first password and sees only what concerns the unit', async () => {
  const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }, own = 'shangwu-2022';
  const page = await enter(phone, 'shangwu');
  assert.match(page.url(), /settings/, 'the password came from somebody else');
  await page.fill('[name=password_old]', PASSWORD);
  await page.fill('#f-pw-password', own);
  await page.fill('[name=password_again]', own);
  await Promise.all([page.waitForNavigation(), page.click('button:has-text("修改密码")')]);
  await page.goto(`${base}/entries`);
  const units = await page.locator('td.c-unit').allTextContents();
  assert.ok(units.length >= 2, `${units.length} rows`);
  for (const unit of units) assert.match(unit, /市商务局/);
  await page.goto(base);
  const row = page.locator('tr[data-row]', { hasText: '农村商贸网点' });
  await row.locator('button', { hasText: '签收' }).tap();
  await row.locator('text=在办').waitFor();
  await page.goto(`${base}/entries?q=${encodeURIComponent('农村商贸网点')}`);
  const path = decodeURI(await page.locator('tr[data-row] .c-title a').first().getAttribute('href'));
  const ask = () => send(page, base, `${path}/act`, { verb: 'extend', deadline: day(31), text: '面商改期' });
  assert.strictEqual((await send(page, base, `${path}/act`, { verb: 'extend', deadline: day(31) })).status(), 422, 'asking needs a reason');
  assert.strictEqual((await ask()).status(), 303);
  await page.goto(base + path);
  assert.strictEqual(await page.locator('#asked').count(), 0, 'who asks does not answer');
  const chief = await enter();
  const wait = chief.locator('aside li', { hasText: '申请延期至' });
  assert.match(await wait.textContent(), /申请延期至\d+年\d+月\d+日.*农村商贸网点.*市商务局/s);
  await wait.locator('a').click();
  assert.match(await chief.textContent('#asked'), /市商务局申请延至\d+年\d+月\d+日/);
  for (const check of [contrast, unlabelled, doubled]) assert.deepStrictEqual(await chief.evaluate(check), [], check.name);
  await shot(chief, 'entry-asked');
  await Promise.all([chief.waitForNavigation(), chief.click('#asked button:has-text("不同意")')]);
  assert.match(await chief.textContent('article'), /须说明原因/, 'refusing needs a reason');
  await chief.fill('#asked-text', '提案答复不能再迟');
  await Promise.all([chief.waitForNavigation(), chief.click('#asked button:has-text("不同意")')]);
  assert.strictEqual(await chief.locator('#asked').count(), 0);
  assert.strictEqual((await ask()).status(), 303);
  await chief.goto(base + path);
  await Promise.all([chief.waitForNavigation(), chief.click('#asked button:has-text("同意延期")')]);
  assert.strictEqual(await chief.locator('#asked').count(), 0);
  assert.match(await chief.textContent('.history'), /延期/);
  await chief.goto(base);
  assert.strictEqual(await chief.locator('aside li', { hasText: '申请延期至' }).count(), 0);
  await chief.context().close();
  await shot(page, 'phone-liaison');
  await page.context().close();
});

test('an entry is parted, brings something about, and its paper is followed', async () => {
  const page = await enter();
  const faults = watch(page);
  await page.goto(`${base}/entries?q=${encodeURIComponent('永久用电')}`);
  await page.locator('tr[data-row] .c-title a').click();
  const at = page.url();
  await page.click('text=登记分解件');
  await page.waitForURL(/parent=/);
  const parent = await page.inputValue('[name=parent]');
  assert.match(parent, /^事\d{4}-\d{4}$/);
  await page.fill('[name=title]', '综合体配电房土建验收');
  await page.fill('[name=requirement]', '完成验收');
  await page.selectOption('[name=lead_unit]', '园区管委会');
  await page.click('button:has-text("登记")');
  await page.locator('dd a', { hasText: parent }).click();
  await page.locator('#parts tr[data-row]', { hasText: '配电房' }).locator('text=待签收').waitFor();
  await page.click('#outcomes summary');
  await page.selectOption('#outcomes [name=key]', 'problems.settled');
  await page.fill('#outcomes [name=n]', '0');
  await page.click('#outcomes button');
  assert.match(await page.textContent('#outcomes .field.bad .why'), /1/, 'beside its field');
  await page.fill('#outcomes [name=n]', '3');
  await page.fill('#outcomes [name=label]', '供电专班');
  await page.click('#outcomes button');
  assert.match(await page.textContent('#outcomes table'), /协调解决问题.*供电专班.*3 个/s);
  await page.click('#paper summary');
  await page.fill('[name=paper_where]', '供电公司办公室');
  await page.fill('[name=paper_out]', day(0));
  await page.click('#paper button');
  assert.match(await page.textContent('#paper .facts'), /供电公司办公室/);
  await page.click('details:has([name=verb][value=feedback]) summary');
  await page.fill('#f-feedback-text', '来电：月底送电');
  await page.click('details:has([name=verb][value=feedback]) button');
  assert.match(await page.textContent('.history li:last-child'), /张科长代录 · 供电公司/, 'who wrote it down, and for whom');
  assert.strictEqual(page.url().split('#')[0], at);
  await shot(page, 'entry-parts', { fullPage: true });
  assert.deepStrictEqual(faults, []);
  await page.context().close();
});

test('the chief sets when a deadline turns yellow', async () => {
  const page = await enter();
  await page.goto(`${base}/settings`);
  await page.fill('[name=yellow_days]', '100');
  await page.click('form[action="/settings/lights"] button');
  assert.match(await page.textContent('.field.bad .why'), /0至60/);
  await page.fill('[name=yellow_days]', '1');
  await page.fill('[name=red_days]', '2');
  await page.click('form[action="/settings/lights"] button');
  assert.match(await page.textContent('.field.bad .why'), /红灯/);
  await page.fill('[name=yellow_days]', '12');
  await page.fill('[name=red_days]', '');
  await page.click('form[action="/settings/lights"] button');
  assert.strictEqual(await page.inputValue('[name=yellow_days]'), '12');
  await page.goto(`${base}/entries?due=near`);
  const many = await page.locator('.left.amber').count();
  await page.goto(`${base}/settings`);
  await page.fill('[name=yellow_days]', '0');
  await page.click('form[action="/settings/lights"] button');
  await page.goto(`${base}/entries?due=near`);
  assert.ok((await page.locator('.left.amber').count()) < many);
  await page.context().close();
});
