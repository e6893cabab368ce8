/** Which activities pass a place: the search of the R-tree, and the whole answer with names from the database. */
import { passingBy } from '../server/activities/near.ts';
import { seal } from '../server/athletes/seal.ts';
import { worldXToLng, worldYToLat } from '../server/geo/mercator.ts';
import type { AthleteIndex } from '../server/index/athlete-index.ts';
import { EVERYTHING } from '../server/index/filter.ts';
import { drawnLevel, type Place, windowsAt } from '../server/index/near.ts';
import { IndexPool } from '../server/index/pool.ts';
import { testDatabase } from '../server/testing/database.ts';
import { seeded } from '../server/testing/sample-activities.ts';
import { spread } from './measure.ts';
import { store } from './stored.ts';
import type { Table } from './table.ts';

const ZOOMS = [0, 5, 9, 11, 13, 15, 17, 20];
const LIMIT = 50;
/** Of a finger. */
const PX = 8;

export async function nearBench({ smoke }: { smoke: boolean }): Promise<Table[]> {
  const database = await testDatabase();
  try {
    const { db } = database;
    const { name, athlete, activities } = await store(db, smoke ? 60 : 20_000, smoke ? 300 : 500);
    const sealed = seal(athlete.key, Buffer.from('Evening ride round the lake'), 'activity-name');
    await db('activities').where({ athlete_id: athlete.id }).update({ name: sealed });
    const dataKey = async () => athlete.key;
    const indexes = new IndexPool({ db, dataKey, memoryLimit: 2 ** 31, warn: () => {} });
    const index = await indexes.current(athlete.id, 'fine');
    const deps = { db, indexes, dataKey, stravaWebsite: 'https://www.strava.com' };
    const ids = await db('activities').where({ athlete_id: athlete.id }).pluck<string[]>('id');
    const random = seeded(8);
    const rows: Table['rows'] = [];
    for (const zoom of ZOOMS) {
      const searches: number[] = [];
      const answers: number[] = [];
      let passing = 0;
      const runs = smoke ? 5 : 200;
      for (let run = -10; run < runs; run++) {
        const place = placeOn(index, ids[Math.floor(random() * activities)], zoom, random);
        let start = performance.now();
        for (const window of windowsAt(place)) index.near(window, EVERYTHING);
        const search = performance.now() - start;
        start = performance.now();
        const { count } = await passingBy(deps, athlete.id, { place, filter: EVERYTHING, limit: LIMIT });
        if (run < 0) continue;
        searches.push(search);
        answers.push(performance.now() - start);
        passing += count / runs;
      }
      const [found, answered] = [spread(searches), spread(answers)];
      rows.push([String(zoom), passing, found.median, found.p99, answered.median, answered.p99]);
    }
    return [
      {
        title: `Which activities pass a place, ${name}`,
        note:
          `Milliseconds. Places on the lines of activities taken at random, ${PX} px of tolerance: the search of the ` +
          `R-tree alone, on the main thread, then the whole answer with the latest ${LIMIT} names from the database.`,
        columns: ['zoom', 'activities', 'search p50', 'p99', 'answer p50', 'p99'],
        rows,
      },
    ];
  } finally {
    await database.drop();
  }
}

function placeOn(index: AthleteIndex, id: string, zoom: number, random: () => number): Place {
  const [line] = index.lines(id, drawnLevel(zoom))!;
  const at = Math.floor((random() * line.length) / 2) * 2;
  return { lng: worldXToLng(line[at]), lat: worldYToLat(line[at + 1]), zoom, px: PX };
}
