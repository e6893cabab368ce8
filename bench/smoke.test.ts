import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

test('every bench suite runs to its end on a small athlete', () => {
  const bench = fileURLToPath(new URL('run.ts', import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [bench, '--smoke'], { encoding: 'utf8' });
  assert.equal(status, 0, stderr || stdout);
  assert.match(stdout, /^\|/m, 'it prints tables');
});
