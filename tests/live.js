// For tests of live updates: an open stream of server-sent events, and what must hold between two servers of one office (or one server, twice).
'use strict';
const http = require('node:http');
const assert = require('node:assert');

// Opens GET /live as a browser would. `events` are { event, data } in order; `next(fits)` waits for one that has not been taken yet.
function listen(port, cookie) {
  const live = { events: [], taken: 0, status: 0, ended: false, close: () => rq.destroy() };
  let text = '', wake = () => {};
  const rq = http.request({ host: '127.0.0.1', port, path: '/live', agent: false, headers: { cookie, accept: 'text/event-stream' } }, (rs) => {
    live.status = rs.statusCode;
    live.type = rs.headers['content-type'];
    rs.setEncoding('utf8');
    rs.on('data', (d) => {
      text += d;
      for (let at; (at = text.indexOf('\n\n')) >= 0; text = text.slice(at + 2)) {
        const fields = Object.fromEntries(text.slice(0, at).split('\n').map((l) => l.split(': ')));
        live.events.push({ event: fields.event, data: fields.data, at: Date.now() });
      }
      wake();
    });
    const over = () => { live.ended = true; wake(); };
    rs.on('end', over);
    rs.on('error', over);
    rs.on('close', over);
  });
  rq.on('error', () => { live.ended = true; wake(); });
  rq.end();
  live.wait = async (holds, ms = 10000) => {
    for (const until = Date.now() + ms; !holds();) {
      if (Date.now() > until) throw new Error(`waited ${ms} ms: status ${live.status}, ${JSON.stringify(live.events.slice(-5))}, ended ${live.ended}`);
      await new Promise((go) => { wake = go; setTimeout(go, 50); });
    }
  };
  live.next = async (fits = () => true, ms) => {
    let found;
    await live.wait(() => { while (!found && live.taken < live.events.length) { const e = live.events[live.taken++]; if (fits(e)) found = e; } return found; }, ms);
    return found;
  };
  live.head = () => Number(live.events.filter((e) => e.event === 'changed').at(-1)?.data || 0);
  return live;
}

// Who listens at one port hears at once of what is written at the other. `write()` does one write there.
async function heard(port, cookie, write, ms = 2000) {
  const live = listen(port, cookie);
  const first = Number((await live.next((e) => e.event === 'changed')).data);
  const at = Date.now();
  await write();
  await live.wait(() => live.head() > first, ms);
  live.close();
  assert.ok(Date.now() - at < ms);
  return live.head();
}

module.exports = { listen, heard };
