// 收表 in Debian's chromium: a liaison fills on a phone without a script, the chief's board moves by itself, urging, the print; both languages.
// once
'use strict';
const test = require('node:test');
const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const { Office } = require('./rig.js');
const { launch, login } = require('./browse.js');

const SHOTS = path.join(__dirname, '..', 'build', 'screenshots');
const DRAFT = { title: '隔离转运日报', about: '每日18时前报，没有情况的报零报告。', every: 'day', time: '23:59', zero: true, categories: ['部门'],
  form: '新增转运 | 整数 | 必填 | 0..9999 | 说明：人\n其中特殊人员 | 整数\n累计转运 | 整数 | 累计\n进度 | 选项：正常/紧张\n联系电话 | 文字 | 个人信息\n其中特殊人员 <= 新增转运\n' };
const MANY = { title: '问题清单', every: 'once', deadline: '2099-01-05', many: 20, categories: ['部门'], form: '事项 | 文字 | 必填\n进度 | 选项：已完成/推进中\n比例 | 整数 | 0..100\n' };

let office, browser, base, id, many;

const shot = (page, name) => page.screenshot({ path: path.join(SHOTS, `collect-${name}.png`), fullPage: true });
async function enter(user, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', ...options });
  const page = await context.newPage();
  page.faults = [];
  page.on('pageerror', (e) => page.faults.push(e.message));
  page.on('console', (m) => { if (m.type() === 'error' && !/status of 4\d\d/.test(m.text())) page.faults.push(m.text()); });
  await login(page, base, user);
  return page;
}
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
const wide = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
// Fields that a screen reader could not name.
const nameless = (page) => page.evaluate(() => [...document.querySelectorAll('main input:not([type=hidden]), main select, main textarea')]
  .filter((e) => !e.labels?.length && !e.getAttribute('aria-label')).map((e) => e.name));

test.before(async () => {
  fs.mkdirSync(SHOTS, { recursive: true });
  office = new Office().begin();
  await office.serve();
  base = `http://127.0.0.1:${office.port}`;
  id = (await office.api('POST', '/collects', DRAFT)).json.id;
  many = (await office.api('POST', '/collects', MANY)).json.id;
  browser = await launch();
});
test.after(async () => {
  if (browser) await browser.close();
  if (office) await office.end();
});

test('a liaison fills on a phone, without a script', async () => {
  const page = await enter('shangwu', { ...PHONE, javaScriptEnabled: false });
  assert.match(await page.textContent('aside'), /今日应报[^]*隔离转运日报/);
  await page.click('aside >> text=隔离转运日报');
  assert.deepStrictEqual(await nameless(page), []);
  await page.fill('[name=r1c1]', '三');
  await page.fill('[name=r1c5]', '13912345678');
  await page.click('text=报送 >> nth=-1');
  assert.match(await page.textContent('.why'), /“新增转运”的“三”应为整数/);
  assert.strictEqual(await page.inputValue('[name=r1c5]'), '13912345678');
  assert.ok(await wide(page) <= 0, 'nothing beside the screen');
  await page.fill('[name=r1c1]', '３');
  await page.selectOption('[name=r1c4]', '正常');
  await page.click('button[value=save]');
  assert.match(await page.textContent('.facts'), /草稿/);
  assert.strictEqual(await page.inputValue('[name=r1c5]'), '＊＊＊1');
  await page.click('button[value=submit]');
  assert.match(await page.textContent('.facts'), /✓ 已报/);
  assert.ok(!(await page.content()).includes('13912345678'));
  await shot(page, 'phone-filled');
  await page.goto(`${base}/collects/${many}`);
  await page.fill('[name=r1c1]', '信号灯');
  await page.click('summary:has-text("粘贴整表")');
  await page.fill('[name=rows]', '事项\t进度\t比例\n信号灯\t推进中\t60\n公交站\t快了\t70');
  await page.click('button[value=submit]');
  assert.match(await page.textContent('main'), /第3行第5字\s*“进度”的“快了”不在选项中：已完成、推进中/);
  assert.ok(await wide(page) <= 0);
  await shot(page, 'phone-paste');
});

test('the board moves by itself; urging; sending up', async () => {
  const page = await enter('zhang');
  await page.click('.rail >> text=收表');
  await page.click('text=隔离转运日报');
  assert.match(await page.textContent('.equation'), /应报3[^]*已报1[^]*未报2/);
  await office.api('POST', `/collects/${id}/rounds/1/submit`, { unit: '市科技局', zero: true });
  await page.waitForFunction(() => /零报告1/.test(document.querySelector('.equation').textContent.replace(/\s/g, '')));
  assert.deepStrictEqual(await nameless(page), []);
  await page.fill('form:has(button[value=urge]) [name=text]', '群内提醒');
  await page.click('text=催报全部未报');
  await page.waitForSelector('text=催报1次');
  await page.click('summary:has-text("催报口径")');
  assert.match(await page.inputValue('textarea[readonly]'), /^请以下单位于.*前报送《隔离转运日报》：市卫生健康委。$/);
  await page.click('tr:has-text("市商务局") >> text=核收');
  await page.waitForSelector('tr:has-text("市商务局") >> text=已核收');
  await shot(page, 'board');
  await page.fill('form:has(button[value=send]) [name=text]', '省指挥部');
  await page.click('button[value=send]');
  await page.waitForSelector('[role=alert]:has-text("1家未报：市卫生健康委")');
  await page.check('[name=missing_ok]');
  await page.click('button[value=send]');
  await page.waitForSelector('text=已上报的表');
  await page.goto(`${base}/collects/${id}/rounds/1/table`);
  assert.match(await page.textContent('tfoot'), /合计\s*3/);
  assert.match(await page.textContent('main'), /未报1家：市卫生健康委/);
  assert.deepStrictEqual(page.faults, []);
});

test('the print has head, totals and page numbers', async () => {
  const page = await enter('zhang');
  await page.goto(`${base}/collects/${id}/rounds/1/print`);
  await page.emulateMedia({ media: 'print' });
  assert.ok(!await page.isVisible('.rail') && !await page.isVisible('.tools'));
  assert.match(await page.textContent('.sheet'), /隔离转运日报[^]*第1期[^]*合计[^]*未报1家：市卫生健康委/);
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
  assert.match(pdf, /\/Count 1\b/);
  await shot(page, 'print');
});

test('the form that defines one, with what is wrong beside it; and English', async () => {
  const page = await enter('zhang');
  await page.goto(`${base}/collects/new`);
  assert.deepStrictEqual(await nameless(page), []);
  await page.fill('[name=title]', '一张表');
  await page.fill('[name=form]', '甲 | 整数\n乙 | 数目');
  await page.click('text=开始收表');
  const main = await page.textContent('main');
  assert.match(main, /第2行第5字 “数目”不是类型/);
  assert.match(main, /请选应报单位/);
  assert.match(await page.inputValue('[name=form]'), /乙 \| 数目/);
  await page.fill('[name=form]', '甲 | 整数');
  await page.fill('[name=day]', '2099-01-05');
  await page.check('[name=categories]');
  await page.click('text=开始收表');
  await page.waitForSelector('.equation');
  await office.login('zhang');
  await office.post('/settings/language', { lang: 'en' }, { from: '/settings' });
  for (const p of ['/collects', '/collects/new', `/collects/${id}`, `/collects/${id}/rounds/1/table`, `/collects/${many}`]) {
    await page.goto(base + p);
    const text = (await page.textContent('main')).replace(/隔离转运日报|每日18时前报，没有情况的报零报告。|问题清单|一张表/g, '');
    assert.ok(!/应报|未报|时限|上报/.test(text), `${p}: ${(/.{0,20}(应报|未报|时限|上报).{0,20}/.exec(text) || [])[0]}`);
    assert.ok(await wide(page) <= 0, p);
  }
  await page.goto(`${base}/collects/${id}`);
  await shot(page, 'board-en');
  assert.deepStrictEqual(page.faults, []);
});
