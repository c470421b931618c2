// The demonstration year: the same each time, lived through the same functions as everything else, and counted from its rows.
'use strict';
const test = require('node:test');
const assert = require('node:assert');
const { Office } = require('./rig.js');

// 文 会 事, settled, withdrawn, carried; the year of the summary, month by month. Carried in December is not closed within the year.
const MONTHS = [
  [52, 14, 18, 80, 1, 26], [38, 9, 13, 64, 0, 22], [66, 16, 31, 95, 2, 38], [61, 13, 30, 100, 1, 41], [74, 19, 62, 126, 3, 67], [63, 14, 34, 128, 2, 48],
  [55, 15, 22, 104, 1, 35], [58, 14, 27, 100, 1, 33], [60, 13, 24, 98, 1, 31], [49, 10, 19, 80, 1, 28], [68, 16, 33, 107, 2, 36],
];
const FIGURES = {
  'entries.registered': 1219, 'entries.settled': 1201, 'documents.operation.讲话稿': 12, 'documents.operation.汇报': 14, 'documents.operation.通知': 31, 'documents.operation.报告': 83,
  'documents.issued.key': 67, 'documents.errors_after_issue': 0, 'briefs.submitted.portal': 23, 'briefs.submitted.higher': 14, 'suggestions.adopted': 7, 'requests.handled': 13,
  'problems.settled': 10, 'duty.longest_run_days': 80, 'dispatch.rooms': 37906, 'dispatch.rooms.away': 21000, 'dispatch.cities.away': 5, 'dispatch.persons.moved': 18123,
  'dispatch.persons.returned': 18123, 'dispatch.convoys.long': 42,
};

test('the demonstration year', async (t) => {
  const office = new Office(), again = new Office();
  t.after(async () => { await office.end(); await again.end(); });
  office.ok(['demo']);

  await t.test('is the same each time, to the last hash', () => {
    again.ok(['demo']);
    assert.strictEqual(again.ok(['verify']), office.ok(['verify']));
    assert.strictEqual(again.ok(['export', 'entries', '-']), office.ok(['export', 'entries', '-']));
    const other = again.run(['demo']);
    assert.notStrictEqual(other.code, 0, 'a second year in the same database is refused');
  });

  await t.test('closes twelve months with the plan\'s numbers', async () => {
    office.token = office.json(['token', 'add', 'kezhang', 'test']).token;
    await office.serve();
    const list = (await office.api('GET', '/closings')).json;
    assert.strictEqual(list.length, 12);
    for (const [i, [documents, meetings, affairs, settled, withdrawn, carried]] of MONTHS.entries()) {
      const period = `2022-${String(i + 1).padStart(2, '0')}`;
      const c = list.find((x) => x.period === period);
      assert.deepStrictEqual([c.new, c.settled, c.withdrawn, c.carried], [documents + meetings + affairs, settled, withdrawn, carried], period);
      const month = (await office.api('GET', `/closings?period=${period}`)).json;
      for (const d of month.dimensions) assert.strictEqual(d.opening + d.new + d.reopened + d.moved_in, d.settled + d.withdrawn + d.moved_out + d.carried, `${period} ${d.name}`);
    }
    await office.stop();
  });

  await t.test('gives the summary its figures from rows', () => {
    const s = office.json(['summary', '--year', '2022']);
    const got = Object.fromEntries(s.figures.map((f) => [f.key, f.value]));
    for (const [key, value] of Object.entries(FIGURES)) assert.strictEqual(got[key], value, key);
    assert.ok(got['dispatch.service.person_trips'] > 9000);
    const late = 1 - got['entries.on_time'] / got['entries.settled'];
    assert.ok(late >= 0.04 && late <= 0.06, `late ${late}`);
    for (const f of s.figures) if (f.key !== 'duty.longest_run_days' && !/cities/.test(f.key)) assert.strictEqual(f.rows.reduce((n, r) => n + (r.n ?? 1), 0), f.value, `${f.key}: the rows add up`);
    assert.match(s.text, /18,?123/);
  });

  await t.test('and any other span its own', () => {
    const may = office.json(['summary', '--from', '2022-05-01', '--to', '2022-05-31']);
    const got = Object.fromEntries(may.figures.map((f) => [f.key, f.value]));
    assert.strictEqual(got['entries.registered'], 155);
    assert.strictEqual(got['entries.settled'], 126);
    assert.strictEqual(got['dispatch.persons.moved'], 15100);
    const none = office.json(['summary', '--year', '2019']);
    assert.ok(none.figures.every((f) => f.value === 0));
  });
});
