// Every #include below src/ points to its own floor's public headers or downwards (architecture, section 1).
// once
// engine: none — it reads sources
'use strict';
const test = require('node:test');
const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');

const FLOORS = { base: 0, calendar: 1, text: 2, format: 3, store: 4, search: 4, people: 5, web: 6, office: 7, app: 8 };
const ROOT = path.join(__dirname, '..');

function files(dir) {
  return fs.readdirSync(dir, { withFileTypes: true }).flatMap((e) => {
    const f = path.join(dir, e.name);
    return e.isDirectory() ? files(f) : /\.[ch]$/.test(e.name) ? [f] : [];
  });
}

// A sentence that says what is wrong with `file` (src/…) including `header`, or null.
function wrong(file, header) {
  const from = file.split('/').slice(1, -1);     // ['office', 'entry']
  const floor = FLOORS[from[0]];
  if (floor === undefined) return `src/${from[0]}/ is no floor`;
  const generated = /^([a-z0-9_]+)_(queries|html)\.h$/.exec(header);
  if (header === 'messages.h') return null;
  if (header === 'assets.h') return floor >= FLOORS.web ? null : 'assets.h belongs to the web floor and above';
  if (header === 'migrations.h') return floor === FLOORS.store || floor === FLOORS.app ? null : 'migrations.h belongs to the store';
  if (generated) {
    const [, name, kind] = generated;
    if (name === from[from.length - 1]) return null;
    if (kind === 'html' && name === 'ui' && floor >= FLOORS.web) return null;
    return `${header} belongs to the folder ${name}`;
  }
  const to = header.split('/');
  if (to.length === 1) return fs.existsSync(path.join(ROOT, path.dirname(file), header)) ? `write the whole path of ${header}` : `${header} is unknown`;
  const toFloor = FLOORS[to[0]];
  if (toFloor === undefined) return null;        // a library's header, "uv/…"
  if (toFloor > floor) return `${to[0]} lies above ${from[0]}`;
  const open = to.length > 2 && new RegExp(`^${to[1]}(_[a-z]+)?\\.h$`).test(to[2]);   // entry.h, entry_rules.h
  if (to[0] === 'office' && from[0] === 'office' && to.length > 2 && to[1] !== from[1] && !open)
    return `of another slice only ${to[1]}/${to[1]}.h and ${to[1]}/${to[1]}_….h may be included`;
  if (to[0] === 'office' && from[0] === 'app' && to.length > 2 && to[2] !== `${to[1]}.h`) return `of a slice only ${to[1]}/${to[1]}.h may be included`;
  return null;
}

test('includes point downwards', () => {
  const found = [];
  for (const full of files(path.join(ROOT, 'src'))) {
    const file = path.relative(ROOT, full);
    fs.readFileSync(full, 'utf8').split('\n').forEach((line, i) => {
      const m = /^\s*#\s*include\s+"([^"]+)"/.exec(line);
      const test = /_test\.[ch]$/.test(file);
      const why = m && !(test && !m[1].includes('/')) && wrong(file, m[1]);
      if (why) found.push(`${file}:${i + 1}: ${why}`);
    });
  }
  assert.deepStrictEqual(found, []);
});

test('the rule itself', () => {
  for (const [file, header] of [
    ['src/base/str.c', 'base/str.h'], ['src/web/html.c', 'calendar/date.h'], ['src/search/x.c', 'store/db.h'], ['src/store/x.c', 'search/index.h'],
    ['src/office/entry/page.c', 'office/entry/rules.h'], ['src/office/bell/page.c', 'office/entry/entry.h'], ['src/office/bell/page.c', 'office/entry/entry_rules.h'], ['src/office/bell/page.c', 'bell_queries.h'],
    ['src/office/bell/page.c', 'ui_html.h'], ['src/store/migrate.c', 'migrations.h'], ['src/app/slices.c', 'office/entry/entry.h'],
  ]) assert.strictEqual(wrong(file, header), null, `${file} ${header}`);
  for (const [file, header] of [
    ['src/base/str.c', 'store/db.h'], ['src/text/x.c', 'format/docx.h'], ['src/office/bell/page.c', 'office/entry/rules.h'],
    ['src/office/bell/page.c', 'entry_queries.h'], ['src/people/x.c', 'ui_html.h'], ['src/web/x.c', 'migrations.h'], ['src/web/x.c', 'office/entry/entry.h'],
    ['src/app/main.c', 'office/entry/rules.h'], ['src/store/x.c', 'entry_html.h'],
  ]) assert.notStrictEqual(wrong(file, header), null, `${file} ${header}`);
});
