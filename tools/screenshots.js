// node tools/screenshots.js   makes docs/screenshot-today.png: today's page of a small office, 1440 × 900.
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { Office } = require('../tests/rig.js');
const { launch, login, furnish, send } = require('../tests/browse.js');

const FILE = path.join(__dirname, '..', 'docs', 'screenshot-today.png');
const PASSWORD = 'wenhuishi-1';

// Some matters are under way and one waits for the section's check, as on any morning.
async function move(page, base) {
  const links = await page.locator('tr[data-row] [data-open]').evaluateAll((all) => all.map((a) => [a.getAttribute('href'), a.closest('tr').textContent]));
  for (const [href, text] of links) {
    if (/秘书五科/.test(text)) continue;
    await send(page, base, `${href}/act`, { verb: 'accept' });
    if (/用电|医保|卫生院/.test(text)) await send(page, base, `${href}/act`, { verb: 'submit', result: '已按要求办理，请核查', recorded_for: '承办单位经办人' });
  }
}

(async () => {
  const office = new Office();
  office.ok(['init', '--name', '某市人民政府办公室', '--section', '秘书五科']);
  for (const [user, name, role] of [['zhang', '张科长', 'chief'], ['li', '李科员', 'officer']])
    office.ok(['user', 'add', user, '--name', name, '--role', role, '--password', PASSWORD]);
  await office.serve();
  const base = `http://127.0.0.1:${office.port}`, browser = await launch();
  try {
    const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN' })).newPage();
    await login(page, base, 'zhang', PASSWORD);
    const bad = await furnish(page, base);
    if (bad.length) throw new Error(bad.join('; '));
    await page.goto(base);
    await move(page, base);
    await page.goto(base);
    await page.screenshot({ path: FILE });
    console.log(`${path.relative(process.cwd(), FILE)}: ${fs.statSync(FILE).size} bytes`);
  } finally {
    await browser.close();
    await office.end();
  }
})();
