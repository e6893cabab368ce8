/** One more activity for an athlete who has thousands. */
import { Readable } from 'node:stream';
import type { Tile, TileSize } from '../server/geo/tile.ts';
import type { IndexedActivity } from '../server/index/athlete-index.ts';
import { AthleteIndex } from '../server/index/athlete-index.ts';
import { EVERYTHING } from '../server/index/filter.ts';
import { listenForNotices } from '../server/index/notices.ts';
import { windowOf } from '../server/index/window.ts';
import { storeActivity } from '../server/testing/store-activities.ts';
import { TileCache } from '../server/tiles/cache.ts';
import type { FoundTile, TileRequest, TileService } from '../server/tiles/service.ts';
import { benchActivities } from './athlete.ts';
import { pyramidAlong, viewportAtHome } from './places.ts';
import { indexed, type Stored } from './stored.ts';
import type { Table } from './table.ts';
import { newPool, type Parts, quiet, RENDER_THREADS, serviceOver } from './tile-parts.ts';

const filter = EVERYTHING;

/** How soon an outing is on the map once it is stored, and which tiles it changes. */
export async function oneNewActivity(parts: Parts, { name, athlete }: Stored, times: number): Promise<Table> {
  const { db, url } = parts;
  const pool = newPool(db, [athlete]);
  const service = serviceOver(parts, pool, new TileCache({ memoryLimit: 2 ** 29, warn: quiet }));
  const { promise: listening, resolve } = Promise.withResolvers<void>();
  let heard = Promise.withResolvers<void>();
  const stop = listenForNotices({
    url,
    onRevision: (athleteId, revision) => {
      pool.noticed(athleteId, revision);
      heard.resolve();
    },
    onResumed: resolve,
    warn: quiet,
  });
  await listening;
  const ask = (tile: Tile) => ({
    athleteId: athlete.id,
    geometry: 'own' as const,
    tile,
    size: 256 as TileSize,
    filter,
  });
  const viewport = viewportAtHome();
  const rows: Table['rows'] = [];
  for (const recorded of benchActivities(times, 4000, 77)) {
    const activity = indexed(athlete.key, recorded);
    const known = pyramidAlong(recorded).map(ask);
    const before = await Promise.all(known.map((request) => service.address(request)));
    const touched = touchedBy(activity, known);
    const pictures = await drawn(service, touched);
    await Promise.all(viewport.map((tile) => service.get({ ...ask(tile), size: 512 })));

    heard = Promise.withResolvers<void>();
    await storeActivity(db, athlete, activity);
    const committed = performance.now();
    await heard.promise;
    await pool.current(athlete.id, 'fine');
    const current = performance.now() - committed;
    const view = await Promise.all(viewport.map((tile) => service.get({ ...ask(tile), size: 512 })));
    const fresh = performance.now() - committed;
    const rendered = view.filter(({ from }) => from === 'render').length;

    const after = await Promise.all(known.map((request) => service.address(request)));
    const changed = known.filter((_, at) => before[at] !== after[at]).length;
    if (changed !== touched.length)
      throw new Error(`${changed} tiles changed, ${touched.length} are touched`);
    const later = await drawn(service, touched);
    const same = later.filter(({ png }, at) => png.equals(pictures[at].png)).length;
    const counts = [rows.length + 1, viewport.length, rendered].map(String);
    rows.push([
      ...counts,
      current,
      fresh,
      ...[known.length, changed, same].map(String),
      (100 * same) / changed,
    ]);
  }
  await stop();
  return {
    title: `One new activity, ${name}`,
    note:
      'A viewport of 512-px tiles at z 11 is known before it comes. Milliseconds from its commit until the index has it ' +
      '(the notice and reading it included), and until every tile of the viewport is answered afresh, those that changed ' +
      'rendered by two threads. Then all tiles of z 0 to 20 within a tile of the new line: how many changed their ' +
      'address, and how many of those show the same pixels as before.',
    columns: [
      'activity',
      'viewport',
      'rendered',
      'current, ms',
      'fresh, ms',
      'tiles along it',
      'changed',
      'same pixels',
      '%',
    ],
    rows,
  };
}

/** All of them, few at a time: so many that wait would be told to come again. */
function drawn(service: TileService, requests: readonly TileRequest[]): Promise<FoundTile[]> {
  return Readable.from(requests)
    .map((request: TileRequest) => service.get(request), { concurrency: RENDER_THREADS + 1 })
    .toArray();
}

function touchedBy<Asked extends { tile: Tile }>(activity: IndexedActivity, known: Asked[]): Asked[] {
  const alone = new AthleteIndex();
  alone.add(activity);
  return known.filter(({ tile }) => alone.touching(windowOf(tile, 256), filter).count > 0);
}
