// What strangers and browsers under a stranger's spell send: framing tricks, stolen or missing tokens, guessed passwords, markup in titles. Nothing of it may reach the ledger.
'use strict';
const test = require('node:test');
const assert = require('node:assert');
const { Office } = require('./rig.js');

const office = new Office();
const XSS = '<script>alert(1)</script>"\'&';
let number;

test.before(async () => {
  await office.begin().serve();
  const r = await office.api('POST', '/entries', { kind: 'document', title: XSS, source: `来源${XSS}`, requirement: `要求${XSS}`, deadline: new Date(Date.now() + 864e5).toISOString(), lead_unit: '市商务局' });
  assert.strictEqual(r.status, 201, r.body);
  number = r.json.number;
});
test.after(() => office.end());

async function unchanged(doing) {
  const before = await office.head();
  const r = await doing();
  assert.strictEqual(await office.head(), before, 'something was written');
  return r;
}

// --- framing: the list of http-hostile.md, against a route that would write if it were reached ------------------------------------------------

const BODY = JSON.stringify({ kind: 'document', title: '不该有', source: '外来', requirement: '无', no_deadline_reason: '无', lead_unit: '市商务局' });
const body = Buffer.from(BODY).toString('latin1'), size = body.length, hex = size.toString(16);
const top = () => `POST /api/v1/entries HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${office.token}\r\nContent-Type: application/json\r\n`;
const line = (s) => () => `${top()}${s}Content-Length: ${size}\r\n\r\n${body}`;
const chunked = (s) => () => `${top()}Transfer-Encoding: chunked\r\n\r\n${s}`;
const first = (s) => () => `${s}\r\nHost: x\r\nAuthorization: Bearer ${office.token}\r\nContent-Type: application/json\r\nContent-Length: ${size}\r\n\r\n${body}`;
const HOSTILE = {
  'two different Content-Length': [() => `${top()}Content-Length: ${size}\r\nContent-Length: ${size + 1}\r\n\r\n${body}`],
  'Content-Length with Transfer-Encoding': [() => `${top()}Content-Length: ${size}\r\nTransfer-Encoding: chunked\r\n\r\n${hex}\r\n${body}\r\n0\r\n\r\n`],
  '+N': [() => `${top()}Content-Length: +${size}\r\n\r\n${body}`],
  'N, N': [() => `${top()}Content-Length: ${size}, ${size}\r\n\r\n${body}`],
  'Nx': [() => `${top()}Content-Length: ${size}x\r\n\r\n${body}`],
  'xchunked': [() => `${top()}Transfer-Encoding: xchunked\r\n\r\n${hex}\r\n${body}\r\n0\r\n\r\n`],
  'chunked, identity': [() => `${top()}Transfer-Encoding: chunked, identity\r\n\r\n${hex}\r\n${body}\r\n0\r\n\r\n`],
  'two Transfer-Encoding': [() => `${top()}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n${hex}\r\n${body}\r\n0\r\n\r\n`],
  'Transfer-Encoding on 1.0': [() => `${top().replace('1.1', '1.0')}Transfer-Encoding: chunked\r\n\r\n${hex}\r\n${body}\r\n0\r\n\r\n`],
  'folded Transfer-Encoding': [() => `${top()}Transfer-Encoding:\r\n chunked\r\n\r\n${hex}\r\n${body}\r\n0\r\n\r\n`],
  'chunk size over 64 bits': [chunked(`fffffffffffffffff\r\n${body}\r\n0\r\n\r\n`), '400|413'],
  'chunk size 0x': [chunked(`0x${hex}\r\n${body}\r\n0\r\n\r\n`)],
  'chunk lines ended by LF': [chunked(`${hex}\n${body}\n0\n\n`)],
  'LF in a chunk extension': [chunked(`${hex};a\nb\r\n${body}\r\n0\r\n\r\n`)],
  'no CRLF after a chunk': [chunked(`${hex}\r\n${body}0\r\n\r\n`)],
  'space before the colon': [line('X : y\r\n')], 'space inside a name': [line('X Y: z\r\n')], 'leading space': [line(' X: y\r\n')],
  'leading space on the first line': [() => `POST /api/v1/entries HTTP/1.1\r\n Host: x\r\nAuthorization: Bearer ${office.token}\r\nContent-Type: application/json\r\nContent-Length: ${size}\r\n\r\n${body}`],
  'obs-fold': [line('X: y\r\n z\r\n')], 'bare CR': [line('X: y\rz\r\n')], 'X:\\rContent-Length': [() => `${top()}X:\rContent-Length: ${size}\r\n\r\n${body}`], 'CR CR': [line('X: y\r\r\n')],
  'NUL': [line('X: \0\r\n')], 'DEL': [line('X: \x7f\r\n')], 'ESC': [line('X: \x1b\r\n')], '0x80 in a name': [line('X\x80: y\r\n')], 'bare LF': [line('X: y\n')],
  '64 KB header': [line(`X: ${'y'.repeat(65536)}\r\n`), '431'], '5,000 headers': [line('X: y\r\n'.repeat(5000)), '431'],
  'no Host': [() => top().replace('Host: x\r\n', '') + `Content-Length: ${size}\r\n\r\n${body}`], 'two Host': [line('Host: y\r\n')],
  'NUL in the target': [first('POST /api/v1/entries\0 HTTP/1.1')], 'control in the target': [first('POST /api/v1/entries?\x01 HTTP/1.1')], 'space in the target': [first('POST /api/v1/entries?a b HTTP/1.1')],
  'raw UTF-8 in the target': [first('POST /api/v1/entries?q=\xe5\x8a\x9e HTTP/1.1')], 'lower-case method': [first('post /api/v1/entries HTTP/1.1')],
  'HTTP/1.2': [first('POST /api/v1/entries HTTP/1.2'), '400|505'], 'HTTP/3.7': [first('POST /api/v1/entries HTTP/3.7'), '505'],
};

test('hostile framing is answered, the connection closed, and nothing reached', async (t) => {
  for (const [name, [bytes, status = '400']] of Object.entries(HOSTILE)) {
    await t.test(name, () => unchanged(async () => {
      const r = await office.raw(`${bytes()}GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n`);
      assert.match(r.text, new RegExp(`^HTTP/1\\.1 (${status}) `), JSON.stringify(r.text.slice(0, 200)));
      assert.ok(r.closed, 'the connection stayed open');
      assert.match(r.text, /\r\nConnection: close\r\n/i);
      assert.strictEqual(r.text.split('HTTP/1.1 ').length, 2, 'more than one answer');
    }));
  }
});

test('the same request without the trick is taken', async () => {
  const before = await office.head();
  for (const bytes of [line('X: y\r\n'), chunked(`${hex}\r\n${body}\r\n0\r\n\r\n`), first('POST /api/v1/entries HTTP/1.1')])
    assert.match((await office.raw(bytes(), 300)).text, /^HTTP\/1\.1 201 /);
  assert.notStrictEqual(await office.head(), before);
});

test('must work: pipelining, absolute-form, Expect, Upgrade, dots', async () => {
  const three = await office.raw('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /nonsense HTTP/1.1\r\nHost: x\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  assert.deepStrictEqual([...three.text.matchAll(/HTTP\/1\.1 (\d+)/g)].map((m) => m[1]), ['200', '404', '200']);
  assert.match((await office.raw(`GET http://x/healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)).text, /^HTTP\/1\.1 200 /);
  const expect = await office.raw([`${top()}Expect: 100-continue\r\nConnection: close\r\nContent-Length: ${size}\r\n\r\n`, body]);
  assert.match(expect.text, /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 201 /);
  assert.match((await office.raw('GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n', 300)).text, /^HTTP\/1\.1 200 /);
  for (const target of ['/a/../../etc/passwd', '/../etc/passwd', '/%2e%2e/%2e%2e/etc/passwd', '/assets/../../../etc/passwd', '/assets/..%5c..%5cetc%5cpasswd', '//etc/passwd', '/etc/passwd']) {
    const r = await office.raw(`GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    assert.match(r.text, /^HTTP\/1\.1 (404|400) /, target);
    assert.ok(!r.text.includes('root:'));
  }
  assert.match((await office.raw('GET /a/../../etc/passwd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).text, /^HTTP\/1\.1 404 /);
});

test('HEAD has the heads of GET and no body; OPTIONS tells; other methods are 405', async () => {
  const head = await office.raw('HEAD /login HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  assert.match(head.text, /^HTTP\/1\.1 200 [\s\S]*Content-Length: [1-9]/i);
  assert.ok(head.text.endsWith('\r\n\r\n'));
  for (const method of ['PUT', 'DELETE', 'PATCH']) assert.strictEqual((await office.request(method, '/login')).status, 405, method);
});

// --- heads -------------------------------------------------------------------------------------------------------------------------------------

test('security heads on pages, API, errors and assets', async () => {
  await office.login('zhang');
  const page = await office.request('GET', '/', { headers: { cookie: office.cookie } });
  assert.strictEqual(page.status, 200);
  const asset = /(?:href|src)="?(\/assets\/[^" >]+)/.exec(page.body)[1];
  for (const [target, headers] of [['/', { cookie: office.cookie }], ['/login', {}], ['/nonsense', {}], ['/nonsense', { cookie: office.cookie }], ['/api/v1/entries', { authorization: `Bearer ${office.token}` }], ['/api/v1/entries', {}], ['/api/nonsense', {}], [asset, {}]]) {
    const r = await office.request('GET', target, { headers });
    assert.strictEqual(r.headers['x-content-type-options'], 'nosniff', `${target} ${r.status}`);
    if (target === asset) continue;
    const csp = r.headers['content-security-policy'];
    assert.match(csp, /default-src 'none'/, target);
    assert.match(csp, /frame-ancestors 'none'/, target);
    assert.ok(!/unsafe|\*|https?:/.test(csp), csp);
    assert.ok(r.headers['referrer-policy'], target);
    assert.match(r.headers['cache-control'] || '', /no-store/, target);
  }
  assert.ok(!/ on[a-z]+="?|<script(?![^>]*\ssrc=)[^>]*>|\sstyle="?/i.test(page.body.replace(/&[^;]+;/g, '')), 'inline script or style that the policy would stop');
});

// --- sessions -----------------------------------------------------------------------------------------------------------------------------------

const cookies = (r) => r.headers['set-cookie'] || [];

test('cookies: HttpOnly, SameSite, Path; no secret in an address', async () => {
  const r = await office.login('zhang');
  assert.strictEqual(r.status, 303);
  const c = cookies(r).find((x) => x.startsWith('whs_session='));
  assert.match(c, /; HttpOnly/i);
  assert.match(c, /; SameSite=(Lax|Strict)/i);
  assert.match(c, /; Path=\//i);
  assert.ok(!/whs_/.test(r.headers.location));
});

test('session fixation: a cookie from before the login is worth nothing after it', async () => {
  const planted = 'whs_session=main.AAAAAAAAAAAAAAAAAAAAAAAA';
  const page = await office.request('GET', '/login', { headers: { cookie: planted } });
  const csrf = cookies(page).map((c) => c.split(';')[0]).join('; ');
  const token = /name="?_csrf"? value="?([\w-]+)/.exec(page.body)[1];
  const r = await office.post('/login', { login: 'zhang', password: 'wenhuishi-1' }, { csrf: token, headers: { cookie: `${planted}; ${csrf}` } });
  assert.strictEqual(r.status, 303);
  assert.ok(!cookies(r).some((c) => c.startsWith(planted)));
  assert.notStrictEqual((await office.request('GET', '/', { headers: { cookie: planted } })).status, 200);
});

test('logging out ends the session on the server', async () => {
  await office.login('zhang');
  assert.strictEqual((await office.request('GET', '/', { headers: { cookie: office.cookie } })).status, 200);
  const r = await office.post('/logout', {});
  assert.strictEqual(r.status, 303, r.body);
  const after = await office.request('GET', '/', { headers: { cookie: office.cookie } });
  assert.strictEqual(after.status, 303);
  assert.match(after.headers.location, /^\/login/);
});

test('a new password ends other sessions; a disabled user\'s session ends at once', async () => {
  office.ok(['user', 'add', 'sun', '--name', '孙科员', '--role', 'officer', '--password', 'wenhuishi-1']);
  await office.login('sun');
  office.ok(['user', 'passwd', 'sun', '--password', 'wenhuishi-2']);
  assert.strictEqual((await office.request('GET', '/', { headers: { cookie: office.cookie } })).status, 303);
  await office.login('sun', 'wenhuishi-2');
  assert.strictEqual((await office.request('GET', '/', { headers: { cookie: office.cookie } })).status, 200);
  office.ok(['user', 'disable', 'sun']);
  assert.strictEqual((await office.request('GET', '/', { headers: { cookie: office.cookie } })).status, 303);
});

test('five wrong passwords lock; another user is not touched; an unknown login looks the same', async () => {
  const mean = async (user) => {
    const times = [];
    let text;
    for (let i = 0; i < 5; i++) {
      const t = process.hrtime.bigint(), r = await office.login(user, 'wrong-password');
      times.push(Number(process.hrtime.bigint() - t) / 1e6);
      assert.ok([403, 422].includes(r.status), r.status);
      text = r.body.replaceAll(`"${user}"`, 'USER').replace(/value="?[\w-]{32}"?/g, '');
      assert.match(text, /[\u4e00-\u9fff]/);
    }
    return { ms: times.sort((a, b) => a - b)[2], text };
  };
  const known = await mean('li'), unknown = await mean('nobody');
  assert.strictEqual(known.text, unknown.text);
  assert.ok(known.ms < unknown.ms * 3 + 20 && unknown.ms < known.ms * 3 + 20, `${known.ms} ms and ${unknown.ms} ms`);
  const right = await office.login('li');
  assert.ok([403, 422].includes(right.status), 'the right password opened a locked door');
  assert.ok(!cookies(right).some((c) => /^whs_session=./.test(c)));
  assert.strictEqual((await office.login('zhang')).status, 303);
  office.ok(['user', 'unlock', 'li']);
  assert.strictEqual((await office.login('li')).status, 303);
});

test('guesses sent at once are counted one by one', async () => {
  await Promise.all(Array.from({ length: 12 }, async () => {
    const page = await office.request('GET', '/login');
    return office.post('/login', { login: 'shangwu', password: 'wrong-password' }, { csrf: /name="?_csrf"? value="?([\w-]+)/.exec(page.body)[1], headers: { cookie: cookies(page).map((c) => c.split(';')[0]).join('; ') } });
  }));
  assert.ok([403, 422].includes((await office.login('shangwu')).status));
  office.ok(['user', 'unlock', 'shangwu']);
});

test('?next= leads nowhere but to this server', async () => {
  for (const next of ['//evil.example/', 'https://evil.example/', '/\\evil.example', '\\\\evil.example', 'javascript:alert(1)', '/\t/evil.example', '/\r\nSet-Cookie: x=y', '@evil.example', '///evil.example', '/%0d%0aX: y', '/..//evil.example']) {
    const page = await office.request('GET', `/login?next=${encodeURIComponent(next)}`);
    const fields = Object.fromEntries([...page.body.matchAll(/<input type="?hidden"? name="?([^" >]+)"? value="?([^" >]*)"?/g)].map((m) => [m[1], m[2]]));
    const r = await office.post('/login', { ...fields, login: 'zhang', password: 'wenhuishi-1', next }, { csrf: fields._csrf, headers: { cookie: cookies(page).map((c) => c.split(';')[0]).join('; ') } });
    if (r.status >= 400) continue;
    assert.strictEqual(r.status, 303);
    const to = new URL(r.headers.location, 'http://here.example');
    assert.strictEqual(to.host, 'here.example', next);
    assert.ok(!r.headers['x'] && !cookies(r).some((c) => c.startsWith('x=')));
  }
  const asked = await office.request('GET', `/entries/${encodeURIComponent(number)}`);
  assert.strictEqual(asked.status, 303);
  assert.match(asked.headers.location, /^\/login\?next=%2[Ff]entries%2[Ff]/);
});

// --- forms --------------------------------------------------------------------------------------------------------------------------------------

test('CSRF: no token, a wrong one, another session\'s, or another origin: 403 and nothing happens', async () => {
  await office.login('li');
  const theirs = /name="?_csrf"? value="?([\w-]+)/.exec((await office.request('GET', '/', { headers: { cookie: office.cookie } })).body);
  await office.login('zhang');
  const page = await office.request('GET', '/entries/new', { headers: { cookie: office.cookie } });
  const own = /name="?_csrf"? value="?([\w-]+)/.exec(page.body)[1];
  const fields = { kind: 'document', title: '经表单登记', source: '来电', requirement: '办理', no_deadline_reason: '长期坚持', lead_unit: '市商务局' };
  for (const [csrf, headers] of [[null, {}], ['', {}], ['x', {}], ['A'.repeat(own.length), {}], ...(theirs ? [[theirs[1], {}]] : []), [own, { origin: 'https://evil.example' }], [own, { origin: 'null' }], [own, { 'sec-fetch-site': 'cross-site' }],
    [own, { 'sec-fetch-site': 'same-site' }], [own, { origin: `http://127.0.0.1:${office.port + 1}` }], [own, { origin: `http://127.0.0.1:${office.port}.evil.example` }]]) {
    const r = await unchanged(() => office.post('/entries', fields, { csrf, headers }));
    assert.strictEqual(r.status, 403, `${csrf} ${JSON.stringify(headers)}: ${r.status}`);
    assert.match(r.body, /[\u4e00-\u9fff]/);
  }
  const before = await office.head();
  const good = await office.post('/entries', fields, { csrf: own, headers: { origin: `http://127.0.0.1:${office.port}`, 'sec-fetch-site': 'same-origin' } });
  assert.strictEqual(good.status, 303, good.body);
  assert.notStrictEqual(await office.head(), before);
});

test('CSRF: a session cookie alone writes nothing through the API either', async () => {
  await office.login('zhang');
  for (const type of ['application/json', 'text/plain', 'application/x-www-form-urlencoded']) {
    const r = await unchanged(() => office.request('POST', '/api/v1/entries', { headers: { cookie: office.cookie, 'content-type': type, origin: 'https://evil.example' }, body: BODY }));
    assert.ok([401, 403, 415].includes(r.status), `${type}: ${r.status}`);
  }
});

test('bad input by form: one clear sentence naming the field, what was typed is still there, nothing written', async () => {
  await office.login('zhang');
  const good = { kind: 'document', title: '表单之件', source: '来电', requirement: '办理', deadline: '2099-01-05', lead_unit: '市商务局' };
  const BAD = [
    [{ deadline: '2027-06-31' }, '时限'], [{ deadline: '下下周' }, '时限'], [{ lead_unit: '查无此局' }, '查无此局'], [{ received: '2022-05-09', deadline: '2022-05-01' }, '时限'], [{ title: '机密★1年' }, '标题'],
    [{ title: '长'.repeat(700000) }, '标题'], [{ title: 'x'.repeat(2 << 20) }, '标题'], [{ title: 'x\u0007' }, ''], [{ title: '' }, '标题'], [{ kind: 'letter' }, 'letter'],
  ];
  for (const [change, words] of BAD) {
    const r = await unchanged(() => office.post('/entries', { ...good, ...change }, { from: '/entries/new' }));
    assert.ok(r.status >= 400 && r.status < 500, `${JSON.stringify(change).slice(0, 80)}: ${r.status}`);
    assert.ok(r.body.includes(words), `${JSON.stringify(change).slice(0, 80)}: ${words} is not named`);
    if (change.title === undefined && r.status === 422) assert.ok(r.body.includes('表单之件'), `the form forgot what was typed: ${JSON.stringify(change)} ${r.body}`);
  }
  const page = await office.request('GET', '/entries/new', { headers: { cookie: office.cookie } });
  const csrf = /name="?_csrf"? value="?([\w-]+)/.exec(page.body)[1];
  for (const body of [`_csrf=${csrf}&title=%ff%fe`, `_csrf=${csrf}&title=%zz`, `_csrf=${csrf}&title=%00`, `_csrf=${csrf}&${'a=b&'.repeat(2000)}`]) {
    const r = await unchanged(() => office.post('/entries', Buffer.from(body), { csrf }));
    assert.ok(r.status >= 400 && r.status < 500, `${body.slice(0, 60)}: ${r.status}`);
    assert.match(r.body, /[\u4e00-\u9fff]/);
  }
  assert.strictEqual((await office.post('/entries', { ...good, title: '商业秘密保护' }, { from: '/entries/new' })).status, 303);
});

// --- markup -------------------------------------------------------------------------------------------------------------------------------------

test('markup in a title is text wherever it appears', async () => {
  await office.login('zhang');
  await office.api('POST', `/entries/${encodeURIComponent(number)}/feedback`, { text: `反馈${XSS}` });
  const one = `/entries/${encodeURIComponent(number)}`;
  const start = await office.request('GET', '/', { headers: { cookie: office.cookie } });
  const met = new Set(), queue = ['/', one, `${one}/print`, `${one}?print=1`, '/entries', `/entries?q=${encodeURIComponent(XSS)}`, `/entries/new?title=${encodeURIComponent(XSS)}`, '/week', '/months', '/units', '/entries/print', `/nonsense${encodeURIComponent(XSS).replaceAll('%2F', '')}`,
    `/login?next=/${encodeURIComponent(XSS)}`, ...[...start.body.matchAll(/href="?(\/[^" >#]*)/g)].map((m) => m[1].replaceAll('&amp;', '&'))];
  let shown = 0;
  for (const target of queue) {
    if (met.has(target) || target.startsWith('/assets/') || met.size > 120) continue;
    met.add(target);
    const r = await office.request('GET', target, { headers: { cookie: office.cookie } });
    assert.ok(r.status < 500, `${target}: ${r.status}`);
    if (!/html/.test(r.headers['content-type'] || '')) continue;
    assert.ok(!r.body.includes('<script>alert'), `${target} shows raw markup`);
    assert.ok(!r.body.includes('</script>"'), `${target} shows raw markup`);
    if (r.body.includes('&lt;script&gt;alert(1)')) shown++;
    if (r.status === 200 && target !== one) queue.push(...[...r.body.matchAll(/href="?(\/[^" >#]*)/g)].map((m) => m[1].replaceAll('&amp;', '&')));
  }
  assert.ok(shown >= 3, `the title was seen on ${shown} pages only`);
});
