// Closing, outcomes, summary and journal through the API and the command line: a month with one overdue entry.
'use strict';
const test = require('node:test');
const assert = require('node:assert');
const { Office } = require('./rig.js');

// Days of the month before today's, in UTC+08:00.
const now = new Date(Date.now() + 8 * 3600e3);
const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 1)).toISOString().slice(0, 7);
const day = (d) => `${month}-${String(d).padStart(2, '0')}`;

test('a month closes, proves itself and is summed up', async (t) => {
  const office = new Office().begin();
  t.after(() => office.end());
  await office.serve();
  const api = async (method, target, value) => {
    const r = await office.api(method, target, value);
    return { ...r, body: r.json };
  };
  const entry = { kind: 'affair', title: '协调永久用电接入', source: '专班会议纪要', requirement: '协调解决', lead_unit: '市商务局', day: day(3), received_at: day(3), deadline: day(9) };
  const made = await api('POST', '/entries', entry);
  assert.strictEqual(made.status, 201, JSON.stringify(made.body));
  const number = made.body.number;

  const outcome = await api('POST', '/outcomes', { entry: number, key: 'problems.settled', n: 10, day: day(5) });
  assert.strictEqual(outcome.status, 201, JSON.stringify(outcome.body));
  assert.strictEqual(outcome.body[0].n, 10);
  assert.strictEqual((await api('POST', '/outcomes', { entry: number, key: '没有', n: 1 })).status, 422);
  assert.match(office.ok(['outcome', number, 'requests.handled', '3', '--day', day(6)]), /受理诉求3起/);

  const refused = await api('POST', '/closings', { period: month });
  assert.strictEqual(refused.status, 409);
  assert.ok(JSON.stringify(refused.body).includes(number), JSON.stringify(refused.body));
  const cli = office.run(['close', 'month', month]);
  assert.strictEqual(cli.code, 5);
  assert.ok(cli.err.includes(number), cli.err);
  assert.strictEqual((await api('POST', '/closings', { period: '2022-13' })).status, 422);
  assert.strictEqual((await api('POST', '/closings', { period: month, carry: ['x'] })).status, 422);

  const closed = await api('POST', '/closings', { period: month, carry: { [number]: '待供电公司施工' } });
  assert.strictEqual(closed.status, 201, JSON.stringify(closed.body));
  assert.deepStrictEqual([closed.body.new, closed.body.carried, closed.body.overdue, closed.body.entries[0].reason], [1, 1, 1, '待供电公司施工']);
  assert.strictEqual((await api('POST', '/closings', { period: month })).status, 409);
  assert.strictEqual((await api('POST', `/entries/${encodeURIComponent(number)}/accept`, { day: day(9) })).status, 422);
  assert.strictEqual(office.run(['outcome', number, 'requests.handled', '1', '--day', day(6)]).code, 3);
  assert.strictEqual((await api('GET', '/closings')).body.length, 1);

  const journal = await api('GET', '/journal?after=0&limit=2');
  assert.match(journal.headers.link, /after=2&limit=2>; rel="next"/);
  const line = (await api('GET', `/journal?after=${closed.body.journal_seq - 1}`)).body[0];
  assert.deepStrictEqual([line.entity, line.verb], ['closing', 'close']);

  const summary = await api('GET', `/summary?from=${day(1)}&to=${day(28)}`);
  const figure = (key) => summary.body.figures.find((f) => f.key === key);
  assert.deepStrictEqual([figure('problems.settled').value, figure('entries.registered').value, figure('entries.carried').value], [10, 1, 1]);
  assert.strictEqual(figure('problems.settled').rows[0].number, number);
  assert.match(summary.body.text, /协调解决重点项目问题10个/);
  assert.deepStrictEqual(office.json(['summary', '--from', day(1), '--to', day(28)]).figures, summary.body.figures);
  assert.strictEqual(office.run(['summary', '--year', '2022', '--format', 'docx']).code, 3);
  assert.match(office.ok(['verify']), /月结1次，数字相符/);
  assert.match(office.ok(['close', 'week', day(9)]), /已周清/);

  await office.login('zhang');
  const page = async (target) => office.request('GET', target, { headers: { cookie: office.cookie } });
  const whole = await page(`/summary?from=${day(1)}&to=${day(28)}`);
  assert.strictEqual(whole.status, 200);
  assert.match(whole.body, /key=problems\.settled/);
  const rows = await page(`/summary/rows?key=problems.settled&from=${day(1)}&to=${day(28)}`);
  assert.strictEqual(rows.status, 200);
  assert.ok(rows.body.includes(number));
  assert.strictEqual((await page('/summary/rows?key=no.such')).status, 404);
});

test('what was settled or extended since the month ended writes its own reason', async (t) => {
  const office = new Office().begin();
  t.after(() => office.end());
  await office.serve();
  const numbers = [];
  for (const title of ['已办的', '延期的', '没有动的']) {
    const r = await office.api('POST', '/entries', { kind: 'affair', title, source: '来文', requirement: '报送', lead_unit: '市商务局', day: day(3), received_at: day(3), deadline: day(9) });
    assert.strictEqual(r.status, 201, JSON.stringify(r.json));
    numbers.push(r.json.number);
  }
  const [settled, extended, left] = numbers;
  const act = async (number, verb, value) => assert.strictEqual((await office.api('POST', `/entries/${encodeURIComponent(number)}/${verb}`, value)).status, 200);
  await act(settled, 'accept', {});
  await act(settled, 'submit', {});
  await act(settled, 'settle', { result: '已报送' });
  const later = new Date(now.getTime() + 20 * 86400e3).toISOString().slice(0, 10);
  await act(extended, 'extend', { deadline: later });
  const said = (iso) => iso.split('-').map(Number).join('年').replace(/年(\d+)$/, '月$1日');
  const today = said(now.toISOString().slice(0, 10));
  const want = [[settled, `已于${today}办结`, true], [extended, `已于${today}延期至${said(later)}`, true], [left, '', false]];
  const entries = (r) => r.json.entries.map((e) => [e.number, e.reason, e.written]);
  assert.deepStrictEqual(entries(await office.api('GET', `/closings?period=${month}`)), want);

  await office.login('zhang');
  const page = (await office.request('GET', `/months/${month}`, { headers: { cookie: office.cookie } })).body;
  assert.ok(page.includes(want[0][1]) && page.includes(want[1][1]));
  assert.ok(page.includes('月结时自动写入'));
  assert.deepStrictEqual([...page.matchAll(/name="reason-([^"]+)"/g)].map((m) => m[1]), [left]);

  const refused = office.run(['close', 'month', month]);
  assert.strictEqual(refused.code, 5);
  assert.ok(refused.err.includes(left) && !refused.err.includes(settled) && !refused.err.includes(extended), refused.err);
  const closed = await office.api('POST', '/closings', { period: month, carry: { [left]: '待批' } });
  assert.strictEqual(closed.status, 201, JSON.stringify(closed.json));
  assert.deepStrictEqual([closed.json.carried, closed.json.overdue, closed.json.settled], [3, 3, 0]);
  assert.deepStrictEqual(entries(closed), [[settled, want[0][1], false], [extended, want[1][1], false], [left, '待批', false]]);
  assert.match(office.ok(['verify']), /月结1次，数字相符/);
});
