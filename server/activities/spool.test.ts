import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { openSpooled, Spool, type Spooled } from './spool.ts';

const key = randomBytes(32);

async function newSpool(t: TestContext): Promise<{ spool: Spool; folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'pathglow-spool-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return { spool: new Spool(folder), folder };
}

async function read(spooled: Spooled, start = 0, end = spooled.size): Promise<Buffer> {
  const source = await openSpooled(spooled, key);
  try {
    return await source.read(start, end - start);
  } finally {
    await source.close();
  }
}

test('what is spooled is read again, whole and in part, and lies sealed on the disk', async (t) => {
  const { spool } = await newSpool(t);
  for (const size of [0, 1, 65_535, 65_536, 65_537, 300_000]) {
    const bytes = randomBytes(size);
    const spooled = await spool.write(
      `import-${size}`,
      '0',
      key,
      Readable.from([bytes.subarray(0, 7), bytes.subarray(7)]),
    );
    assert.equal(spooled.size, size);
    assert.deepEqual(await read(spooled), bytes);
    for (const [from, to] of [
      [size - 1, size],
      [size >> 1, (size >> 1) + 1],
      [65_530, 65_540],
    ]) {
      if (from >= 0 && to <= size) assert.deepEqual(await read(spooled, from, to), bytes.subarray(from, to));
    }
    const onDisk = await readFile(spooled.path);
    if (size > 16) assert.equal(onDisk.includes(bytes.subarray(0, 16)), false);
    await assert.rejects(read(spooled, 0, size + 1), RangeError);
  }
});

test('damage, a missing end, and another file in its place are noticed', async (t) => {
  const { spool } = await newSpool(t);
  const one = await spool.write('a', '0', key, Readable.from([randomBytes(200_000)]));
  const other = await spool.write('a', '1', key, Readable.from([randomBytes(200_000)]));
  const bytes = await readFile(one.path);
  await writeFile(one.path, await readFile(other.path));
  await assert.rejects(read(one), { code: 'not_readable' });
  const damaged = Buffer.from(bytes);
  damaged[100_000] ^= 1;
  await writeFile(one.path, damaged);
  await assert.rejects(read(one), { code: 'not_readable' });
  await writeFile(one.path, bytes);
  await truncate(one.path, 2 * 65_565);
  await assert.rejects(read(one), { code: 'not_readable' });
});

test("imports' files go when they are done, and what a killed server left goes at the start", async (t) => {
  const { spool, folder } = await newSpool(t);
  for (const importId of ['running', 'done', 'cut-off']) {
    await spool.write(importId, '0', key, Readable.from([Buffer.from('x')]));
  }
  await spool.keep('running', 0, key, Readable.from([Buffer.from('an archive in an archive')]));
  await spool.remove('done');
  await spool.removeAllBut(new Set(['running']));
  await spool.removeKept('running');
  assert.deepEqual(await readdir(folder), ['running']);
  assert.deepEqual(await readdir(join(folder, 'running')), ['0']);
});
