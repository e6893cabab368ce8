/** What one new activity costs an athlete who has few or many, against rendering the whole pyramid again. */
import type { Tile, TileSize } from '../server/geo/tile.ts';
import { EVERYTHING } from '../server/index/filter.ts';
import { testDatabase } from '../server/testing/database.ts';
import { seeded } from '../server/testing/sample-activities.ts';
import { storeActivity } from '../server/testing/store-activities.ts';
import { TileCache } from '../server/tiles/cache.ts';
import { renderThreads } from '../server/tiles/render-threads.ts';
import type { TileService } from '../server/tiles/service.ts';
import { heatTiles } from '../server/warmup/heat-tiles.ts';
import { layersOf, usualLayers } from '../server/warmup/layer.ts';
import { benchActivities } from './athlete.ts';
import { spread } from './measure.ts';
import { indexed, store } from './stored.ts';
import type { Table } from './table.ts';
import { newPool, quiet, RENDER_THREADS, serviceOver } from './tile-parts.ts';

const SIZES = [100, 1000, 5000, 20_000];
const POINTS = 1000;
const SIZE: TileSize = 512;
/** The pyramid's lowest zoom; as 256-px tiles, one more. */
const DEEPEST = 15;
/** Tiles of each zoom that are rendered to tell what all would take. */
const SAMPLED = 24;
/** New activities, one after the other. */
const NEW = 3;

type Ask = { athleteId: string; geometry: 'own'; tile: Tile; size: TileSize; filter: typeof EVERYTHING };

export async function growthBench({ smoke }: { smoke: boolean }): Promise<Table[]> {
  const database = await testDatabase();
  const threads = renderThreads(RENDER_THREADS);
  try {
    const { db } = database;
    const rows: Table['rows'] = [];
    for (const activities of smoke ? [20, 60] : SIZES) {
      const { athlete, points } = await store(db, activities, smoke ? 300 : POINTS);
      const pool = newPool(db, [athlete]);
      const index = await pool.current(athlete.id, 'fine');
      const cache = new TileCache({ memoryLimit: 2 ** 30, warn: quiet });
      const service = serviceOver(threads, pool, cache);
      const ask = (tile: Tile): Ask => ({
        athleteId: athlete.id,
        geometry: 'own',
        tile,
        size: SIZE,
        filter: EVERYTHING,
      });

      let popular = 0;
      const layers = usualLayers([SIZE]);
      const everything = { boxes: null, limit: Number.POSITIVE_INFINITY };
      for (const layer of layers) popular += (await heatTiles(index, layer, everything)).length / 2;
      const pyramid = await estimatePyramid(
        async (zoom) => {
          const [layer] = layersOf([zoom], [SIZE]);
          return tilesOf(zoom, await heatTiles(index, layer, everything));
        },
        service,
        ask,
        smoke,
      );

      const found: number[] = [];
      const fresh: number[] = [];
      const changed: number[] = [];
      for (const recorded of benchActivities(NEW, smoke ? 300 : POINTS, 77)) {
        const { generation } = index;
        await storeActivity(db, athlete, indexed(athlete.key, recorded));
        const committed = performance.now();
        pool.compareAll();
        await pool.current(athlete.id, 'fine');
        const changes = index.changesSince(generation)!;
        const stale: Tile[] = [];
        for (const layer of layers) {
          const tiles = await heatTiles(index, layer, { ...everything, changes });
          stale.push(...tilesOf(layer.zoom, tiles));
        }
        found.push(performance.now() - committed);
        await drawAll(service, stale.map(ask));
        fresh.push(performance.now() - committed);
        changed.push(stale.length);
      }
      const freshMedian = spread(fresh).median;
      rows.push([
        String(activities),
        (points / 1e6).toFixed(1),
        String(popular),
        spread(found).median,
        String(spread(changed).median),
        freshMedian,
        String(pyramid.tiles),
        pyramid.seconds,
        (pyramid.seconds * 1000) / freshMedian,
      ]);
    }
    return [
      {
        title: 'One new activity, by how many there are',
        note:
          `Popular are here the tiles of ${SIZE} px with heat at z 3 to 14, as for an athlete who has not looked yet. Median of ${NEW} ` +
          'new activities, milliseconds from the commit: until it is known which popular tiles changed, and until all of them ' +
          `are rendered again by ${RENDER_THREADS} threads. The pyramid is every tile with heat from z 0 to ${DEEPEST}; they are counted, ` +
          `but only up to ${SAMPLED} of each zoom, taken at random, are rendered, by the same threads: its seconds are an estimate.`,
        columns: [
          'activities',
          'M points',
          'popular tiles',
          'found, ms',
          'changed and rendered',
          'fresh, ms',
          'pyramid, tiles',
          'estimated, s',
          'times longer',
        ],
        rows,
      },
    ];
  } finally {
    await threads.close();
    await database.drop();
  }
}

/** How many tiles there are, and how long rendering all of them would take, by a sample of each zoom. */
async function estimatePyramid(
  tilesAt: (zoom: number) => Promise<Tile[]>,
  service: TileService,
  ask: (tile: Tile) => Ask,
  smoke: boolean,
): Promise<{ tiles: number; seconds: number }> {
  const random = seeded(9);
  let count = 0;
  let seconds = 0;
  for (let zoom = 0; zoom <= (smoke ? 9 : DEEPEST); zoom++) {
    const tiles = await tilesAt(zoom);
    const sample = tiles.length <= SAMPLED ? tiles : pick(tiles, SAMPLED, random);
    const start = performance.now();
    await drawAll(service, sample.map(ask));
    seconds += ((performance.now() - start) / 1000) * (tiles.length / sample.length);
    count += tiles.length;
  }
  return { tiles: count, seconds };
}

/** Renders them, no more at a time than keeps the threads busy. */
async function drawAll(service: TileService, asked: Ask[]): Promise<void> {
  let next = 0;
  const draw = async () => {
    while (next < asked.length) await service.get(asked[next++]);
  };
  await Promise.all(Array.from({ length: RENDER_THREADS + 1 }, draw));
}

/** So many of them, each once at the most, at random. */
function pick<Thing>(things: readonly Thing[], count: number, random: () => number): Thing[] {
  const left = [...things];
  for (let at = 0; at < count; at++) {
    const other = at + Math.floor(random() * (left.length - at));
    [left[at], left[other]] = [left[other], left[at]];
  }
  return left.slice(0, count);
}

function tilesOf(z: number, xy: Uint32Array): Tile[] {
  return Array.from({ length: xy.length / 2 }, (_, at) => ({ z, x: xy[at * 2], y: xy[at * 2 + 1] }));
}
