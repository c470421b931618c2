// What listening costs: node bench/live.js [STREAMS]. A server with a database of its own on this machine; figures of its process from /proc.
'use strict';
const fs = require('node:fs');
const { Office } = require('../tests/rig.js');
const { listen } = require('../tests/live.js');

const STREAMS = Number(process.argv[2] || 1000), A_SESSION = 4, A_MEMBER = 8, COMMITS = 20, BURST = 1000;
const rest = (ms) => new Promise((go) => { setTimeout(go, ms); });

(async () => {
  const office = new Office().begin(), cookies = [];
  await office.serve();
  for (let m = 0; m * A_MEMBER < STREAMS; m++) {
    office.ok(['user', 'add', `m${m}`, '--name', `听众${m}`, '--role', 'officer', '--password', 'wenhuishi-1']);
    for (let s = 0; s < A_MEMBER / A_SESSION; s++) { await office.login(`m${m}`); cookies.push(office.cookie); }
  }
  const pid = office.server.pid;
  const ticks = () => { const f = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' '); return (Number(f[11]) + Number(f[12])) * 10; };      // ms
  const kb = () => Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);
  const register = async () => { const r = await office.api('POST', '/entries', { kind: 'document', title: '一件', source: '来文', requirement: '办理', lead_unit: '市科技局', deadline: new Date(Date.now() + 9 * 86400e3).toISOString() }); if (r.status !== 201) throw new Error(r.body); };
  const commits = async () => { const from = ticks(); for (let i = 0; i < COMMITS; i++) { await register(); await rest(400); } return (ticks() - from) / COMMITS; };
  const burst = async () => { const from = ticks(); await Promise.all(Array.from({ length: 16 }, async (_, k) => { for (let i = k; i < BURST; i += 16) await register(); })); await rest(1000); return ticks() - from; };

  await commits();                                // caches are warm
  const alone = await commits(), burstAlone = await burst(), before = kb();
  const streams = [];
  for (const cookie of cookies) for (let i = 0; i < A_SESSION && streams.length < STREAMS; i++) { streams.push(listen(office.port, cookie)); await streams.at(-1).next(); }
  const after = kb(), idle = ticks();
  await rest(60000);
  const minute = ticks() - idle, told = await commits(), events = streams[0].events.length, burstTold = await burst();
  console.log(`${STREAMS} streams of ${cookies.length} sessions
memory: ${before} → ${after} KB, ${((after - before) * 1024 / STREAMS).toFixed(0)} bytes a stream
idle: ${minute} ms CPU in a minute (a beat every 20 s, a look at the session every 30 s)
a commit, 400 ms apart: ${alone.toFixed(1)} ms CPU with no stream, ${told.toFixed(1)} ms with all told: ${((told - alone) * 1000 / STREAMS).toFixed(1)} us a stream
${BURST} commits at once: ${burstAlone} ms CPU with no stream, ${burstTold} ms with all told by ${streams[0].events.length - events} events each
ended: ${streams.filter((s) => s.ended).length}`);
  streams.forEach((s) => s.close());
  await office.end();
})();
