// Deputies, handovers, notes and following in Debian's chromium: without a script, at a phone's width, in both languages, without a fault on the console.
// once
'use strict';
const test = require('node:test');
const assert = require('node:assert');
const { Office } = require('./rig.js');
const { launch, login, day } = require('./browse.js');

const PASSWORD = 'wenhuishi-1';
let office, browser, base, number;

async function enter(user, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', ...options });
  const page = await context.newPage();
  page.faults = [];
  page.on('pageerror', (e) => page.faults.push(e.message));
  page.on('console', (m) => { if (m.type() === 'error' && !/status of 4\d\d/.test(m.text())) page.faults.push(m.text()); });
  await login(page, base, user, PASSWORD);
  return page;
}
const press = (page, selector) => Promise.all([page.waitForNavigation(), page.click(selector)]);

test.before(async () => {
  office = new Office().begin();
  await office.serve();
  base = `http://127.0.0.1:${office.port}`;
  browser = await launch();
  const r = await office.api('POST', '/entries', { kind: 'document', title: '关于报送稳增长措施的通知', source: '市政府办公室', requirement: '报送书面材料', deadline: day(10), lead_unit: '市商务局', officer: '李科员' });
  number = r.json.number;
});
test.after(async () => {
  if (browser) await browser.close();
  if (office) await office.end();
});

test('without a script: a deputy, a note for somebody chosen, its reading, following, a handover and back', async () => {
  const chief = await enter('zhang', { javaScriptEnabled: false }), li = await enter('li', { javaScriptEnabled: false });
  await chief.goto(`${base}/deputies`);
  await chief.selectOption('[name=deputy]', 'li');
  await chief.fill('[name=to]', day(5));
  await press(chief, 'form[action="/deputies"] button');
  assert.match(await chief.textContent('#now'), /张科长[\s\S]*李科员/);
  await li.goto(base);
  assert.match(await li.textContent('.head'), /代理张科长至/);
  await li.goto(`${base}/entries/${encodeURIComponent(number)}`);
  await press(li, '#notes a:has-text("从名单里选人")');
  await li.check('input[name=mention][value="张科长"]');
  await li.fill('#note-text', '请审定 <i>&');
  await press(li, 'button:has-text("贴便签")');
  assert.match(await li.textContent('.notes'), /@张科长 请审定 <i>&/);
  await press(li, '#notes button:has-text("关注")');
  await chief.goto(base);
  assert.match(await chief.textContent('#mentions'), /1条未看[\s\S]*李科员/);
  await press(chief, '#mentions li a');
  assert.match(chief.url(), /\/entries\//);
  await chief.goto(base);
  assert.strictEqual(await chief.locator('#mentions').count(), 0);
  assert.strictEqual((await office.api('POST', `/entries/${encodeURIComponent(number)}/urge`, { text: '请抓紧' })).status, 200);
  await li.goto(base);
  assert.match(await li.textContent('#following'), /1件有变化[\s\S]*催办/);
  await chief.goto(`${base}/handovers`);
  await chief.selectOption('[name=from]', 'li');
  await chief.selectOption('[name=to]', 'zhang');
  await chief.fill('[name=reason]', '岗位调整');
  await press(chief, 'button:has-text("预览")');
  await press(chief, 'button:has-text("将这1件交给张科长")');
  assert.match(await chief.textContent('.sheet'), new RegExp(number));
  await press(chief, 'button:has-text("全部交回李科员")');
  assert.match(await chief.textContent('.sheet'), /张科长[\s\S]*李科员/);
  for (const page of [chief, li]) assert.deepStrictEqual(page.faults, []);
});

test('on a phone, in both languages, nothing is wider than the screen and nothing is left untranslated', async () => {
  for (const lang of ['zh', 'en']) {
    const page = await enter('li', { viewport: { width: 360, height: 740 } });
    await office.login('li');
    await office.post('/settings/language', { lang }, { from: '/settings' });
    const entry = `/entries/${encodeURIComponent(number)}`;
    for (const path of ['/deputies', '/handovers', '/handovers?from=li&to=zhang&reason=x', '/mentions', '/following', entry, `${entry}/notes`]) {
      await page.goto(base + path);
      const [wide, text] = await page.evaluate(() => [document.documentElement.scrollWidth - innerWidth, document.querySelector('main').innerText]);
      assert.ok(wide <= 0, `${path} is ${wide} px too wide in ${lang}`);
      assert.doesNotMatch(text, /\b(deputy|handover|notes|field)\.[a-z_]+/, path);
      const bare = await page.evaluate(() => [...document.querySelectorAll('main input:not([type=hidden]), main select, main textarea')].filter((e) => !e.labels?.length && !e.getAttribute('aria-label')).map((e) => e.name));
      assert.deepStrictEqual(bare, [], `${path}: fields without a label`);
      if (path === '/deputies') assert.match(text, lang === 'en' ? /Deputies/ : /代理/);
    }
    assert.deepStrictEqual(page.faults, []);
    await page.context().close();
  }
});
