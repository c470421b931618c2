// whs calendar: a year's arrangement as csv and as pasted text, each corruption by line and column, the preview, exit codes; and its page.
'use strict';
const test = require('node:test');
const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const { Office } = require('./rig.js');

// 2027 as it might be arranged: fictitious, but held to every check.
const NOTICE = fs.readFileSync(path.join(__dirname, 'notice-2027.txt'), 'utf8');
const ITEMS = [['元旦', 'holiday', '01-01', '01-02', '01-03'], ['春节', 'holiday', '02-05', '02-06', '02-07', '02-08', '02-09', '02-10', '02-11'],
  ['春节', 'makeup-workday', '02-14'], ['清明节', 'holiday', '04-03', '04-04', '04-05'], ['劳动节', 'makeup-workday', '04-25'],
  ['劳动节', 'holiday', '05-01', '05-02', '05-03', '05-04', '05-05'], ['端午节', 'holiday', '06-09'], ['中秋节', 'holiday', '09-15'],
  ['国庆节', 'makeup-workday', '09-26', '10-09'], ['国庆节', 'holiday', '10-01', '10-02', '10-03', '10-04', '10-05', '10-06', '10-07']];
const CSV = ['date,kind,name', ...ITEMS.flatMap(([name, kind, ...days]) => days.map((d) => `2027-${d},${kind},${name}`))].join('\n') + '\n';

// [what, broken, line, column, words of the reason]
const BROKEN = [
  ['a wrong weekday', NOTICE.replace('9月15日（周三）', '9月15日（周四）'), 8, 13, '不是周四'],
  ['a day that is not', NOTICE.replace('9月26日', '9月31日'), 9, 32, '没有31日'],
  ['a wrong count', NOTICE.replace('共5天', '共6天'), 6, null, '写的是6天，实际是5天'],
  ['a make-up day on a weekday', NOTICE.replace('2月14日（周日）', '2月15日（周一）'), 4, null, '本来就上班'],
  ['no year', NOTICE.replace('关于2027年部分', '关于'), null, null, '没有看到是哪一年'],
  ['a csv day that is not', CSV.replace('2027-06-09', '2027-06-31'), 22, 1, '6月没有31日'],
  ['a csv kind that is not', CSV.replace('2027-06-09,holiday', '2027-06-09,free'), 22, 12, '“free”应为'],
  ['a csv day twice', CSV + '2027-06-09,holiday,端午节\n', 33, 1, '写了两次'],
  ['nothing', '\n', null, null, ''],
];

test('a broken notice is named by line, column and reason, and nothing is taken', () => {
  const o = new Office();
  o.ok(['init']);
  for (const [what, text, line, column, why] of BROKEN) {
    const r = o.run(['calendar', 'import', '-', '--confirm'], { input: text });
    assert.strictEqual(r.code, 3, `${what}: ${r.out}${r.err}`);
    if (line) assert.match(r.err, new RegExp(`^whs: ${line}:${column || '\\d+'}: `, 'm'), `${what}: ${r.err}`);
    assert.ok(r.err.includes(why), `${what}: ${r.err}`);
  }
  assert.strictEqual(o.run(['calendar', 'import']).code, 2);
  assert.match(o.ok(['calendar', 'show', '2027']), /推定/);
  o.end();
});

test('preview, import, again', () => {
  const o = new Office();
  o.ok(['init']);
  const is = (d) => o.run(['--json', 'workday', 'is', d]);
  assert.deepStrictEqual(JSON.parse(is('2027-02-14').out), { working: false, name: '', presumed: true });
  const file = path.join(o.dir, '2027.txt');
  fs.writeFileSync(file, NOTICE);
  const dry = o.json(['calendar', 'import', file, '--dry-run']);
  assert.strictEqual(dry.taken, false);
  assert.deepStrictEqual([dry.year, dry.off, dry.makeup, dry.off_weekdays, dry.statutory], [2027, 27, 4, 17, 13]);
  assert.deepStrictEqual(dry.doubts, []);
  assert.strictEqual(dry.source, '国办发明电〔2026〕9号');
  assert.strictEqual(JSON.parse(is('2027-02-14').out).presumed, true);

  const out = o.ok(['calendar', 'import', file]);
  assert.match(out, /2027年放假安排：放假27天，调休上班4天/);
  assert.match(out, /工作日放假17天 − 调休上班4天 = 13天，法定节假日13天/);
  assert.match(out, /已导入2027年放假安排，移动时限0项/);
  assert.deepStrictEqual(JSON.parse(is('2027-02-14').out), { working: true, name: '春节', presumed: false });
  assert.strictEqual(is('2027-10-07').code, 1);
  const shown = o.json(['calendar', 'show', '2027']);
  assert.strictEqual(shown.presumed, false);
  assert.strictEqual(shown.days.length, 31);
  assert.match(o.ok(['calendar', 'show', '2027']), /2027年的放假安排（国办发明电〔2026〕9号）/);

  const again = o.json(['calendar', 'import', '-'], { input: CSV });   // the same arrangement in the other writing
  assert.deepStrictEqual([again.known, again.changed, again.taken], [true, 0, true]);
  o.ok(['verify']);
  assert.strictEqual(o.run(['calendar', 'show', 'next']).code, 3);
  o.end();
});

test('a doubt needs --confirm', () => {
  const o = new Office();
  o.ok(['init']);
  const odd = NOTICE.replace('2月14日（周日）上班', '1月31日（周日）、2月14日（周日）上班');
  for (const words of [[], ['--dry-run']]) {
    const r = o.run(['calendar', 'import', '-', ...words], { input: odd });
    assert.strictEqual(r.code, 1);
    assert.match(r.out, /存疑：.*法定节假日是13天/);
  }
  assert.match(o.ok(['calendar', 'show', '2027']), /推定/);
  assert.match(o.ok(['calendar', 'import', '--confirm', '-'], { input: odd }), /已导入/);
  assert.strictEqual(o.run(['workday', 'is', '2027-01-31']).code, 0);
  assert.strictEqual(o.run(['calendar', 'import', '-'], { input: NOTICE }).code, 0);   // put right
  assert.strictEqual(o.run(['workday', 'is', '2027-01-31']).code, 1);

  o.ok(['calendar', 'import', '-', '--office-only'], { input: 'date,kind,name\n2028-03-08,holiday,妇女节\n' });
  assert.deepStrictEqual(o.json(['calendar', 'show', '2028']).days.filter((d) => d.own).map((d) => d.date), ['2028-03-08']);
  assert.strictEqual(o.json(['calendar', 'show', '2028']).presumed, true);
  o.end();
});

test('beside a running server, and on its page', async () => {
  const o = new Office().begin();
  await o.serve();
  try {
    const post = async (fields) => {
      const page = await o.request('GET', '/calendar/import', { headers: { cookie: o.cookie } });
      const csrf = /name="_csrf" value="([^"]+)"/.exec(page.body)[1];
      const body = new URLSearchParams({ _csrf: csrf, ...fields }).toString();
      return o.request('POST', '/calendar/import', { headers: { cookie: o.cookie, 'content-type': 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(body) }, body });
    };
    await o.login('li');
    assert.strictEqual((await o.request('GET', '/calendar', { headers: { cookie: o.cookie } })).status, 403);
    await o.login('guanli');
    const year = await o.request('GET', '/calendar?year=2027', { headers: { cookie: o.cookie } });
    assert.match(year.body, /推定/);
    const bad = await post({ text: BROKEN[0][1], confirm: '1' });
    assert.strictEqual(bad.status, 422);
    assert.match(bad.body, /第8行第13列/);
    const preview = await post({ text: NOTICE });
    assert.strictEqual(preview.status, 200);
    assert.match(preview.body, /确认导入/);
    assert.match(o.ok(['calendar', 'show', '2027']), /推定/);
    const done = await post({ text: NOTICE, confirm: '1' });
    assert.strictEqual(done.status, 303);
    assert.strictEqual(done.headers.location, '/calendar?year=2027&moved=0');
    const after = await o.request('GET', done.headers.location, { headers: { cookie: o.cookie } });
    assert.match(after.body, /已导入2027年放假安排/);
    assert.match(o.ok(['calendar', 'show', '2027']), /2027年的放假安排/);
  } finally {
    await o.end();
  }
});
