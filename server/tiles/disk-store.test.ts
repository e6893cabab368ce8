import assert from 'node:assert/strict';
import { mkdtemp, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { TestContext } from 'node:test';
import { test } from 'node:test';
import { seeded } from '../testing/sample-activities.ts';
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

const bytes = (length: number, seed = 1) => {
  const random = seeded(seed);
  return Uint8Array.from({ length }, () => random() * 256);
};

test('what was written is read, also after closing and opening again', async (t) => {
  const path = join(await folder(t), 'deep', 'tiles.sqlite');
  const { store } = openStore(t, path);
  const value = bytes(5000);
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
  await store.set('first', { value: bytes(5000) });
  for (let at = 0; at < 1200; at++) {
    await store.set(`tile ${at}`, { value: bytes(5000, at) });
    if (at % 50 === 0) assert.ok(await store.get('first'), `kept after ${at}`);
    // entries are told apart by the millisecond of their last use
    if (at % 25 === 0) await new Promise((resolve) => setTimeout(resolve, 2));
  }
  assert.ok(await store.get('tile 1199'));
  assert.equal(await store.get('tile 3'), undefined);
  await store.disconnect();
  assert.ok((await stat(path)).size <= 2.2 * MB);
  assert.deepEqual(warnings, []);

  const smaller = openStore(t, path, MB);
  for (let at = 0; at < 20; at++) await smaller.store.set(`more ${at}`, { value: bytes(5000, at) });
  assert.ok(await smaller.store.get('more 19'));
  await smaller.store.disconnect();
  assert.ok((await stat(path)).size <= 1.2 * MB);
});

test('a file that is no database, or another version of it, is begun anew', async (t) => {
  const path = join(await folder(t), 'tiles.sqlite');
  await writeFile(path, 'this is not a database, though it is long enough to be taken for one'.repeat(100));
  const { store, warnings } = openStore(t, path);
  assert.equal(await store.get('a'), undefined);
  await store.set('a', { value: bytes(100) });
  assert.ok(await store.get('a'));
  assert.equal(warnings.length, 1);
  await store.disconnect();

  const database = new DatabaseSync(path);
  database.exec('pragma user_version = 99');
  database.close();
  const newer = openStore(t, path);
  assert.equal(await newer.store.get('a'), undefined);
  await newer.store.set('a', { value: bytes(100) });
  assert.ok(await newer.store.get('a'));
  assert.equal(newer.warnings.length, 1);
});

test('a truncated file is begun anew at the latest when the hole is met', async (t) => {
  const path = join(await folder(t), 'tiles.sqlite');
  const { store } = openStore(t, path);
  for (let at = 0; at < 200; at++) await store.set(`tile ${at}`, { value: bytes(5000, at) });
  await store.disconnect();
  await truncate(path, Math.floor((await stat(path)).size / 2 / 4096) * 4096);
  const again = openStore(t, path);
  for (let at = 0; at < 200; at++) await again.store.get(`tile ${at}`);
  await again.store.set('new', { value: bytes(5000) });
  assert.ok(await again.store.get('new'));
  assert.equal(again.warnings.length, 1);
});

test('a disk that cannot be written is a miss, said once', async (t) => {
  const path = await folder(t);
  await writeFile(join(path, 'file'), '');
  const { store, warnings } = openStore(t, join(path, 'file', 'tiles.sqlite'));
  for (let at = 0; at < 5; at++) {
    await store.set('a', { value: bytes(100) });
    assert.equal(await store.get('a'), undefined);
  }
  assert.equal(warnings.length, 1);
});

test('closing twice, or asking afterwards, does no harm', async (t) => {
  const { store } = openStore(t, join(await folder(t), 'tiles.sqlite'));
  await store.set('a', { value: bytes(100) });
  await store.disconnect();
  await store.disconnect();
  assert.equal(await store.get('a'), undefined);
});
