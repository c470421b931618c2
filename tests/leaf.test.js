// A leaf slice goes with its folder and its line in slices.c, and nothing else: the house builds and runs without it.
// once
// engine: sqlite — what it tries is the build
'use strict';
const test = require('node:test');
const assert = require('node:assert');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { spawnSync } = require('node:child_process');

const ROOT = path.join(__dirname, '..');
const LEAF = 'summary';

test(`the house stands without the slice ${LEAF}`, () => {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'whs-leaf-'));
  try {
    for (const part of ['src', 'sql', 'po', 'ui', 'data', 'tools', 'bench', 'meson.build'])
      fs.cpSync(path.join(ROOT, part), path.join(dir, part), { recursive: true });
    fs.mkdirSync(path.join(dir, 'tests'));
    fs.symlinkSync(path.join(ROOT, 'node_modules'), path.join(dir, 'node_modules'));
    const slices = path.join(dir, 'src/app/slices.c');
    const text = fs.readFileSync(slices, 'utf8');
    const without = text.replace(new RegExp(`^    _\\(${LEAF}\\).*\\n`, 'm'), '').replace(/ *\\\n\n/, '\n\n');
    assert.notStrictEqual(without, text, 'slices.c names the slice in one line');
    fs.writeFileSync(slices, without);
    fs.rmSync(path.join(dir, 'src/office', LEAF), { recursive: true });
    for (const f of fs.readdirSync(path.join(dir, 'src'), { recursive: true })) if (f.endsWith('_test.c')) fs.rmSync(path.join(dir, 'src', f));
    const setup = spawnSync('meson', ['setup', 'build', '-Doptimization=0', '-Ddebug=false'], { cwd: dir, encoding: 'utf8' });
    assert.strictEqual(setup.status, 0, setup.stdout + setup.stderr);
    const built = spawnSync('ninja', ['-C', 'build', '--quiet', 'whs'], { cwd: dir, encoding: 'utf8' });
    assert.strictEqual(built.status, 0, built.stdout + built.stderr);
    const whs = path.join(dir, 'build/whs');
    const help = spawnSync(whs, ['help'], { encoding: 'utf8' }).stdout;
    assert.match(help, /\n {2}init /);
    assert.doesNotMatch(help, new RegExp(`\n {2}${LEAF} `));
    const init = spawnSync(whs, ['--db', `sqlite:${dir}/t.db`, 'init'], { encoding: 'utf8' });
    assert.strictEqual(init.status, 0, init.stderr);
  } finally {
    fs.rmSync(dir, { recursive: true, force: true });
  }
});
