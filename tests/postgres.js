// PostgreSQL 15 of the tests' own: clusters in temporary folders, on unix sockets only, gone with whoever started them.
//
//   node tests/postgres.js                      prints a cluster's URL and keeps it until standard input closes
//   node tests/postgres.js node --test tests/api.test.js
//                                               runs one command on PostgreSQL, in a cluster that ends with it
//
// tests/run.js starts one cluster for a whole run. A test that stops, kills or promotes servers makes its own: new Cluster(…).
'use strict';
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { spawn, spawnSync } = require('node:child_process');

const BIN = '/usr/lib/postgresql/15/bin';
const AS_SERVER = process.getuid() === 0 ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups'] : [];   // it refuses to run as root
for (const name of Object.keys(process.env)) if (name.startsWith('PG')) delete process.env[name];    // nobody else's server

// Nothing that survives the machine's own crash is asked of the usual cluster. Its names are ordered as a Chinese office would order them, so that a
// query which forgets its collation is seen.
const SETTINGS = {
  listen_addresses: '', port: 5432, max_connections: 300, shared_buffers: '64MB', dynamic_shared_memory_type: 'mmap', jit: 'off',
  fsync: 'off', full_page_writes: 'off', max_wal_size: '256MB', timezone: 'UTC', max_parallel_workers_per_gather: 0, wal_level: 'replica',
};

// The last thing to go: waits until this process is no more, however it ended, then stops the server and removes its folder.
const GUARD = 'dir=$1; shift; cat >/dev/null; "$@" stop -s -m immediate -D "$dir/data" 2>/dev/null; ' +
  'umount "$dir/data" 2>/dev/null; rm -rf "$dir"';

function run(words, input = '') {
  return new Promise((resolve, reject) => {
    const child = spawn(words[0], words.slice(1), { cwd: '/', env: { ...process.env, LC_ALL: 'C' } });
    let out = '', err = '';
    child.stdout.on('data', (d) => { out += d; });
    child.stderr.on('data', (d) => { err += d; });
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve(out) : reject(new Error(`${words.join(' ')}: ${code}: ${err}${out}`))));
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}

const server = (name, ...words) => run([...AS_SERVER, `${BIN}/${name}`, ...words]);
const PSQL = [`${BIN}/psql`, '-XAtq', '-v', 'ON_ERROR_STOP=1', '-d'];

// Runs SQL and waits: for the rig, whose offices are made in one line.
function psqlNow(url, sql) {
  const r = spawnSync(PSQL[0], [...PSQL.slice(1), url], { cwd: '/', input: sql, encoding: 'utf8' });
  if (r.status !== 0) throw new Error(`${url}: ${r.stderr || r.error}`);
  return r.stdout;
}

// URL with a database put into one without.
const urlOf = (base, db) => base.replace('postgresql:///', `postgresql:///${encodeURIComponent(db)}`);

function gone(pid) {
  try {
    return /\) Z /.test(fs.readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch { return true; }
}

class Cluster {
  // settings: of postgresql.conf, above SETTINGS. password: what the user whs must say. room: a tmpfs of this size ('60m') for all but the log of
  // transactions, and with logInRoom for that as well; start() fails with err.noRoom where nothing may be mounted.
  constructor({ settings = {}, password = '', room = '', logInRoom = false } = {}) {
    Object.assign(this, { settings: { ...SETTINGS, ...settings }, password, room, logInRoom, dir: null, standbys: 0 });
  }

  get data() { return path.join(this.dir, 'data'); }

  // postgresql:///DB?host=…&user=whs; with other clusters: whichever of them all takes writes.
  url(db = '', ...others) {
    const hosts = [this, ...others].map((c) => encodeURIComponent(c.dir)).join(',');
    const words = [`host=${hosts}`, 'user=whs', ...(this.password ? [`password=${encodeURIComponent(this.password)}`] : []), ...(others.length ? ['target_session_attrs=read-write'] : [])];
    return urlOf(`postgresql:///?${words.join('&')}`, db);
  }

  // As the superuser; what comes back is text, a line for each row, columns apart by '|'.
  psql(sql, db = 'postgres') { return run([...PSQL, `postgresql:///${db}?host=${encodeURIComponent(this.dir)}&user=postgres`], sql); }

  folder() {
    this.dir = fs.mkdtempSync(path.join(os.tmpdir(), 'whs-pg-'));
    this.guard = spawn('sh', ['-c', GUARD, 'guard', this.dir, ...AS_SERVER, `${BIN}/pg_ctl`], { cwd: '/', stdio: ['pipe', 'ignore', 'ignore'], detached: true });
    this.guard.unref();
    this.guard.stdin.unref();
    fs.mkdirSync(this.data, { mode: 0o700 });
    if (this.room) {
      const r = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${this.room},mode=0700`, 'tmpfs', this.data]);
      if (r.status !== 0) throw Object.assign(new Error('no tmpfs can be mounted here'), { noRoom: true });
    }
    if (AS_SERVER.length) spawnSync('chown', ['postgres:', this.dir, this.data]);
  }

  configure(more = {}) {
    const line = ([k, v]) => `${k} = '${String(v).replaceAll("'", "''")}'\n`;
    fs.appendFileSync(path.join(this.data, 'postgresql.conf'), Object.entries({ ...this.settings, unix_socket_directories: this.dir, ...more }).map(line).join(''));
  }

  async start() {
    const fresh = !this.dir;
    if (fresh) {
      this.folder();
      const apart = this.room && !this.logInRoom ? ['-X', path.join(this.dir, 'wal')] : [];
      await server('initdb', '-N', '-A', 'trust', '-U', 'postgres', '-E', 'UTF8', '--locale=C', '--locale-provider=icu', '--icu-locale=zh',
        ...(this.room ? ['--wal-segsize=1'] : []), ...apart, '-D', this.data);
      if (this.password) fs.writeFileSync(path.join(this.data, 'pg_hba.conf'), 'local all postgres trust\nlocal replication postgres trust\nlocal all all scram-sha-256\n');
      this.configure();
    }
    try {
      await server('pg_ctl', 'start', '-s', '-w', '-D', this.data, '-l', this.log);
    } catch (e) { throw new Error(`${e.message}\n${this.said()}`); }
    if (fresh) await this.psql(`CREATE ROLE whs LOGIN CREATEDB${this.password ? ` PASSWORD '${this.password}'` : ''}`);
    return this;
  }

  get log() { return path.join(this.dir, 'log'); }
  said(lines = 20) { return fs.existsSync(this.log) ? fs.readFileSync(this.log, 'utf8').split('\n').slice(-lines).join('\n') : ''; }
  pid() { return Number(fs.readFileSync(path.join(this.data, 'postmaster.pid'), 'utf8').split('\n')[0]); }

  // smart, fast or immediate
  stop(mode = 'fast') { return server('pg_ctl', 'stop', '-s', '-w', '-m', mode, '-D', this.data); }

  // As a machine goes that loses its power, but for the disk: every process of the server at once.
  async kill() {
    const pid = this.pid();
    process.kill(pid, 'SIGSTOP');                  // it makes no new ones meanwhile
    const all = [pid, ...fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)];
    for (const p of all) try { process.kill(p, 'SIGKILL'); } catch { /* ended by itself */ }
    while (!all.every(gone)) await new Promise((r) => setTimeout(r, 10));
    for (const lock of [path.join(this.data, 'postmaster.pid'), path.join(this.dir, '.s.PGSQL.5432.lock')]) fs.rmSync(lock, { force: true });
  }

  async createDatabase(db) { await this.psql(`CREATE DATABASE "${db}" OWNER whs TEMPLATE template0`); return this.url(db); }
  async set(name, value) { await this.psql(`ALTER SYSTEM SET ${name} = '${value}'`); await this.psql('SELECT pg_reload_conf()'); }

  async until(sql, wanted) {
    const end = Date.now() + 20000;
    for (let got; (got = (await this.psql(sql)).trim()) !== wanted; await new Promise((r) => setTimeout(r, 20)))
      if (Date.now() > end) throw new Error(`${sql} is ${got}, not ${wanted}`);
  }

  // A second server that follows this one. synchronous: this one answers a COMMIT only when the standby has it on disk.
  async standby({ synchronous = false } = {}) {
    const name = `standby${++this.standbys}`, other = new Cluster({ settings: this.settings, password: this.password });
    other.folder();
    await server('pg_basebackup', '-d', `host=${this.dir} user=postgres`, '-D', other.data, '-X', 'stream', '-c', 'fast', '-C', '-S', name);
    other.configure({ primary_conninfo: `host=${this.dir} user=postgres application_name=${name}`, primary_slot_name: name, wal_retrieve_retry_interval: '500ms', synchronous_standby_names: '' });
    fs.writeFileSync(path.join(other.data, 'standby.signal'), '');
    await other.start();
    if (synchronous) await this.set('synchronous_standby_names', name);
    await this.until(`SELECT sync_state FROM pg_stat_replication WHERE application_name = '${name}'`, synchronous ? 'sync' : 'async');
    return other;
  }

  promote() { return server('pg_ctl', 'promote', '-s', '-w', '-D', this.data); }

  // Stops whatever runs and removes the folder.
  async end() {
    if (!this.dir) return;
    const over = new Promise((resolve) => { this.guard.once('exit', resolve); });
    this.guard.ref();
    this.guard.stdin.end();
    await over;
    this.dir = null;
  }
}

async function main(words) {
  const cluster = await new Cluster().start();
  const over = () => cluster.end().then(() => process.exit());
  process.on('SIGINT', over).on('SIGTERM', over);
  if (words.length > 0) {
    const child = spawn(words[0], words.slice(1), { stdio: 'inherit', env: { ...process.env, WHS_TEST_ENGINE: 'postgres', WHS_TEST_PG: cluster.url() } });
    process.exitCode = await new Promise((resolve) => { child.on('exit', (code) => resolve(code ?? 1)).on('error', () => resolve(127)); });
    return cluster.end();
  }
  console.log(cluster.url());
  process.stdin.on('data', () => {}).on('end', over);
}

if (require.main === module) main(process.argv.slice(2));
module.exports = { Cluster, psqlNow, urlOf };
