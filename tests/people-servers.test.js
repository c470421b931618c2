// engine: postgres — a SQLite file has one server
// A deputy's right is there, and gone, in the very next request on every server.
'use strict';
const test = require('node:test');
const assert = require('node:assert');
const { Office } = require('./rig.js');
const { serveMany, endMany, draft } = require('./servers.js');

test('a seat made at one server holds at the others at once, and ends there at once', async () => {
  const office = new Office().begin();
  const li = office.json(['token', 'add', 'li', 'test']).token, chief = office.token;
  const servers = await serveMany(office, 2);
  try {
    const [a, b] = servers, as = (token) => ({ authorization: `Bearer ${token}` });
    const day = new Date(Date.now() + 8 * 3600e3).toISOString().slice(0, 10);
    for (let i = 0; i < 10; i++) {
      const { number } = (await b.api('POST', '/entries', draft(`第${i}件`), as(li))).json, other = (await b.api('POST', '/entries', draft(`又${i}件`), as(li))).json.number;
      const withdraw = (n) => b.api('POST', `/entries/${encodeURIComponent(n)}/withdraw`, { text: '情况有变' }, as(li));
      const made = await a.api('POST', '/deputies', { deputy: 'li', to: day }, as(chief));
      assert.strictEqual(made.status, 201, made.body);
      assert.strictEqual((await withdraw(number)).status, 200);
      assert.strictEqual((await a.api('POST', `/deputies/${made.json.id}/end`, undefined, as(chief))).status, 200);
      assert.strictEqual((await withdraw(other)).status, 403);
    }
  } finally {
    await endMany(servers);
    await office.end();
  }
});
