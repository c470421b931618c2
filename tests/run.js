// Runs the test programs that tests/run.sh has built, two at a time, on SQLite and on a PostgreSQL cluster of their own, and reads the TAP they print.
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { execFileSync, spawn } = require('node:child_process');
const { Cluster } = require('./postgres.js');

const AT_ONCE = 2, LIMIT_MS = 15 * 60 * 1000, SHOWN_LINES = 60;

// Reads TAP, nested or not: { passed, failed: [{ name, text }], plan problems }. A line that sums up subtests is not counted.
function readTap(out) {
  const result = { passed: 0, failed: [] };
  const plans = new Map(), seen = new Map();     // by indentation
  let open = null;
  for (const line of out.split('\n')) {
    const m = /^(\s*)(not ok|ok) \d+(?: - | )?(.*)$/.exec(line);
    const plan = /^(\s*)1\.\.(\d+)/.exec(line);
    if (plan) plans.set(plan[1].length, Number(plan[2]));
    if (m) {
      open = null;
      const depth = m[1].length, inner = [...seen.keys()].filter((d) => d > depth);
      seen.set(depth, (seen.get(depth) || 0) + 1);
      const failedInside = inner.length > 0 && result.failed.some((f) => f.depth > depth && !f.summed);
      for (const d of inner) { seen.delete(d); plans.delete(d); }
      if (m[2] === 'not ok' && !/# SKIP/i.test(m[3])) {
        if (failedInside) for (const f of result.failed) f.summed = true;
        else result.failed.push(open = { name: m[3], depth, text: [] });
      } else if (inner.length === 0 && !/# SKIP/i.test(m[3])) result.passed++;
    } else if (open && line.trim() && !plan) open.text.push(line);
  }
  const planned = plans.get(0), ran = seen.get(0) || 0;
  if (planned !== undefined && planned !== ran) result.failed.push({ name: `planned ${planned} tests, ran ${ran}`, text: [] });
  return result;
}

function run(job) {
  return new Promise((resolve) => {
    const child = spawn(job.command, job.args, { env: { ...process.env, ...job.env }, stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '', err = '';
    child.stdout.on('data', (d) => { out += d; });
    child.stderr.on('data', (d) => { err += d; });
    const timer = setTimeout(() => { err += `\nstopped after ${LIMIT_MS / 60000} minutes`; child.kill('SIGKILL'); }, LIMIT_MS);
    child.on('error', (e) => { err += e.message; });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      const r = readTap(out);
      if (r.failed.length === 0 && (code !== 0 || signal)) r.failed.push({ name: signal ? `ended by ${signal}` : `exit code ${code}`, text: out.split('\n').slice(-20) });
      else if (r.failed.length === 0 && r.passed === 0 && !/# SKIP/i.test(out)) r.failed.push({ name: 'ran no test', text: out.split('\n') });
      if (r.failed.length) r.failed[r.failed.length - 1].text.push(...err.split('\n').filter((l) => l.trim()));
      resolve(r);
    });
  });
}

// What a test's source says about engines. Without a word it runs on both; "engine: sqlite — reason" or "engine: postgres — reason" on that one, and
// "engine: none — reason" (it touches no data) once.
function engines(file) {
  const m = /^(?:\/\/|\/\*| \*) engine: (sqlite|postgres|none) — \S/m.exec(fs.readFileSync(file, 'utf8'));
  return m ? [m[1]] : ['sqlite', 'postgres'];
}

// The programs that meson.build makes of src/**/_test.c and tests/*_test.c, by its rule for names.
function unitTests(dir) {
  const sources = execFileSync('tools/sources.sh', ['tests'], { encoding: 'utf8' }).split('\n').filter(Boolean);
  return sources.map((file) => ({ file, name: `t-${file.replace(/[^A-Za-z0-9]/g, '_').replaceAll('src_', '').replaceAll('_test_c', '')}` }))
    .map(({ file, name }) => ({ file, name, command: path.join(dir, name), args: [], env: { CMOCKA_MESSAGE_OUTPUT: 'TAP', BUILD: dir } }));
}

function nodeTests(dir, again) {
  return fs.readdirSync('tests').filter((f) => f.endsWith('.test.js')).sort().map((f) => path.join('tests', f))
    .filter((f) => !again || !/^\/\/ once\b/m.test(fs.readFileSync(f, 'utf8')))
    .map((f) => ({ file: f, name: f, command: process.execPath, args: ['--test', '--test-reporter=tap', f], env: { WHS: path.resolve(dir, 'whs'), BUILD: path.resolve(dir) } }));
}

// The jobs of a part, once for each of the engines that `chosen` names and the test knows.
function onEngines(title, jobs, chosen) {
  return jobs.flatMap((job) => engines(job.file).map((engine) => ({ ...job, engine, title, env: { ...job.env, WHS_TEST_ENGINE: engine } })))
    .filter((job) => job.engine === 'none' || chosen.includes(job.engine));
}

function report(job, r) {
  for (const f of r.failed) {
    console.log(`FAIL ${job.title}, ${job.engine}: ${job.name}: ${f.name}`);
    for (const line of f.text.slice(0, SHOWN_LINES)) console.log(`    ${line}`);
  }
}

// One queue over all parts, so that no processor waits for the slowest of a part; a part is summed up when its last job has ended.
async function runAll(jobs) {
  const parts = new Map(), total = { passed: 0, failed: 0 }, queue = jobs.slice();
  for (const job of jobs) {
    if (!parts.has(job.title)) parts.set(job.title, { left: 0, programs: { sqlite: 0, postgres: 0, none: 0 }, passed: 0, failed: 0, seconds: 0 });
    parts.get(job.title).left++;
    parts.get(job.title).programs[job.engine]++;
  }
  const worker = async () => {
    for (let job = queue.shift(); job; job = queue.shift()) {
      const part = parts.get(job.title), start = Date.now(), r = await run(job);
      for (const sum of [part, total]) { sum.passed += r.passed; sum.failed += r.failed.length; }
      part.seconds += (Date.now() - start) / 1000;
      report(job, r);
      if (process.env.WHS_TEST_TIMES) console.log(`${((Date.now() - start) / 1000).toFixed(1).padStart(7)} s  ${job.title}, ${job.engine}: ${job.name}`);
      if (--part.left === 0) {
        const { sqlite, postgres, none } = part.programs;
        console.log(`${job.title}: ${none} without data, ${sqlite} on SQLite, ${postgres} on PostgreSQL; ${part.passed} passed, ${part.failed} failed (${part.seconds.toFixed(0)} s)`);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return total;
}

async function main() {
  const only = process.argv.slice(2);            // names to look for; none: everything
  const chosen = process.env.WHS_TEST_ENGINE ? [process.env.WHS_TEST_ENGINE] : ['sqlite', 'postgres'];
  const jobs = [
    ['unit tests', unitTests('build')],
    ['unit tests, sanitizers', unitTests('build-asan')],
    ['program tests', nodeTests('build', false)],
    ['program tests, sanitizers', nodeTests('build-asan', true)],
  ].flatMap(([title, list]) => onEngines(title, list, chosen)).filter((j) => only.length === 0 || only.some((o) => j.name.includes(o)));
  const cluster = jobs.some((j) => j.engine === 'postgres') ? await new Cluster().start() : null;
  if (cluster) process.env.WHS_TEST_PG = cluster.url();
  const total = await runAll(jobs);
  if (cluster) await cluster.end();
  console.log(`${total.passed} passed, ${total.failed} failed`);
  process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
}

if (require.main === module) main();
module.exports = { readTap };
