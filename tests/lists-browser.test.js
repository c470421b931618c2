// Lists under the hand: the keyboard, ticks and ranges, one act on many and its undoing, views and columns, filling in, paper; with and without scripts.
// once
'use strict';
const test = require('node:test');
const assert = require('node:assert');
const zlib = require('node:zlib');
const { Office } = require('./rig.js');
const { launch, login, furnish, send, day } = require('./browse.js');

const PASSWORD = 'wenhuishi-1';
let office, browser, base;

async function enter(options = {}, user = 'zhang') {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', ...options });
  const page = await context.newPage();
  page.faults = [];
  page.on('pageerror', (e) => page.faults.push(e.message));
  page.on('console', (m) => { if (m.type() === 'error' && !/status of 4\d\d/.test(m.text())) page.faults.push(m.text()); });
  await login(page, base, user, PASSWORD);
  return page;
}
async function leave(page) {
  assert.deepStrictEqual(page.faults, []);
  await page.context().close();
}
const ticked = (page) => page.locator('[data-row] .c-tick input:checked').count();
const here = (page) => page.evaluate(() => [...document.querySelectorAll('[data-row]')].indexOf(document.activeElement.closest('[data-row]')));

test.before(async () => {
  office = new Office();
  office.ok(['init', '--name', '某市人民政府办公室', '--section', '秘书五科']);
  for (const [user, name, role] of [['zhang', '张科长', 'chief'], ['li', '李科员', 'officer']])
    office.ok(['user', 'add', user, '--name', name, '--role', role, '--password', PASSWORD]);
  await office.serve();
  base = `http://127.0.0.1:${office.port}`;
  browser = await launch();
  const page = await enter();
  assert.deepStrictEqual(await furnish(page, base), []);
  await leave(page);
});
test.after(async () => {
  if (browser) await browser.close();
  if (office) await office.end();
});

test('x ticks, Shift+X a range, j k move, e edits, b acts on many, and one press puts it back', async () => {
  const page = await enter();
  await page.goto(`${base}/entries`);
  assert.strictEqual(await page.textContent('[data-ticked]'), '先选中几件');
  for (const key of ['j', 'j', 'x']) await page.keyboard.press(key);
  assert.strictEqual(await here(page), 1);
  assert.strictEqual(await ticked(page), 1);
  for (const key of ['j', 'j', 'j', 'Shift+X']) await page.keyboard.press(key);
  assert.strictEqual(await ticked(page), 4, 'the range from the row ticked last');
  assert.strictEqual(await page.textContent('[data-ticked]'), '已选4件');
  assert.strictEqual(await here(page), 4, 'the focus stays in its row');
  await page.keyboard.press('k');
  await page.keyboard.press('x');
  assert.strictEqual(await ticked(page), 3);
  await page.selectOption('#bulk [name=act]', 'urgency');
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press('b');
  await page.waitForURL(/entries\/bulk/);
  await page.selectOption('[name=value]', '特提');
  await page.click('button[value=preview]');
  await page.locator('.note.good').waitFor();
  assert.strictEqual(await page.locator('tbody b', { hasText: '特提' }).count(), 3);
  await page.click('button[value=take]');
  await page.waitForURL(/done=3&undo=\d+/);
  assert.strictEqual(await page.locator('.tag.red', { hasText: '特提' }).count(), 3);
  await page.click('.note.good button');
  await page.waitForURL(/[?&]undone=3/);
  assert.strictEqual(await page.locator('.tag.red', { hasText: '特提' }).count(), 0);
  await page.keyboard.press('j');
  await page.keyboard.press('e');
  await page.waitForURL(/\/edit$/);
  await leave(page);
});

test('what cannot be done is named, and the rest is done only when told', async () => {
  const page = await enter();
  await page.goto(`${base}/entries?state=open`);
  const first = page.locator('[data-row] .c-tick input');
  const last = await page.locator('[data-row] .c-number').last().textContent();
  for (let i = 0; i < await first.count(); i++) await first.nth(i).check();
  assert.strictEqual(await page.isChecked('#tick-all'), true);
  await page.selectOption('#bulk [name=act]', 'extend');
  await page.click('#bulk button');
  await page.fill('[name=value]', day(9));
  await page.fill('[name=text]', '材料未齐');
  await page.click('button[value=preview]');
  await page.locator('.note.near').waitFor();
  assert.ok(await page.locator('tbody .red', { hasText: '须晚于' }).count() > 0);
  assert.strictEqual(await page.locator('button[value=take]').count(), 0);
  assert.match(await page.textContent('button[value=partial]'), /只办可以办的\d+件/);
  await page.click('button[value=partial]');
  await page.waitForURL(/done=\d+/);
  assert.ok(last.length > 5);
  await leave(page);
});

test('an act in a row keeps the row\'s columns, its box and the focus', async () => {
  const page = await enter();
  await page.goto(`${base}/entries?state=pending&columns=number,title,progress,kind,due`);
  const cells = await page.locator('[data-row]').first().locator('td').count();
  await page.keyboard.press('j');
  await page.keyboard.press('.');
  await page.locator('[data-row]').first().locator('.c-act button').waitFor({ state: 'detached' });
  assert.strictEqual(await page.locator('[data-row]').first().locator('td').count(), cells);
  assert.strictEqual(await page.locator('[data-row]').first().locator('.c-tick input').count(), 1);
  await page.waitForFunction(() => [...document.querySelectorAll('[data-row]')].indexOf(document.activeElement.closest('[data-row]')) === 0);
  await leave(page);
});

test('a view keeps conditions, order and columns; it is renamed, deleted and brought back', async () => {
  const page = await enter();
  await page.goto(`${base}/entries?state=open&sort=unit`);
  await page.click('summary:has-text("列")');
  await page.fill('[name=p_officer]', '');
  await page.fill('[name=p_progress]', '3');
  await page.click('button:has-text("按此显示")');
  await page.waitForURL(/columns=/);
  const heads = await page.locator('.ledger thead th').allTextContents();
  assert.ok(heads.includes('进展') && !heads.includes('经办人'), `${heads}`);
  assert.match(page.url(), /sort=unit/);
  await page.click('summary:has-text("存为视图")');
  await page.fill('.below [name=name]', '按单位');
  await page.check('.below [name=shared]');
  await page.click('.below button:has-text("保存")');
  await page.waitForURL(/view=\d+/);
  assert.strictEqual(await page.textContent('.views [aria-current]'), '按单位');
  const other = await enter({}, 'li');
  await other.goto(`${base}/entries`);
  await other.click('.views a:has-text("按单位")');
  assert.deepStrictEqual(await other.locator('.ledger thead th').allTextContents(), heads);
  await other.goto(`${base}/views`);
  await other.fill('form.column [name=name]', '各单位在办');
  await other.click('form.column button:has-text("保存")');
  await other.click('form.column button:has-text("删除")');
  await other.click('form.column button:has-text("撤销删除")');
  assert.strictEqual(await other.inputValue('form.column [name=name]'), '各单位在办');
  await leave(other);
  await leave(page);
});

test('without scripts: a list gets columns, is filled in, ordered, narrowed and printed', async () => {
  const page = await enter({ javaScriptEnabled: false });
  const numbers = [];
  await page.goto(`${base}/entries?all=1`);
  for (const n of await page.locator('[data-row] .c-number').allTextContents()) if (numbers.length < 3) numbers.push(n);
  await page.goto(`${base}/lists`);
  await page.fill('section [name=name]', '现场督办');
  await page.click('section button:has-text("建立")');
  await page.waitForURL(/\/lists\/\d+$/);
  const at = page.url();
  await page.fill('#numbers', numbers.join('，'));
  await page.click('button[value=add]');
  assert.strictEqual(await page.locator('[data-row]').count(), 3);
  for (const [name, type, choices] of [['进度', 'number', ''], ['批次', 'choice', '一批；二批']]) {
    if (await page.locator('details:not([open]):has(#f-col-name) summary').count()) await page.locator('details:has(#f-col-name) summary').click();
    await page.fill('#f-col-name', name);
    await page.selectOption('#f-col-type', type);
    await page.fill('#f-col-choices', choices);
    await page.click('details button:has-text("增加栏目")');
  }
  await page.click('a:has-text("逐行填写")');
  for (const [i, [n, word]] of [['30', '二批'], ['5', '一批'], ['100', '二批']].entries()) {
    const row = page.locator('[data-row]').nth(i);
    await row.locator('.c-own input[type=text]').fill(n);
    await row.locator('.c-own select').selectOption(word);
  }
  await page.locator('[data-row] button:has-text("保存")').first().click();   // any row's button saves what was typed in all of them
  assert.match(await page.textContent('.note.good'), /已保存，更改6处/);
  assert.deepStrictEqual(await page.locator('.c-own input[type=text]').evaluateAll((all) => all.map((x) => x.value)), ['30', '5', '100']);
  await page.locator('.c-own input[type=text]').nth(2).fill('101');
  await page.locator('[data-row]').first().locator('.c-own input[type=text]').fill('很多');
  await page.locator('[data-row]').first().locator('button:has-text("保存")').click();
  assert.match(await page.textContent('.note.bad'), /“进度”要填数字，“很多”不是/);
  assert.deepStrictEqual(await page.locator('.c-own input[type=text]').evaluateAll((all) => all.map((x) => x.value)), ['很多', '5', '101']);
  await page.goto(at);
  await page.click('th.c-own a:has-text("进度")');
  assert.deepStrictEqual(await page.locator('td.c-own.num').allTextContents(), ['5', '30', '100']);
  await page.click('.views a:has-text("二批")');
  assert.strictEqual(await page.locator('[data-row]').count(), 2);
  await page.goto(`${at}/print`);
  const heads = await page.locator('.grid thead th').allTextContents();
  assert.deepStrictEqual(heads.slice(-2), ['进度', '批次']);
  assert.match(await page.textContent('.totals'), /^合计3件：未办结\d件/);
  await leave(page);
});

// How many text runs the content streams of a PDF show on each page, from the streams themselves.
function runs(pdf) {
  const bytes = Buffer.from(pdf), out = [];
  for (let at = 0; (at = bytes.indexOf('stream\n', at)) >= 0; at += 7) {
    const end = bytes.indexOf('endstream', at);
    try { out.push((zlib.inflateSync(bytes.subarray(at + 7, end)).toString('latin1').match(/T[jJ]\b/g) || []).length); } catch { /* fonts and the like are packed otherwise */ }
  }
  return out.filter((n) => n > 0);
}

test('paper: head, conditions, who and when, the table\'s head and a number on every page, totals at the end', async () => {
  const page = await enter({ bypassCSP: true });
  for (let i = 0; i < 70; i++) {
    const r = await send(page, base, '/entries', { kind: 'affair', title: `落实事项${i}`, source: '会议', requirement: '报结果', received: day(-1), deadline: day(20), lead_unit: '市财政局' });
    assert.strictEqual(r.status(), 303);
  }
  for (const [paper, width] of [['', 1190.5], ['&paper=a4', 841.9]]) {
    await page.goto(`${base}/entries/print?state=open&sort=due${paper}`);
    assert.match(await page.textContent('.sheet h1'), /某市人民政府办公室秘书五科工作台账/);
    const head = await page.locator('.sheet-head span').allTextContents();
    assert.match(head[0], /状态：未办结/);
    assert.match(head[2], /\d{4}年\d+月\d+日.*张科长打印/);
    const pdf = await page.pdf({ preferCSSPageSize: true });
    const text = pdf.toString('latin1'), pages = (text.match(/\/Type\s*\/Page\b/g) || []).length;
    const [, w] = /\/MediaBox\s*\[\s*0 0 ([\d.]+)/.exec(text).map(Number);
    assert.ok(pages >= 2 && Math.abs(w - width) < 2, `${pages} pages of ${w}`);
    await page.addStyleTag({ content: '@page { @bottom-center { content: none !important } } @page ledger { @bottom-center { content: none !important } } @page across { @bottom-center { content: none !important } }' });
    const bare = runs(await page.pdf({ preferCSSPageSize: true })).reduce((a, b) => a + b, 0), full = runs(pdf).reduce((a, b) => a + b, 0);
    assert.ok(full - bare >= pages, `page numbers: ${full} text runs, ${bare} without them, ${pages} pages`);
    await page.addStyleTag({ content: 'thead { display: table-row-group !important }' });
    const once = runs(await page.pdf({ preferCSSPageSize: true })).reduce((a, b) => a + b, 0);
    assert.ok(bare > once, `the head is repeated: ${bare} text runs, ${once} without`);
  }
  await leave(page);
});
