/* The keyboard, and nothing else the page could not do without it. A key is what an element says in aria-keyshortcuts: first in the
   row that has the focus, then on the page. */
(() => {
  'use strict';
  const all = (sel, from = document) => [...from.querySelectorAll(sel)];
  const rows = () => all('[data-row]').filter((r) => r.offsetParent !== null || r.getClientRects().length);
  const opener = (row) => row.querySelector('[data-open]');
  const here = () => document.activeElement.closest('[data-row]');
  let last = 0;                                   // place of the row that had the focus

  function focusRow(i) {
    const list = rows();
    if (!list.length) return;
    last = Math.max(0, Math.min(i, list.length - 1));
    opener(list[last]).focus({ preventScroll: true });
    list[last].scrollIntoView({ block: 'nearest' });
  }

  function move(step) {
    const at = rows().indexOf(here());
    focusRow(at < 0 ? (step > 0 ? 0 : rows().length - 1) : at + step);
  }

  // Ticks for an act on many. With Shift everything from the row ticked last to this one becomes like this one.
  const boxes = () => all('[data-row] .c-tick input');
  let ticked = null;
  function count() {
    const say = document.querySelector('[data-ticked]'), n = boxes().filter((b) => b.checked).length, whole = document.querySelector('[data-tick-all]');
    if (!say) return;
    say.dataset.none = say.dataset.none || say.textContent;
    say.textContent = n ? say.dataset.ticked.replace('{n}', n) : say.dataset.none;
    if (whole) whole.checked = n > 0 && n === boxes().length;
  }
  function tick(box, range) {
    const list = boxes(), from = list.indexOf(ticked), to = list.indexOf(box);
    if (range && from >= 0) list.slice(Math.min(from, to), Math.max(from, to) + 1).forEach((b) => { b.checked = box.checked; });
    ticked = box;
    count();
  }

  function press(key) {
    const sel = `[aria-keyshortcuts~="${CSS.escape(key)}"]`;
    const row = here();
    const hit = (row && row.querySelector(sel)) || all(sel).find((e) => !e.closest('[data-row]'));
    if (!hit) return false;
    if (hit.matches('input, select, textarea')) {
      hit.focus();
      if (hit.select) hit.select();
    } else if (hit.matches('summary')) {
      hit.parentElement.open = true;
      const first = hit.parentElement.querySelector('input:not([type=hidden]), select, textarea, button');
      (first || hit).focus();
    } else {
      hit.click();
    }
    return true;
  }

  async function help() {
    const link = document.querySelector('a[href="/help"]');
    if (!link || !window.HTMLDialogElement) { location.href = '/help'; return; }
    let box = document.getElementById('help');
    if (!box) {
      const page = new DOMParser().parseFromString(await (await fetch('/help')).text(), 'text/html');
      box = document.createElement('dialog');
      box.id = 'help';
      box.append(...page.querySelector('#keys').children);
      box.addEventListener('click', () => box.close());
      document.body.append(box);
    }
    box.showModal();
  }

  document.addEventListener('keydown', (ev) => {
    if (ev.ctrlKey || ev.metaKey || ev.altKey || ev.isComposing || ev.defaultPrevented) return;
    const t = ev.target;
    if (ev.key === 'Escape' && t.matches('input, select, textarea')) { t.blur(); return; }
    if (t.matches('input:not([type=checkbox], [type=radio]), select, textarea') || document.querySelector('dialog[open]')) return;
    if (ev.key === 'j' || ev.key === 'k') { move(ev.key === 'j' ? 1 : -1); ev.preventDefault(); return; }
    if (ev.key === '?') { help(); ev.preventDefault(); return; }
    if (ev.key === '/' && !document.querySelector('[aria-keyshortcuts~="/"]')) { location.href = '/entries#q'; ev.preventDefault(); return; }
    const row = here(), box = row && row.querySelector('.c-tick input');
    if (box && (ev.key === 'x' || ev.key === 'X')) { box.checked = !box.checked; tick(box, ev.key === 'X'); ev.preventDefault(); return; }
    if (row && ev.key === 'e' && row.closest('[data-edit]')) { location.href = `${opener(row).href}/edit`; ev.preventDefault(); return; }
    if (/^[a-z/.]$/.test(ev.key) && press(ev.key)) ev.preventDefault();
  });

  document.addEventListener('click', (ev) => {
    if (ev.target.matches('.c-tick [data-tick-all]')) { boxes().forEach((b) => { b.checked = ev.target.checked; }); count(); }
    else if (ev.target.matches('[data-row] .c-tick input')) tick(ev.target, ev.shiftKey);
  });
  document.addEventListener('htmx:afterSettle', count);
  all('[data-tick-all]').forEach((b) => { b.hidden = false; });
  count();

  document.addEventListener('focusin', (ev) => {
    const row = ev.target.closest('[data-row]');
    if (row) last = rows().indexOf(row);
  });

  // After an act in a row the focus stays at that place: the row that is there now.
  document.addEventListener('htmx:afterSettle', () => { if (document.activeElement === document.body) focusRow(last); });
  // A refusal comes back as a page with a status of its own; show it where the answer would have stood.
  document.addEventListener('htmx:beforeSwap', (ev) => {
    if (ev.detail.xhr.status >= 400) { ev.detail.shouldSwap = ev.detail.xhr.getResponseHeader('X-Fragment') === '1'; ev.detail.isError = false; if (!ev.detail.shouldSwap) location.reload(); }
  });
  if (location.hash === '#q') { const q = document.querySelector('[aria-keyshortcuts~="/"]'); if (q) q.focus(); }
  // Pasting: the box grows with what is in it, Enter sends it (Shift+Enter makes a line), Ctrl+Enter accepts; a field shows its words in the text, and the other way.
  const grow = (t) => { t.style.height = 'auto'; t.style.height = `${Math.min(t.scrollHeight + 2, innerHeight * 0.6)}px`; };
  all('textarea[data-grow]').forEach((t) => { t.addEventListener('input', () => grow(t)); if (t.value && t.offsetParent) grow(t); });
  document.addEventListener('toggle', (ev) => all('textarea[data-grow]', ev.target).forEach((t) => { if (t.value) grow(t); }), true);
  document.addEventListener('keydown', (ev) => {
    if (ev.key !== 'Enter' || ev.isComposing || ev.shiftKey) return;
    const form = ev.ctrlKey || ev.metaKey ? document.querySelector('form[data-accept]') : ev.target.matches('textarea[data-enter]') && ev.target.form;
    if (!form) return;
    ev.preventDefault();
    if (form.dataset.accept !== undefined || ev.target.value.trim()) form.requestSubmit();
  });
  const accept = document.querySelector('form[data-accept]');
  if (accept) {
    const show = (id) => all('mark', accept).forEach((m) => m.classList.toggle('on', !!id && m.dataset.for.split(' ').includes(id)));
    const field = (ev) => ev.target.closest && ev.target.closest('[data-words]');
    for (const [on, off] of [['mouseover', 'mouseout'], ['focusin', 'focusout']]) {
      accept.addEventListener(on, (ev) => { const f = field(ev); if (f) show(f.dataset.words); });
      accept.addEventListener(off, (ev) => { if (field(ev)) show(null); });
    }
    accept.addEventListener('focusin', (ev) => { const f = field(ev), m = f && all('mark.on', accept)[0]; if (m) m.scrollIntoView({ block: 'nearest' }); });
    accept.addEventListener('click', (ev) => { const m = ev.target.closest('mark'), f = m && document.getElementById(m.dataset.for.split(' ')[0]); if (f) { const d = f.closest('details'); if (d) d.open = true; f.focus(); } });
    accept.addEventListener('submit', (ev) => { if (accept.dataset.sent) ev.preventDefault(); accept.dataset.sent = '1'; });
    const first = accept.querySelector('details[open] [data-missing], details[open] .bad input, details[open] .bad select, details[open] .bad textarea') || accept.querySelector('.paste-go button');
    first.focus({ preventScroll: true });
  }
  all('[data-print]').forEach((b) => { b.hidden = false; b.addEventListener('click', () => window.print()); });
})();
