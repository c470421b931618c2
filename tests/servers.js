// For tests of several servers on one database: three `whs serve`, clients that register without rest, and the judgement of what they were told.
'use strict';
const assert = require('node:assert');
const http = require('node:http');
const { Office } = require('./rig.js');

const DEADLINE = new Date(Date.now() + 30 * 864e5).toISOString();
const draft = (title) => ({ kind: 'affair', title, source: '来电', requirement: '办理', deadline: DEADLINE, lead_unit: '市商务局' });
const rest = (ms) => new Promise((r) => setTimeout(r, ms));

// n servers on the database of `office`; each is an Office of its own port, process and connections. url: another way to the same database.
async function serveMany(office, n, { url = office.db, words = [] } = {}) {
  const all = Array.from({ length: n }, () => Object.assign(Object.create(Office.prototype), office, { db: url, server: null, agent: new http.Agent({ keepAlive: true, maxSockets: 128 }) }));
  await Promise.all(all.map((s) => s.serve('--workers', '4', ...words)));
  return all;
}

// What stops for good also ends its connections; a server that was frozen is killed.
const endMany = (all) => Promise.all(all.map(async (s) => { if (s.server) { s.server.kill('SIGCONT'); await s.stop('SIGKILL'); } s.agent.destroy(); }));

// Clients that register one entry after another. With keys a call is repeated under its key, at the next server, until it is answered by 2xx or 4xx; a
// server that is silent for `patience` ms counts as one that has no answer. Without keys a call is made once, and who is not answered 201 does not know.
class Load {
  constructor(servers, { clients = 32, keyed = true, name = '', patience = 20000 } = {}) {
    Object.assign(this, { servers, n: clients, keyed, name, patience, acknowledged: new Map(), odd: new Map(), refused: new Set(), unanswered: 0, replayed: 0, times: [], slowest: 0, lossy: false });
  }

  start() {
    this.stopped = false;
    this.work = Promise.all(Array.from({ length: this.n }, (_, c) => this.client(c)));
    return this;
  }

  async client(c) {
    for (let i = 0; !this.stopped; i++) await this.one(`${this.name}第${c}号第${i}件`, c + i);
  }

  // Until it has an answer, even when the load has been stopped meanwhile: an open call is what these tests are about.
  async one(title, at) {
    const headers = this.keyed ? { 'idempotency-key': encodeURIComponent(title) } : {}, begun = Date.now();
    for (let attempt = 0; ; attempt++) {
      const r = await this.ask(this.servers[(at + attempt) % this.servers.length], title, headers);
      if (r && r.status === 201) {
        this.slowest = Math.max(this.slowest, Date.now() - begun);
        return this.acknowledge(r, title);
      }
      if (r) this.note(r, title); else this.unanswered++;
      if (!this.keyed) return r ? undefined : rest(20);
      if (Date.now() - begun > 120000) throw new Error(`${title} has had no good answer for two minutes; last: ${r ? `${r.status} ${r.body}` : 'none'}`);
      await rest(r ? 50 : 20);
    }
  }

  async ask(server, title, headers) {
    if (!server.server) return rest(5);
    try {
      return await server.api('POST', '/entries', draft(title), headers, { timeout: this.patience });
    } catch { return undefined; }
  }

  // lossy: numbers that went with a dead primary may be given again.
  acknowledge(r, title) {
    assert.ok(this.lossy || !this.acknowledged.has(r.json.number), `${r.json.number} was given to ${title} and to ${this.acknowledged.get(r.json.number)}`);
    this.acknowledged.set(r.json.number, title);
    this.replayed += r.headers['idempotency-replayed'] === 'true';
    this.times.push(Date.now());
  }

  // Every answer that is not 201: an honest "not now", with a sentence in the user's language. Only one of them leaves open whether it was done.
  note(r, title) {
    if (!/未能确认|已经办理/.test(r.json?.detail)) this.refused.add(title);
    assert.ok(r.status >= 500 && r.json && /[\u4e00-\u9fff]/.test(r.json.detail), `${r.status} ${r.body}`);
    const what = `${r.status} ${r.json.detail}`;
    this.odd.set(what, (this.odd.get(what) || 0) + 1);
  }

  stop() { this.stopped = true; return this.work; }

  // From `at` on: how long nothing was acknowledged, at most, and how long until the first.
  silence(at) {
    const times = [at, ...this.times.filter((t) => t >= at)];
    return { longest: Math.max(0, ...times.slice(1).map((t, i) => t - times[i])), first: times.length > 1 ? times[1] - at : Infinity };
  }

  async until(n, ms = 60000) {
    const wanted = this.acknowledged.size + n;
    for (const end = Date.now() + ms; this.acknowledged.size < wanted; await rest(10))
      if (Date.now() > end) throw new Error(`${n} more registrations took over ${ms} ms: ${[...this.odd].join('; ')}`);
  }

  figures() {
    return `${this.acknowledged.size} acknowledged (${this.replayed} by a repeated call), ${this.unanswered} calls without an answer, slowest ${this.slowest} ms` +
      `${[...this.odd].map(([what, n]) => `; ${n} × ${what}`).join('')}`;
  }
}

// Of what is in the database: the chain proves itself, numbers are gapless from 1 and none is there twice. number -> title.
function ledger(office) {
  const v = office.run(['verify']);
  assert.strictEqual(v.code, 0, v.out + v.err);
  const rows = office.ok(['export', 'entries', '-']).split('\n').slice(1).filter(Boolean).map((l) => l.split(','));
  const there = new Map(rows.map((r) => [r[0], r[4]]));
  assert.strictEqual(there.size, rows.length, 'a number twice');
  const counts = [...there.keys()].map((n) => Number(n.split('-')[1])).sort((a, b) => a - b);
  assert.deepStrictEqual(counts, counts.map((_, i) => i + 1), 'numbers have gaps');
  return there;
}

// Nothing acknowledged is lost; and when every call had an answer under its key (`exactly`), each was done once.
function judge(office, loads, { exactly = true } = {}) {
  const there = ledger(office);
  let n = 0;
  for (const load of [].concat(loads)) {
    for (const [number, title] of load.acknowledged) assert.strictEqual(there.get(number), title, `${number} was acknowledged and is lost`);
    n += load.acknowledged.size;
    if (!load.keyed) for (const title of there.values()) assert.ok(!load.refused.has(title), `${title} was refused and is there`);
  }
  if (exactly) assert.strictEqual(there.size, n, 'a call was done twice');
  assert.strictEqual(new Set(there.values()).size, there.size, 'a title twice');
  return there.size;
}

module.exports = { serveMany, endMany, Load, ledger, judge, draft, rest };
