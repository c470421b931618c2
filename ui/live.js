/* What others write shows on this page, quietly. GET /live says that the office's journal has moved on; the page then asks for its own main part
   again and takes over what differs in its [data-live] regions. Nothing moves that its reader did not move: the row with the focus is left alone,
   and so is a region with typed text, an open form, a selection or an act under way; then a line offers the news instead. */
(() => {
  'use strict';
  const regions = [...document.querySelectorAll('[data-live]')];
  if (!regions.length || !document.body.dataset.seq || !window.EventSource) return;
  const FIELD = 'input:not([type=hidden]), select, textarea';
  const QUIET = 400, QUIET_MAX = 1000, SILENT = 45000, LOST = 10000, GAP = 1000;     // ms
  const line = (what) => document.querySelector(`#live [data-say=${what}]`);
  const say = (what, on) => { line(what).hidden = !on; };
  const after = (ms) => new Promise((go) => { setTimeout(go, ms); });
  const focused = () => (document.activeElement === document.body ? null : document.activeElement);

  // --- the stream: only while the page is seen, so that many tabs share a browser's few connections, and a phone that wakes asks once
  let stream, retry, silence, loss, tries = 0, over = false;
  let seq = Number(document.body.dataset.seq), head = seq;     // what is shown here; what the server spoke of last

  function close() {
    clearTimeout(retry);
    clearTimeout(silence);
    if (stream) stream.close();
    stream = null;
  }
  function hush() {
    close();
    clearTimeout(loss);
    loss = 0;
  }
  function lost(refused) {
    close();
    loss = loss || setTimeout(say, LOST, 'lost', true);
    retry = setTimeout(open, Math.min(30000, 1000 * 2 ** tries++) * (0.5 + Math.random()));
    if (refused) ask();                           // the answer tells whether the login is over
  }
  function heard() {
    clearTimeout(silence);
    clearTimeout(loss);
    loss = tries = 0;
    say('lost', false);
    silence = setTimeout(lost, SILENT);
  }
  // A head that goes back: a standby has taken over that had not received everything. What is shown here may no longer be.
  function told(now) {
    if (now < head) seq = -1;
    head = now;
    soon();
  }
  function open() {
    if (stream || over || document.hidden) return;
    stream = new EventSource('/live');
    silence = setTimeout(lost, SILENT);
    stream.onerror = () => lost(stream.readyState === EventSource.CLOSED);
    stream.addEventListener('changed', (ev) => { heard(); told(Number(ev.data)); });
    stream.addEventListener('end', (ev) => { hush(); if (ev.data === 'session') end(); });
  }
  function end() {
    over = true;
    hush();
    say('lost', false);
    say('over', true);
  }

  // --- asking
  let latest, tag, timer, asking = false, asked = -GAP, touched = 0;

  function soon() {
    if (timer || asking || !stream || head <= seq) return;
    timer = setTimeout(ask, Math.max(300 * Math.random(), asked + GAP - performance.now()));
  }
  async function ask() {
    clearTimeout(timer);
    timer = 0;
    if (asking || over) return;
    asking = true;
    asked = performance.now();
    try {
      const rs = await fetch(location.pathname + location.search, { headers: { 'X-Live': '1', ...(tag && { 'If-None-Match': tag }) }, signal: AbortSignal.timeout?.(15000) });
      seq = Math.max(seq, Number(rs.headers.get('X-Seq')) || head);
      if (rs.status === 401) end();
      else if (rs.ok) await take(rs);
      else if (rs.status >= 400 && rs.status < 500) { latest = null; say('news', true); }       // it may be gone: who presses is told
    } catch {
      asked = performance.now() + GAP;            // the stream tells of a lost connection
    }
    asking = false;
    soon();
  }
  async function take(rs) {
    const page = new DOMParser().parseFromString(await rs.text(), 'text/html');
    for (let i = 0; i < QUIET_MAX && performance.now() - touched < QUIET; i += 50) await after(50);      // not under a hand that is about to press
    tag = rs.headers.get('ETag');
    latest = page;
    show(false);
  }
  for (const ev of ['pointermove', 'pointerdown', 'keydown', 'wheel', 'touchmove']) addEventListener(ev, () => { touched = performance.now(); }, { capture: true, passive: true });

  // --- showing
  const shown = new Map(regions.map((r) => [r, r.outerHTML]));
  let force = false, left = null, acted = '', waiting = false, back = null;      // left: the row not touched; acted: the key of the row its reader acted in

  const dirty = (f) => (f.type === 'checkbox' || f.type === 'radio' ? f.checked !== f.defaultChecked
    : f.options ? f.selectedIndex !== Math.max(0, [...f.options].findIndex((o) => o.defaultSelected)) : f.value !== f.defaultValue);
  function busy(region) {
    const at = focused(), chosen = getSelection();
    return (at && region.contains(at) && at.matches(FIELD)) || [...region.querySelectorAll(FIELD)].some(dirty) || region.querySelector('dialog[open], details[open] form') ||
      (!chosen.isCollapsed && (region.contains(chosen.anchorNode) || region.contains(chosen.focusNode)));
  }
  function show(all) {
    let news = false;
    force = all;
    waiting = false;
    for (const region of regions) {
      const now = latest.getElementById(region.id), html = now && now.outerHTML;
      if (!now || html === shown.get(region)) continue;
      const acting = region.querySelector('.htmx-request'), held = acting || (!all && busy(region));
      left = null;
      if (!held) steady(() => morph(region, now));
      if (held ? !acting : left && !(acted && key(left) === acted)) news = true;
      if (held || left) waiting = true;
      else shown.set(region, html);
    }
    say('news', news);
  }
  // Whatever the reader looks at keeps its place on the screen.
  function steady(change) {
    const at = focused(), seen = (e) => e && e.getBoundingClientRect().bottom > 0 && e.getBoundingClientRect().top < innerHeight;
    const anchor = [at && at.closest('main *') && (at.closest('[data-row]') || at), document.querySelector('[data-row]:hover'),
      scrollY > 0 && document.elementFromPoint(innerWidth / 2, innerHeight / 3)].find(seen);
    const top = anchor && anchor.getBoundingClientRect().top;
    change();
    if (anchor && anchor.isConnected) scrollBy({ top: anchor.getBoundingClientRect().top - top, behavior: 'instant' });
  }

  // --- making one piece of the page like another, touching only what differs
  const key = (n) => n.id || (n.dataset && n.dataset.key) || (n.matches && n.matches('[data-row]') && n.querySelector('[data-open]')?.getAttribute('href')) || '';
  const kids = (n) => [...n.childNodes].filter((c) => c.nodeType !== Node.TEXT_NODE || c.data.trim());
  const holds = (n) => focused() && n.contains(focused());
  const alike = (a, b) => a.nodeName === b.nodeName && key(a) === key(b) && (!a.getAttribute || a.getAttribute('hx-post') === b.getAttribute('hx-post'));

  function morph(old, now) {
    if (old.isEqualNode(now)) return;
    if (old.nodeType !== Node.ELEMENT_NODE) { old.data = now.data; return; }
    if (!force && old.matches('[data-row]') && holds(old)) { left = old; return; }
    const clean = old.matches(FIELD) && !dirty(old);
    for (const { name, value } of now.attributes) if (name !== 'open' && name !== 'hidden' && old.getAttribute(name) !== value) old.setAttribute(name, value);
    for (const { name } of [...old.attributes]) if (name !== 'open' && name !== 'hidden' && !now.hasAttribute(name)) old.removeAttribute(name);
    inside(old, now);
    if (clean && old.options) old.selectedIndex = now.selectedIndex;
    else if (clean && /checkbox|radio/.test(old.type)) old.checked = now.checked;
    else if (clean) old.value = now.value;
  }
  function inside(old, now) {
    const want = kids(now), keys = new Set(want.map(key)), stay = new Set();
    const drop = (c) => { if (!force && holds(c)) { left = c.closest('[data-row]') || focused().closest('[data-row]') || c; stay.add(c); } else c.remove(); };
    for (const c of kids(old)) if (key(c) && !keys.has(key(c))) drop(c);
    const free = new Set(kids(old).filter((c) => !stay.has(c)));
    let at = old.firstChild;
    const skip = () => { while (at && !free.has(at)) at = at.nextSibling; };
    for (const n of want) {
      const hit = [...free].find((c) => alike(c, n));
      skip();
      if (hit) {
        if (hit !== at && holds(hit)) while (at !== hit) { const c = at; at = at.nextSibling; skip(); hit.after(c); }     // moving it would take the focus
        else if (hit !== at) old.insertBefore(hit, at);
        free.delete(hit);
        if (hit === at) at = at.nextSibling;
        morph(hit, n);
      } else if (!key(n) || !focused() || force || key(n) !== key(focused().closest('[data-row]') || n.ownerDocument)) {
        const made = document.importNode(n, true);
        old.insertBefore(made, at);
        if (made.nodeType === Node.ELEMENT_NODE && window.htmx) window.htmx.process(made);
      }
    }
    free.forEach(drop);
  }

  // --- when the hand leaves what was spared, it is shown after all
  let settling;
  const settle = () => { clearTimeout(settling); if (waiting) settling = setTimeout(() => { if (waiting && latest) show(false); }, 300); };
  for (const ev of ['focusin', 'focusout', 'toggle', 'close', 'input', 'selectionchange', 'htmx:afterSettle']) document.addEventListener(ev, settle, true);
  document.addEventListener('focusin', (ev) => {
    const row = ev.target.closest('[data-row]');
    if (ev.target.closest('main')) back = ev.target;
    if (row && key(row) !== acted) acted = '';
  });
  document.addEventListener('htmx:beforeRequest', (ev) => { const row = ev.detail.elt.closest('[data-row]'); acted = row ? key(row) : ''; });
  line('news').querySelector('button').addEventListener('click', () => {
    if (line('news').hidden) return;
    if (!latest) { location.reload(); return; }
    show(true);
    if (back && back.isConnected) back.focus({ preventScroll: true });
  });
  document.addEventListener('visibilitychange', () => { if (document.hidden) hush(); else open(); });
  addEventListener('pagehide', hush);
  addEventListener('pageshow', (ev) => { if (ev.persisted) open(); });
  addEventListener('focus', open);                // after too many others were open
  addEventListener('online', () => { tries = 0; open(); });
  addEventListener('offline', () => lost());
  open();
})();
