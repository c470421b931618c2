// A password somebody else made opens nothing but the page that changes it.
'use strict';
const test = require('node:test');
const assert = require('node:assert');
const { Office } = require('./rig.js');

test('a first password must be changed before anything else', async (t) => {
  const office = new Office().begin();
  t.after(() => office.end());
  const { password } = office.json(['user', 'add', 'wang', '--name', '王科员', '--role', 'officer']);
  await office.serve();
  const login = await office.login('wang', password);
  assert.strictEqual(login.status, 303);
  const ask = (method, target, fields) => {
    const body = fields && new URLSearchParams(fields).toString();
    return office.request(method, target, { headers: { cookie: office.cookie, ...(body ? { 'content-type': 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(body) } : {}) }, body });
  };
  for (const page of ['/', '/entries', '/entries/new', '/week']) {
    const r = await ask('GET', page);
    assert.deepStrictEqual([r.status, r.headers.location], [303, '/settings'], page);
  }
  assert.strictEqual((await ask('GET', '/api/v1/entries')).status, 403);
  const settings = await ask('GET', '/settings');
  assert.strictEqual(settings.status, 200);
  const csrf = /name="?_csrf"? value="([^"]+)"/.exec(settings.body)[1];
  assert.strictEqual((await ask('POST', '/entries', { _csrf: csrf, title: '绕过' })).headers.location, '/settings');
  const changed = await ask('POST', '/settings/password', { _csrf: csrf, password_old: password, password: 'wenhuishi-9', password_again: 'wenhuishi-9' });
  assert.strictEqual(changed.status, 303);
  office.cookie = changed.headers['set-cookie'].map((c) => c.split(';')[0]).join('; ');
  assert.strictEqual((await ask('GET', '/')).status, 200);
});
