import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { TestContext } from 'node:test';
import { test } from 'node:test';
import { madeUpBytes } from '../testing/made-up-bytes.ts';
import { DiskStore } from './disk-store.ts';

const MB = 2 ** 20;

async function folder(t: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'pathglow-cache-'));
  t.after(() => rm(path, { recursive: true, force: true }));
  return path;
}

function openStore(t: TestContext, path: string, limit = 100 * MB) {
  const warnings: string[] = [];
  const store = new DiskStore({ path, limit, warn: (message) => warnings.push(message) });
  t.after(() => store.disconnect());
  return { store, warnings };
}

/** A process that fills a cache; `blocks` bounds the files it may write, in 512 bytes; it may not write in `readOnly`. */
function fill(path: string, count: number, { blocks = 'unlimited', readOnly = '' } = {}) {
  const script = new URL('../testing/cache-process.ts', import.meta.url).pathname;
  // a limit of the shell's is handed on to what takes its place
  const command = `ulimit -f "$1"
    [ -z "$2" ] || { mount --bind "$2" "$2" && mount -o remount,bind,ro "$2"; } || exit
    shift 2 && exec "$@"`;
  const args = ['-c', command, 'sh', blocks, readOnly, process.execPath, script, path, String(count)];
  // a namespace of its own, so that the mount is seen by nobody else and ends with it
  const [program, ...before] = readOnly ? ['unshare', '-rm', 'sh'] : ['sh'];
  const child = spawn(program, [...before, ...args], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const kept: number[] = [];
  const warnings: string[] = [];
  child.on('message', (message: { kept?: number; warning?: string }) => {
    if (message.kept !== undefined) kept.push(message.kept);
    if (message.warning !== undefined) warnings.push(message.warning);
  });
  return { child, kept, warnings, ended: once(child, 'exit') };
}

test('what was written is read, also after closing and opening again', async (t) => {
  const path = join(await folder(t), 'deep', 'tiles.sqlite');
  const { store } = openStore(t, path);
  const value = madeUpBytes(5000);
  await store.set('a', { value });
  assert.deepEqual(new Uint8Array((await store.get('a'))!.value), value);
  assert.equal(await store.get('b'), undefined);
  assert.deepEqual([await store.has('a'), await store.has('b')], [true, false]);
  await store.disconnect();
  const again = openStore(t, path);
  assert.deepEqual(new Uint8Array((await again.store.get('a'))!.value), value);
  await again.store.delete('a');
  assert.equal(await again.store.get('a'), undefined);
  assert.deepEqual(again.warnings, []);
});

test('the file stays within its limit, and what was used last stays', async (t) => {
  const path = join(await folder(t), 'tiles.sqlite');
  const { store, warnings } = openStore(t, path, 2 * MB);
  await store.set('first', { value: madeUpBytes(5000) });
  for (let at = 0; at < 1200; at++) {
    await store.set(`tile ${at}`, { value: madeUpBytes(5000, at) });
    if (at % 50 === 0) assert.ok(await store.get('first'), `kept after ${at}`);
    // entries are told apart by the millisecond of their last use
    if (at % 25 === 0) await new Promise((resolve) => setTimeout(resolve, 2));
  }
  assert.ok(store.bytes > 1.8 * MB && store.bytes <= 2 * MB);
  assert.ok(await store.get('tile 1199'));
  assert.equal(await store.get('tile 3'), undefined);
  await store.disconnect();
  assert.ok((await stat(path)).size <= 2.2 * MB);
  assert.deepEqual(warnings, []);

  const smaller = openStore(t, path, MB);
  for (let at = 0; at < 20; at++) await smaller.store.set(`more ${at}`, { value: madeUpBytes(5000, at) });
  assert.ok(await smaller.store.get('more 19'));
  await smaller.store.disconnect();
  assert.ok((await stat(path)).size <= 1.2 * MB);
});

test('a file that is no database, or another version of it, is begun anew', async (t) => {
  const path = join(await folder(t), 'tiles.sqlite');
  await writeFile(path, 'this is not a database, though it is long enough to be taken for one'.repeat(100));
  const { store, warnings } = openStore(t, path);
  assert.equal(await store.get('a'), undefined);
  await store.set('a', { value: madeUpBytes(100) });
  assert.ok(await store.get('a'));
  assert.equal(warnings.length, 1);
  await store.disconnect();

  const database = new DatabaseSync(path);
  database.exec('pragma user_version = 99');
  database.close();
  const newer = openStore(t, path);
  assert.equal(await newer.store.get('a'), undefined);
  await newer.store.set('a', { value: madeUpBytes(100) });
  assert.ok(await newer.store.get('a'));
  assert.equal(newer.warnings.length, 1);
});

test('a truncated file is begun anew at the latest when the hole is met', async (t) => {
  const path = join(await folder(t), 'tiles.sqlite');
  const { store } = openStore(t, path);
  for (let at = 0; at < 200; at++) await store.set(`tile ${at}`, { value: madeUpBytes(5000, at) });
  await store.disconnect();
  await truncate(path, Math.floor((await stat(path)).size / 2 / 4096) * 4096);
  const again = openStore(t, path);
  for (let at = 0; at < 200; at++) await again.store.get(`tile ${at}`);
  await again.store.set('new', { value: madeUpBytes(5000) });
  assert.ok(await again.store.get('new'));
  assert.equal(again.warnings.length, 1);
});

test('a disk that cannot be written is a miss, said once', async (t) => {
  const path = await folder(t);
  await writeFile(join(path, 'file'), '');
  const { store, warnings } = openStore(t, join(path, 'file', 'tiles.sqlite'));
  for (let at = 0; at < 5; at++) {
    await store.set('a', { value: madeUpBytes(100) });
    assert.equal(await store.get('a'), undefined);
  }
  assert.equal(warnings.length, 1);
});

test('a disk that has become read-only is one warning, and costs nobody an answer', async (t) => {
  const path = await folder(t);
  if (spawnSync('unshare', ['-rm', 'mount', '--bind', path, path]).status !== 0)
    return t.skip('nothing can be made read-only here');
  const { store } = openStore(t, join(path, 'tiles.sqlite'));
  await store.set('a', { value: madeUpBytes(5000) });
  await store.disconnect();
  const before = await readFile(join(path, 'tiles.sqlite'));
  const { kept, warnings, ended } = fill(join(path, 'tiles.sqlite'), 20, { readOnly: path });
  assert.deepEqual(await ended, [0, null]);
  assert.deepEqual([kept, warnings.length], [[], 1]);
  assert.deepEqual(await readFile(join(path, 'tiles.sqlite')), before);
});

test('a full disk is one warning, and costs nobody an answer', async (t) => {
  const path = join(await folder(t), 'tiles.sqlite');
  const { kept, warnings, ended } = fill(path, 300, { blocks: '1000' });
  assert.deepEqual(await ended, [0, null]);
  assert.equal(warnings.length, 1);
  assert.ok(kept.length > 0 && kept.length < 300);
  const { store } = openStore(t, path);
  await store.set('with room again', { value: madeUpBytes(5000) });
  assert.ok(await store.get('with room again'));
});

test('a cache whose process was killed is whole: what was written is read, and nothing is said', async (t) => {
  const path = join(await folder(t), 'tiles.sqlite');
  const { child, kept, ended } = fill(path, 1_000_000);
  while (kept.length < 100) await once(child, 'message');
  child.kill('SIGKILL');
  assert.deepEqual(await ended, [null, 'SIGKILL']);
  const { store, warnings } = openStore(t, path);
  for (const at of kept) {
    assert.deepEqual(new Uint8Array((await store.get(`tile ${at}`))!.value), madeUpBytes(5000, at));
  }
  assert.deepEqual(warnings, []);
});

test('closing twice, or asking afterwards, does no harm', async (t) => {
  const { store } = openStore(t, join(await folder(t), 'tiles.sqlite'));
  await store.set('a', { value: madeUpBytes(100) });
  await store.disconnect();
  await store.disconnect();
  assert.equal(await store.get('a'), undefined);
});
