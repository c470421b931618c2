// For the browser tests and tools/screenshots.js: Debian's chromium, a login, forms sent as a browser would, and a small ledger to look at.
'use strict';
const { chromium } = require('playwright-core');

const FLAGS = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--lang=zh-CN'];
const launch = () => chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: FLAGS });

async function login(page, base, user, password = 'wenhuishi-1') {
  await page.goto(`${base}/login`);
  await page.fill('[name=login]', user);
  await page.fill('[name=password]', password);
  await Promise.all([page.waitForNavigation(), page.click('.login button')]);
}

// Sends a form with the session of a page, without drawing anything.
async function send(page, base, path, fields) {
  const csrf = await page.evaluate(() => document.querySelector('[name=_csrf]').value);
  const body = new URLSearchParams({ _csrf: csrf });
  for (const [k, v] of Object.entries(fields)) for (const one of [].concat(v)) body.append(k, one);
  return page.request.post(base + path, { maxRedirects: 0, data: body.toString(), headers: { 'content-type': 'application/x-www-form-urlencoded', origin: base } });
}

// A day n days from now, in UTC+08:00, as a date field wants it.
const day = (n) => new Date(Date.now() + 8 * 3600e3 + n * 86400e3).toISOString().slice(0, 10);

const UNITS = [['市科技局', '科技局'], ['市商务局', '商务局'], ['市卫生健康委', '卫健委'], ['市医保局', '医保局'], ['市财政局', '财政局'],
  ['市交通运输局', '交通局'], ['园区管委会', ''], ['供电公司', '']];
const LEADERS = ['市长', '分管副市长', '秘书长', '对口副秘书长'];
// kind, title, source, requirement, received (days from now), deadline, time, unit deadline, unit, urgency, leader
const MATTERS = [
  ['document', '关于报送纾困政策落实情况的紧急通知', '省政府办公厅明电', '报纾困政策落实情况', -12, -4, '18:00', -6, '市商务局', '特急', ''],
  ['affair', '综合体问题清单第3项：周边信号灯、公交站', '综合体问题清单', '9月开业前完成信号灯和公交站建设，每周报进度', -20, -1, '', -3, '市交通运输局', '', '分管副市长'],
  ['document', '关于鼓励企业建立研发准备金制度的通知（修改稿）', '市政府常务会议纪要', '修改后印发', -8, 0, '23:30', '', '市科技局', '', ''],
  ['affair', '副市长发言提纲', '市委办来电', '今日下班前报发言提纲', -1, 0, '23:50', '', '本科室', '加急', '分管副市长'],
  ['meeting', '市长专题会议：背景材料、三部门意见', '市长专题会议通知', '会前1日备齐背景材料和三部门意见', -2, 1, '', '', '本科室', '', '市长'],
  ['document', '农村商贸网点建设提案的答复', '政协提案', '面商后答复提案人', -30, 2, '', 1, '市商务局', '', ''],
  ['affair', '异地就医直接结算办理情况', '12345转办单', '5个工作日内回复来电人', -4, 3, '', 2, '市医保局', '', ''],
  ['document', '请示某县卫生院改扩建资金事宜', '某县政府请示', '15个工作日内提出办理意见', -6, 15, '', 12, '市财政局', '', ''],
  ['meeting', '省电视电话会议：分会场、参会名单', '省电视电话会议通知', '当日15时前报名单', -1, 4, '15:00', '', '市卫生健康委', '', ''],
  ['affair', '综合体永久用电接入', '专班会议纪要', '8月底前接入永久用电', -25, 20, '', 18, '供电公司', '', ''],
];

// What an office needs before its first morning; page is logged in as the chief.
async function furnish(page, base, matters = MATTERS) {
  const bad = [];
  const post = async (path, fields) => { const r = await send(page, base, path, fields); if (r.status() !== 303) bad.push(`${path} ${r.status()} ${fields.title || fields.name}`); return r; };
  for (const [name, short] of UNITS) await post('/units', { kind: 'unit', name, short_name: short, category: '部门' });
  for (const name of LEADERS) await post('/units', { kind: 'leader', name, short_name: '', category: '' });
  for (const [kind, title, source, requirement, received, due, time, unitDue, unit, urgency, leader] of matters) {
    await post('/entries', { kind, title, source, requirement, received: day(received), deadline: day(due), deadline_time: time,
      unit_deadline: unitDue === '' ? '' : day(unitDue), lead_unit: unit, officer: '李科员', leader, urgency });
  }
  return bad;
}

module.exports = { launch, login, send, furnish, day, UNITS, LEADERS, MATTERS };
