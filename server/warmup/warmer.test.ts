import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Warmer, type WarmerOptions } from './warmer.ts';

const LAYER = { zoom: 14, size: 512 as const, areas: null };

/** Draws so many tiles with what stands in for the tile service; answers how far it came, and in how many milliseconds. */
async function draw(count: number, tiles: Pick<WarmerOptions['tiles'], 'warm' | 'isLookedAt'>) {
  // it is given its tiles here, and so asks none of these
  const unasked = { warmups: null as never, popularity: null as never, indexes: null as never };
  const warmer = new Warmer({
    ...unasked,
    tiles: { backgroundConcurrency: 1, exposure: async () => 2, settled: async () => {}, ...tiles },
    onChange: () => {},
    warn: () => {},
  });
  const progress = { done: 0, skipped: 0, failed: 0 };
  const began = performance.now();
  await warmer.draw('1', LAYER, new Uint32Array(count * 2), progress, new AbortController().signal);
  return { progress, took: performance.now() - began };
}

test('passing over what is there holds up nobody', async () => {
  let turns = 0;
  const turning = setInterval(() => turns++, 0);
  const { progress } = await draw(500, {
    isLookedAt: () => false,
    // kept, after some work that yields to nobody
    async warm() {
      const until = performance.now() + 0.2;
      while (performance.now() < until);
      return 'kept';
    },
  });
  clearInterval(turning);
  assert.deepEqual(progress, { done: 500, skipped: 500, failed: 0 });
  assert.ok(turns > 10, `others had ${turns} turns`);
});

test('while somebody looks, most of the time is theirs', async () => {
  let drawing = 0;
  const { progress, took } = await draw(20, {
    isLookedAt: () => true,
    async warm() {
      const began = performance.now();
      await sleep(5);
      drawing += performance.now() - began;
      return 'drawn';
    },
  });
  assert.deepEqual(progress, { done: 20, skipped: 0, failed: 0 });
  // two draw in turn, so that both together are to rest three quarters of the time
  assert.ok(took > 3 * drawing, `it drew ${drawing} of ${took} ms`);
});
