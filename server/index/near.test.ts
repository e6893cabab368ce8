import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chunkPoints, forEachChunk } from '../geo/chunks.ts';
import { LEVELS } from '../geo/levels.ts';
import { WORLD_SIZE, worldXToLng, worldYToLat } from '../geo/mercator.ts';
import { bounds } from '../geo/tile.ts';
import { readTone } from '../heat/png.ts';
import { lineWidth } from '../heat/width.ts';
import fc from '../testing/fast-check.ts';
import { geometryOf, sampleActivity, seeded, tileAt } from '../testing/sample-activities.ts';
import { renderTile } from '../tiles/render.ts';
import { AthleteIndex, type IndexedActivity } from './athlete-index.ts';
import { EVERYTHING, type Filter, matches } from './filter.ts';
import { drawnLevel, type Place, windowsAt } from './near.ts';
import { windowOf } from './window.ts';

const EAST = WORLD_SIZE - 1;

/** Samples around one place, and some whose two parts meet at the antimeridian. */
function samples(seed: number): IndexedActivity[] {
  const random = seeded(seed);
  return Array.from({ length: 24 }, (_, number) => {
    const activity = sampleActivity(String(number + 1), random);
    if (number % 4 !== 0) return activity;
    const [far, y] = [random() * 2e6, WORLD_SIZE * (0.3 + random() * 0.4)];
    const parts = [
      [EAST - far, y - far, EAST, y],
      [0, y, far, y + far],
    ];
    return { ...activity, ...geometryOf(number % 8 === 0 ? parts : parts.slice(1)) };
  });
}

function indexOf(activities: IndexedActivity[]): AthleteIndex {
  const index = new AthleteIndex();
  for (const activity of activities) index.add(activity);
  return index;
}

/** Made once for each seed: the activities, their index, and by activity and level their chunks. */
const worlds = new Map<number, ReturnType<typeof makeWorld>>();

function makeWorld(seed: number) {
  const activities = samples(seed);
  const chunks = activities.map((activity) => LEVELS.map((_, level) => chunksOf(activity, level)));
  return { activities, index: indexOf(activities), chunks };
}

function worldOf(seed: number) {
  const world = worlds.get(seed) ?? makeWorld(seed);
  worlds.set(seed, world);
  return world;
}

/** The points of every chunk of a level. */
function chunksOf({ coarse, fine }: IndexedActivity, level: number): Float64Array[] {
  const chunks: Float64Array[] = [];
  for (const geometry of [coarse, fine!]) {
    forEachChunk(geometry, (at, of) => {
      if (of === level) chunks.push(chunkPoints(geometry, at));
    });
  }
  return chunks;
}

/** From a point to a line, in world units, the short way round the world. */
function distance(line: Float64Array, x: number, y: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (const side of [x - WORLD_SIZE, x, x + WORLD_SIZE]) {
    for (let at = 0; at < Math.max(1, line.length / 2 - 1); at++) {
      const [ax, ay] = [line[at * 2], line[at * 2 + 1]];
      const [bx, by] = line.length > 2 ? [line[at * 2 + 2], line[at * 2 + 3]] : [ax, ay];
      const length2 = (bx - ax) ** 2 + (by - ay) ** 2;
      const along = length2 === 0 ? 0 : ((side - ax) * (bx - ax) + (y - ay) * (by - ay)) / length2;
      const t = Math.min(1, Math.max(0, along));
      least = Math.min(least, Math.hypot(ax + t * (bx - ax) - side, ay + t * (by - ay) - y));
    }
  }
  return least;
}

const found = (index: AthleteIndex, place: Place, filter: Filter) => {
  const ids = windowsAt(place).flatMap((window) => index.near(window, filter).map((one) => one.activityId));
  return [...new Set(ids)].sort();
};

const filters: Filter[] = [EVERYTHING, { ...EVERYTHING, sports: ['Ride'] }, { ...EVERYTHING, commute: true }];

test('found is what is drawn within reach of a place, at every zoom, and nothing else', () => {
  let [hits, misses, across] = [0, 0, 0];
  fc.assert(
    fc.property(
      fc.record({
        seed: fc.integer({ min: 1, max: 6 }),
        pick: fc.integer({ min: 0, max: 1e6 }),
        zoom: fc.integer({ min: 0, max: 20 }),
        px: fc.constantFrom(0, 0, 1, 5, 16),
        off: fc.tuple(
          fc.double({ min: -4, max: 4, noNaN: true }),
          fc.double({ min: -4, max: 4, noNaN: true }),
        ),
        filter: fc.constantFrom(...filters),
        turns: fc.integer({ min: -2, max: 2 }),
      }),
      ({ seed, pick, zoom, px, off, filter, turns }) => {
        const { activities, index, chunks: all } = worldOf(seed);
        const level = drawnLevel(zoom);
        const pixel = WORLD_SIZE / 2 ** (zoom + 8);
        const reach = (lineWidth(zoom) / 2 + px) * pixel;
        // somewhere beside a drawn point: within reach about as often as not
        const chunks = all[pick % activities.length][level];
        const chunk = chunks[pick % chunks.length];
        const at = (pick % (chunk.length / 2)) * 2;
        const x = chunk[at] + (off[0] / 2) * reach;
        const y = Math.min(EAST, Math.max(0, chunk[at + 1] + (off[1] / 2) * reach));
        const place = { lng: worldXToLng(x) + turns * 360, lat: worldYToLat(y), zoom, px };

        const wanted: string[] = [];
        const wrapped = x - Math.floor(x / WORLD_SIZE) * WORLD_SIZE;
        for (const [number, activity] of activities.entries()) {
          if (!matches(filter, activity)) continue;
          const nearest = Math.min(...all[number][level].map((line) => distance(line, wrapped, y)));
          // degrees and back again do not tell less than that apart
          if (Math.abs(nearest - reach) < 1e-3) return;
          if (nearest < reach) wanted.push(activity.activityId);
          if (nearest < reach && Math.min(wrapped, WORLD_SIZE - wrapped) < reach) across++;
        }
        assert.deepEqual(found(index, place, filter), wanted.sort());
        if (wanted.length > 0) hits++;
        else misses++;
      },
    ),
    { numRuns: 600 },
  );
  assert.ok(hits > 100 && misses > 30 && across > 10, `${hits} hits, ${misses} misses, ${across} across`);
});

test('a place is found where its pixel is drawn, and not where it is empty', () => {
  const index = indexOf(samples(7));
  const random = seeded(70);
  let [inked, empty] = [0, 0];
  for (let zoom = 4; zoom <= 20; zoom++) {
    for (let turn = 0; turn < 3; turn++) {
      const tile = tileAt(zoom, random, 300_000);
      const drawing = index.drawing(windowOf(tile, 512), EVERYTHING);
      if (!drawing) continue;
      const tones = Array.from(readTone(Buffer.from(renderTile({ tile, size: 512, ...drawing }))));
      const { minX, minY, maxX } = bounds(tile);
      const side = (maxX - minX) / 512;
      const inkedPixels = tones.flatMap((tone, pixel) => (tone > 0 ? [pixel] : []));
      for (let sample = 0; sample < 120 && inkedPixels.length > 0; sample++) {
        // on a line, just beside one, and anywhere
        const beside = sample % 3 === 0 ? 0 : Math.floor(random() * 7) - 3;
        const line = inkedPixels[Math.floor(random() * inkedPixels.length)] + beside * (sample % 2 ? 1 : 512);
        const pixel = sample % 10 === 9 ? Math.floor(random() * 512 * 512) : line;
        if (pixel < 0 || pixel >= 512 * 512) continue;
        const [column, row] = [pixel % 512, Math.floor(pixel / 512)];
        const at = {
          lng: worldXToLng(minX + (column + 0.5) * side),
          lat: worldYToLat(minY + (row + 0.5) * side),
          zoom,
        };
        const tone = tones[pixel];
        const covered = found(index, { ...at, px: 0 }, EVERYTHING).length > 0;
        // anti-aliasing fades over half a pixel beyond the line, a quarter of one of 256
        const touched = found(index, { ...at, px: 0.25 }, EVERYTHING).length > 0;
        if (covered) assert.ok(tone > 0, `zoom ${zoom}: covered but empty`);
        if (tone > 0) assert.ok(touched, `zoom ${zoom}: drawn but not found`);
        if (tone > 0) inked++;
        else empty++;
      }
    }
  }
  assert.ok(inked > 300 && empty > 300, `${inked} inked, ${empty} empty`);
});

test('the lines of an activity are those that are drawn, whole', () => {
  const activities = samples(3);
  const index = indexOf(activities);
  for (const activity of activities) {
    for (const zoom of [0, 9, 14, 20]) {
      const level = drawnLevel(zoom);
      const lines = index.lines(activity.activityId, level)!;
      const chunks = chunksOf(activity, level);
      const segments = (all: Float64Array[]) =>
        all.flatMap((line) =>
          Array.from({ length: line.length / 2 - 1 }, (_, at) => line.subarray(at * 2, at * 2 + 4).join()),
        );
      assert.deepEqual(segments(lines), segments(chunks));
      assert.ok(lines.length <= chunks.length && lines.length <= 2);
    }
  }
  assert.equal(index.lines('999', 0), null);
});
