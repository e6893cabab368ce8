import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

const bench = fileURLToPath(new URL('run.ts', import.meta.url));
// below the time that a test may take, so that a suite without end is named
const run = (...args: string[]) =>
  spawnSync(process.execPath, [bench, ...args], { encoding: 'utf8', timeout: 380_000 });

const { stderr: told } = run('all');
const suites = /there are: (.*)/.exec(told)?.[1].split(', ') ?? [];
assert.ok(suites.length > 0, told);

for (const suite of suites) {
  test(`the bench suite ${suite} runs to its end on a small athlete`, () => {
    const { status, stdout, stderr } = run('--smoke', suite);
    assert.equal(status, 0, `${stderr}\n${stdout}`);
    assert.match(stdout, /^\|/m, 'it prints tables');
  });
}
