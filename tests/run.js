// Runs the test programs that tests/run.sh has built, two at a time, and reads the TAP they print.
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { spawn } = require('node:child_process');

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
      if (m[2] === 'not ok' && !/# (TODO|SKIP)/i.test(m[3])) {
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

function unitTests(dir) {
  return fs.readdirSync(dir).filter((f) => f.startsWith('t-') && fs.statSync(path.join(dir, f)).isFile())
    .sort().map((f) => ({ name: f, command: path.join(dir, f), args: [], env: { CMOCKA_MESSAGE_OUTPUT: 'TAP', BUILD: dir } }));
}

function nodeTests(dir, again) {
  return fs.readdirSync('tests').filter((f) => f.endsWith('.test.js')).sort().map((f) => path.join('tests', f))
    .filter((f) => !again || !/^\/\/ once\b/m.test(fs.readFileSync(f, 'utf8')))
    .map((f) => ({ name: f, command: process.execPath, args: ['--test', '--test-reporter=tap', f], env: { WHS: path.resolve(dir, 'whs'), BUILD: path.resolve(dir) } }));
}

async function part(title, jobs) {
  let passed = 0, failed = 0;
  const start = Date.now(), queue = jobs.slice();
  const worker = async () => {
    for (let job = queue.shift(); job; job = queue.shift()) {
      const r = await run(job);
      passed += r.passed;
      failed += r.failed.length;
      for (const f of r.failed) {
        console.log(`FAIL ${title}: ${job.name}: ${f.name}`);
        for (const line of f.text.slice(0, SHOWN_LINES)) console.log(`    ${line}`);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  console.log(`${title}: ${jobs.length} programs, ${passed} passed, ${failed} failed (${((Date.now() - start) / 1000).toFixed(1)} s)`);
  return { passed, failed };
}

async function main() {
  const only = process.argv.slice(2);            // names to look for; none: everything
  const wanted = (jobs) => jobs.filter((j) => only.length === 0 || only.some((o) => j.name.includes(o)));
  const total = { passed: 0, failed: 0 };
  for (const [title, jobs] of [
    ['unit tests', unitTests('build')],
    ['unit tests, sanitizers', unitTests('build-asan')],
    ['program tests', nodeTests('build', false)],
    ['program tests, sanitizers', nodeTests('build-asan', true)],
  ]) {
    const r = await part(title, wanted(jobs));
    total.passed += r.passed;
    total.failed += r.failed;
  }
  console.log(`${total.passed} passed, ${total.failed} failed`);
  process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
}

if (require.main === module) main();
module.exports = { readTap };
