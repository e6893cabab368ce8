/** Small made-up activities for the tests of index and tiles: seeded, around one place, at all levels. */
import { createHash } from 'node:crypto';
import { writeChunks } from '../geo/chunks.ts';
import { COARSE_LEVELS, LEVELS, levelTolerance } from '../geo/levels.ts';
import { latToWorldY, lngToWorldX, WORLD_SIZE } from '../geo/mercator.ts';
import { simplify } from '../geo/simplify.ts';
import type { Tile } from '../geo/tile.ts';
import type { IndexedActivity } from '../index/athlete-index.ts';

/** Where they are: the corner of four tiles of many zooms is close by. */
export const PLACE = { x: lngToWorldX(11.25), y: latToWorldY(47.98) };

/** Numbers in [0, 1), the same for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Coarse and fine geometry of lines given in world units, x and y interleaved. */
export function geometryOf(lines: ArrayLike<number>[]): { coarse: Uint8Array; fine: Uint8Array } {
  const levels = LEVELS.map((_, level) =>
    Buffer.concat(
      lines.map((line) => {
        const kept = simplify(line, levelTolerance(level));
        const points = new Float64Array(kept.length * 2);
        kept.forEach((at, to) => {
          points[to * 2] = line[at * 2];
          points[to * 2 + 1] = line[at * 2 + 1];
        });
        return writeChunks(points, level);
      }),
    ),
  );
  return {
    coarse: new Uint8Array(Buffer.concat(levels.slice(0, COARSE_LEVELS))),
    fine: new Uint8Array(Buffer.concat(levels.slice(COARSE_LEVELS))),
  };
}

/** An activity: a wandering line of some hundred points, sometimes two, sometimes far away or a single point. */
export function sampleActivity(activityId: string, random: () => number): IndexedActivity {
  const lines = random() < 0.2 ? [wander(random), wander(random)] : [wander(random)];
  const geometry = geometryOf(lines);
  const digest = createHash('sha256').update(geometry.coarse).update(geometry.fine).digest();
  return {
    activityId,
    tag: digest.subarray(0, 16),
    ...geometry,
    sport: random() < 0.5 ? 'Ride' : 'Run',
    startedAt: Math.floor(1.6e9 + random() * 1e8),
    commute: random() < 0.3,
    virtual: false,
    visibility: 'public',
  };
}

/** A tile near PLACE at a zoom: one of the few around it. */
export function tileAt(z: number, random: () => number, spread = 4000 * UNITS_PER_METRE): Tile {
  const across = 2 ** z;
  const place = (centre: number) => {
    const at = Math.floor(((centre + (random() - 0.5) * spread) / WORLD_SIZE) * across);
    return Math.min(across - 1, Math.max(0, at));
  };
  return { z, x: place(PLACE.x), y: place(PLACE.y) };
}

/** At the latitude of PLACE. */
export const UNITS_PER_METRE = 80;

function wander(random: () => number): Float64Array {
  const count = random() < 0.1 ? 1 : 50 + Math.floor(random() * 250);
  const far = random() < 0.1 ? 300_000 * UNITS_PER_METRE : 0;
  const stride = (random() < 0.1 ? 400 : 8) * UNITS_PER_METRE;
  let x = PLACE.x + far + (random() - 0.5) * 3000 * UNITS_PER_METRE;
  let y = PLACE.y + far + (random() - 0.5) * 3000 * UNITS_PER_METRE;
  let heading = random() * 2 * Math.PI;
  const line = new Float64Array(count * 2);
  for (let at = 0; at < count; at++) {
    line[at * 2] = Math.round(x);
    line[at * 2 + 1] = Math.round(y);
    heading += (random() - 0.5) * 0.6;
    x += Math.cos(heading) * stride;
    y += Math.sin(heading) * stride;
  }
  return line;
}
