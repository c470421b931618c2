// Addresses and databases that cannot be used: one sentence, exit 7 or 8 (3 where there is nothing, 6 where it is busy), nothing half-written.
// engine: postgres — each is a PostgreSQL server or database in a bad state; files in a bad state are tried in tests/cli.test.js
'use strict';
const test = require('node:test');
const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const { spawnSync } = require('node:child_process');
const { Cluster } = require('./postgres.js');
const { Office, WHS } = require('./rig.js');

// Runs a command at an address; it must end with one of these codes and one Chinese sentence that shows no password.
function refused(codes, url, words, { dir = '/', key = '' } = {}) {
  const r = spawnSync(WHS, ['--db', url, ...words], { cwd: dir, encoding: 'utf8', timeout: 30000, env: { ...process.env, WHS_LANG: 'zh', ...(key ? { WHS_KEY: key } : {}) } });
  assert.ok(codes.includes(r.status), `${url} ${words.join(' ')}: ${r.status} ${r.out}${r.stderr}`);
  assert.match(r.stderr, /^whs: [^\n]*[\u4e00-\u9fff][^\n]*\n$/, r.stderr);
  assert.strictEqual(r.stdout, '');
  assert.doesNotMatch(r.stderr, /geheim/);
  return r.stderr;
}

const COMMANDS = [['init'], ['list'], ['verify'], ['serve', '--listen', '127.0.0.1:0'], ['backup', '/tmp/whs-never.bak']];
const everywhere = (codes, url, options) => COMMANDS.map((words) => refused(codes, url, words, options));

test('addresses that lead nowhere', () => {
  for (const url of ['postgresql:///x?host=/nowhere', 'postgresql://127.0.0.1:1/x', 'postgresql://u:geheim@127.0.0.1:1/x', 'postgresql://no.such.host.invalid/x']) everywhere([7], url);
  for (const url of ['postgresql://u:geheim@127.0.0.1:port/x', 'postgresql:///x?nonsense=1', 'mysql://x/y', 'postgres']) everywhere([2, 3, 7], url);
  assert.ok(!fs.existsSync('/tmp/whs-never.bak'));
});

test('a database that is not there, has no ledger, or another password', async () => {
  const cluster = new Cluster({ password: 'geheim' });
  try {
    await cluster.start();
    const office = new Office({ pg: cluster.url() });
    everywhere([7], cluster.url('no_such_database'), { dir: office.dir });
    for (const words of COMMANDS.slice(1)) refused([3, 7], office.db, words, { dir: office.dir });
    everywhere([7], office.db.replace('geheim', 'geheim2'), { dir: office.dir });
    everywhere([7], office.db.replace('&password=geheim', ''), { dir: office.dir });
    assert.deepStrictEqual(fs.readdirSync(office.dir), [], 'a key was made for nothing');
    office.begin();
    assert.strictEqual(office.run(['verify']).code, 0);
    await office.end();
  } finally { await cluster.end(); }
});

test('another encoding, somebody else\'s tables, a schema from elsewhere, a key that is another\'s', async () => {
  const cluster = await new Cluster().start(), office = new Office({ pg: cluster.url() });
  try {
    const latin = cluster.url('latin');
    await cluster.psql('CREATE DATABASE latin OWNER whs TEMPLATE template0 ENCODING LATIN1 LOCALE_PROVIDER libc LOCALE \'C\'');
    everywhere([7, 8], latin, { dir: office.dir });
    await cluster.createDatabase('theirs');
    await cluster.psql('CREATE TABLE office (name TEXT); INSERT INTO office VALUES (\'theirs\')', 'theirs');
    refused([5, 7, 8], cluster.url('theirs'), ['init'], { dir: office.dir });
    assert.strictEqual((await cluster.psql('SELECT count(*) FROM office; SELECT count(*) FROM pg_tables WHERE schemaname = \'public\'', 'theirs')).replaceAll('\n', ' '), '1 1 ');
    office.begin();
    const version = Number(await cluster.psql('SELECT version FROM whs_schema', office.name));
    for (const other of [version + 1, version + 1000]) {
      await cluster.psql(`UPDATE whs_schema SET version = ${other}`, office.name);
      for (const words of COMMANDS.slice(1)) refused([8], office.db, words, { dir: office.dir });
    }
    await cluster.psql(`UPDATE whs_schema SET version = ${version}`, office.name);
    const other = path.join(office.dir, 'other.key');
    fs.writeFileSync(other, `${'5a'.repeat(32)}\n`);
    for (const words of COMMANDS.slice(1)) refused([7, 8], office.db, words, { dir: office.dir, key: other });
    for (const words of COMMANDS.slice(1)) refused([3, 7, 8], office.db, words, { dir: office.dir, key: '/nowhere/key' });
    assert.strictEqual(office.run(['verify']).code, 0);
  } finally { await office.end(); await cluster.end(); }
});

test('rights that are missing, a database and a server that only read', async () => {
  const cluster = await new Cluster().start(), office = new Office({ pg: cluster.url() }).begin();
  try {
    await cluster.psql('CREATE ROLE guest LOGIN');
    const guest = office.db.replace('user=whs', 'user=guest');
    for (const words of COMMANDS.slice(1)) refused([7], guest, words, { dir: office.dir });
    const head = office.ok(['verify']), units = path.join(office.dir, 'units.csv');
    fs.writeFileSync(units, 'name\n市甲局\n');
    await cluster.psql(`ALTER DATABASE "${office.name}" SET default_transaction_read_only = on`);
    for (const words of [...COMMANDS, ['import', 'units', units]]) refused([7], office.db, words, { dir: office.dir });
    await cluster.psql(`ALTER DATABASE "${office.name}" RESET default_transaction_read_only`);
    const standby = await cluster.standby();
    try {
      for (const words of [['import', 'units', units], ['serve', '--listen', '127.0.0.1:0']]) refused([7], standby.url(office.name), words, { dir: office.dir });
    } finally { await standby.end(); }
    assert.strictEqual(office.ok(['verify']), head);
  } finally { await office.end(); await cluster.end(); }
});

test('more connections than there may be', async () => {
  const cluster = await new Cluster().start(), office = new Office({ pg: cluster.url() }).begin();
  try {
    await cluster.psql('ALTER ROLE whs CONNECTION LIMIT 2');    // fewer than any of these needs at once, or none at all
    refused([6, 7], office.db, ['serve', '--listen', '127.0.0.1:0'], { dir: office.dir });
    await cluster.psql('ALTER ROLE whs CONNECTION LIMIT 0');
    for (const words of COMMANDS) refused([6, 7], office.db, words, { dir: office.dir });
    await cluster.psql('ALTER ROLE whs CONNECTION LIMIT -1');
    assert.strictEqual(office.run(['verify']).code, 0);
  } finally { await office.end(); await cluster.end(); }
});
