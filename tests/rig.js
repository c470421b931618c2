// For node tests: a database of its own in a fresh folder, the program as a command, a server on a free loopback port, HTTP with kept connections.
'use strict';
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const http = require('node:http');
const net = require('node:net');
const { spawn, spawnSync } = require('node:child_process');

const { psqlNow, urlOf } = require('./postgres.js');

const WHS = process.env.WHS || path.join(__dirname, '..', 'build', 'whs');
const POSTGRES = process.env.WHS_TEST_ENGINE === 'postgres';
let databases = 0;

// For one test of a file that runs on both engines: test('…', onlyOn('sqlite', 'why'), …).
function onlyOn(engine, why) { return { skip: POSTGRES === (engine === 'sqlite') && why }; }

class Office {
  // pg: the URL, without a database, of a cluster that the test made itself; '' is SQLite in any case.
  constructor({ pg = POSTGRES ? process.env.WHS_TEST_PG : '' } = {}) {
    if (pg === undefined) throw new Error('WHS_TEST_PG is not set: node tests/postgres.js node --test FILE');
    this.dir = fs.mkdtempSync(path.join(os.tmpdir(), 'whs-'));
    this.pg = pg;
    this.name = pg ? `whs_${process.pid}_${++databases}` : 'whs.db';
    this.db = pg ? urlOf(pg, this.name) : `sqlite:${path.join(this.dir, this.name)}`;
    this.key = path.join(this.dir, `${this.name}.key`);       // where the program keeps the master key
    if (pg) psqlNow(urlOf(pg, 'postgres'), `CREATE DATABASE "${this.name}" TEMPLATE template0`);
    this.agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
  }

  // Runs a command; options.input is its standard input. Gives { code, out, err }.
  run(words, options = {}) {
    const r = spawnSync(WHS, ['--db', this.db, ...words], { cwd: this.dir, input: options.input || '', encoding: 'utf8', maxBuffer: 1 << 28,
      env: { ...process.env, WHS_LANG: 'zh', ...options.env } });
    return { code: r.status, out: r.stdout, err: r.stderr };
  }

  ok(words, options) {
    const r = this.run(words, options);
    if (r.code !== 0) throw new Error(`whs ${words.join(' ')}: exit ${r.code}: ${r.err}`);
    return r.out;
  }

  json(words, options) { return JSON.parse(this.ok(['--json', ...words], options)); }

  // An office with a chief, an officer and three units; passwords are 'wenhuishi-1'.
  begin() {
    this.ok(['init']);
    const units = 'name,short_name,category,aliases\n市科技局,科技局,部门,市科学技术局\n市商务局,商务局,部门,\n市卫生健康委,卫健委,部门,市卫健委\n';
    this.ok(['import', 'units', '-'], { input: units });
    for (const [login, name, role, home] of [['zhang', '张科长', 'chief', ''], ['li', '李科员', 'officer', ''], ['shangwu', '商务局联络员', 'liaison', '市商务局'], ['guanli', '系统管理员', 'admin', '']]) {
      this.ok(['user', 'add', login, '--name', name, '--role', role, '--password', 'wenhuishi-1', ...(home ? ['--home', home] : [])]);
    }
    this.token = this.json(['token', 'add', 'zhang', 'test']).token;
    return this;
  }

  async serve(...words) {
    this.server = spawn(WHS, ['--db', this.db, 'serve', ...(words.includes('--listen') ? [] : ['--listen', '127.0.0.1:0']), ...words], { cwd: this.dir, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, WHS_LANG: 'zh' } });
    this.said = '';
    this.server.stderr.on('data', (d) => { this.said += d; });
    this.port = await new Promise((resolve, reject) => {
      let out = '';
      this.server.stdout.on('data', (d) => {
        out += d;
        const m = /http:\/\/127\.0\.0\.1:(\d+)/.exec(out);
        if (m) resolve(Number(m[1]));
      });
      this.server.on('exit', (code, signal) => reject(new Error(`serve ended (${code || signal}): ${out}${this.said}`)));
    });
    return this;
  }

  // Ends the server by its own pid; the exit code, or the signal's name.
  stop(signal = 'SIGTERM') {
    const child = this.server;
    if (!child) return null;
    this.server = null;
    return new Promise((resolve) => {
      if (child.exitCode !== null || child.signalCode) return resolve(child.exitCode ?? child.signalCode);
      child.removeAllListeners('exit');
      child.on('exit', (code, sig) => resolve(code ?? sig));
      child.kill(signal);
    });
  }

  async end() {
    await this.stop();
    this.agent.destroy();
    // as the superuser: PostgreSQL's own vacuum may be at work in it
    if (this.pg) psqlNow(urlOf(this.pg, 'postgres').replace('user=whs', 'user=postgres'), `DROP DATABASE IF EXISTS "${this.name}" WITH (FORCE)`);
    fs.rmSync(this.dir, { recursive: true, force: true });
  }

  // { status, headers, body, json } of one request.
  // timeout: ms of silence after which it is given up.
  request(method, target, { headers = {}, body, timeout } = {}) {
    return new Promise((resolve, reject) => {
      const rq = http.request({ agent: this.agent, host: '127.0.0.1', port: this.port, method, path: target, headers, timeout }, (rs) => {
        const parts = [];
        rs.on('data', (d) => parts.push(d));
        rs.on('end', () => {
          const text = Buffer.concat(parts).toString('utf8');
          let json;
          if (/json/.test(rs.headers['content-type'] || '')) json = JSON.parse(text);
          resolve({ status: rs.statusCode, headers: rs.headers, body: text, json });
        });
        rs.on('error', reject);
      });
      rq.on('error', reject);
      rq.on('timeout', () => rq.destroy(new Error('no answer in time')));
      rq.end(body);
    });
  }

  api(method, target, value, headers = {}, options = {}) {
    const body = value === undefined ? undefined : typeof value === 'string' || Buffer.isBuffer(value) ? value : JSON.stringify(value);
    return this.request(method, `/api/v1${target}`, { headers: { authorization: `Bearer ${this.token}`, ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }), ...headers }, body, ...options });
  }

  // The journal's last line as the API tells it: [seq, hash]. Nothing was written while it stays the same.
  async head(token = this.token) {
    let seq = this.headSeq || 0, hash = this.headHash || '';
    for (;;) {
      const r = await this.api('GET', `/journal?after=${seq}&limit=1000`, undefined, { authorization: `Bearer ${token}` });
      if (r.status !== 200) throw new Error(`journal: ${r.status} ${r.body}`);
      if (r.json.length === 0) break;
      ({ seq, hash } = r.json.at(-1));
    }
    this.headSeq = seq;
    this.headHash = hash;
    return `${seq} ${hash}`;
  }

  // Sends bytes as they are over a connection of its own: { text, closed } when the server closes or `wait` ms have passed without a byte. Of several
  // pieces each further one follows an answer to the one before.
  raw(bytes, wait = 1500) {
    return new Promise((resolve) => {
      const parts = [], s = net.connect(this.port, '127.0.0.1');
      const end = (closed) => { s.destroy(); resolve({ text: Buffer.concat(parts).toString('latin1'), closed }); };
      s.setTimeout(wait, () => end(false));
      const pieces = [].concat(bytes).map((b) => (Buffer.isBuffer(b) ? b : Buffer.from(b, 'latin1')));
      s.on('data', (d) => { parts.push(d); if (pieces.length) s.write(pieces.shift()); });
      s.on('end', () => end(true));
      s.on('error', () => end(true));
      s.write(pieces.shift());
    });
  }

  // Posts a form with the session of login() and the token that the page at `from` carries.
  async post(target, fields, { from = '/', headers = {}, csrf } = {}) {
    if (csrf === undefined) {
      const page = await this.request('GET', from, { headers: { cookie: this.cookie } });
      csrf = (/name="?_csrf"? value="?([\w-]+)"?/.exec(page.body) || /"X-CSRF-Token":\s*"([\w-]+)"/i.exec(page.body.replace(/&#34;|&quot;/g, '"')) || [])[1];
    }
    const body = Buffer.isBuffer(fields) ? fields : Buffer.from(new URLSearchParams({ ...(csrf ? { _csrf: csrf } : {}), ...fields }).toString());
    return this.request('POST', target, { headers: { 'content-type': 'application/x-www-form-urlencoded', 'content-length': body.length, cookie: this.cookie || '', ...headers }, body });
  }

  // Logs in through the form; gives the cookie header for later requests.
  async login(user, password = 'wenhuishi-1') {
    const page = await this.request('GET', '/login');
    const fields = new URLSearchParams();
    for (const m of page.body.matchAll(/<input type="?hidden"? name="?([^" >]+)"? value="?([^" >]*)"?/g)) fields.set(m[1], m[2]);
    fields.set('login', user);
    fields.set('password', password);
    const cookie = (page.headers['set-cookie'] || []).map((c) => c.split(';')[0]).join('; ');
    const body = fields.toString();
    const r = await this.request('POST', '/login', { headers: { 'content-type': 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(body), ...(cookie ? { cookie } : {}) }, body });
    this.cookie = [cookie, ...(r.headers['set-cookie'] || []).map((c) => c.split(';')[0])].filter(Boolean).join('; ');
    return r;
  }
}

module.exports = { Office, WHS, POSTGRES, onlyOn };
