import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

test('every bench suite runs to its end on a small athlete', () => {
  const bench = fileURLToPath(new URL('run.ts', import.meta.url));
  // below the time that a test may take, so that a suite without end is named
  const { status, stdout, stderr } = spawnSync(process.execPath, [bench, '--smoke'], {
    encoding: 'utf8',
    timeout: 380_000,
  });
  assert.equal(status, 0, `${stderr}\n${stdout}`);
  assert.match(stdout, /^\|/m, 'it prints tables');
});
