/** The made-up athlete in a database, as the write path would have left it, but faster. */
import { createHmac } from 'node:crypto';
import type { Knex } from 'knex';
import { deriveKey, seal } from '../server/athletes/seal.ts';
import { PIPELINE_VERSION } from '../server/heat/pipeline.ts';
import type { IndexedActivity } from '../server/index/athlete-index.ts';
import { testAthlete } from '../server/testing/database.ts';
import type { Athlete } from '../server/testing/store-activities.ts';
import { makeLevels, packGeometry } from '../server/tracks/levels.ts';
import type { BenchActivity } from './athlete.ts';
import { benchActivities } from './athlete.ts';

export interface Stored {
  name: string;
  athlete: Athlete;
  activities: number;
  points: number;
}

/** Writes a made-up athlete, a new one or one who is there; the large one takes a minute or two. */
export async function store(
  db: Knex,
  activities: number,
  points: number,
  athlete?: Athlete,
): Promise<Stored> {
  athlete ??= await testAthlete(db);
  let total = 0;
  let batch: IndexedActivity[] = [];
  const flush = async () => {
    const rows = await db('activities')
      .insert(
        batch.map(({ sport, startedAt }) => ({
          athlete_id: athlete.id,
          provenance: 'upload',
          sport,
          started_at: new Date(startedAt! * 1000),
          commute: false,
          virtual: false,
          revision: 1,
        })),
      )
      .returning('id');
    await db('tracks').insert(
      batch.map(({ tag, coarse, fine }, at) => ({
        activity_id: rows[at].id,
        athlete_id: athlete.id,
        tag,
        pipeline: PIPELINE_VERSION,
        coarse: seal(athlete.key, packGeometry(coarse), 'geometry'),
        fine: seal(athlete.key, packGeometry(fine!), 'geometry'),
        point_count: points,
      })),
    );
    batch = [];
  };
  for (const recorded of benchActivities(activities, points)) {
    total += recorded.track.pointCount;
    batch.push(indexed(athlete.key, recorded));
    if (batch.length === 50) await flush();
  }
  if (batch.length > 0) await flush();
  await db('athletes').where('id', athlete.id).update({ revision: 1 });
  const name = `${activities} activities, ${(total / 1e6).toFixed(1)} M points`;
  return { name, athlete, activities, points: total };
}

/** What the index and the tables hold of an activity. */
export function indexed(key: Buffer, { track, sport, startedAt }: BenchActivity): IndexedActivity {
  const { coarse, fine } = makeLevels(track);
  const tag = createHmac('sha256', deriveKey(key, 'map'))
    .update(coarse)
    .update(fine)
    .digest()
    .subarray(0, 16);
  const labels = { sport, startedAt, commute: false, virtual: false, visibility: 'public' } as const;
  return { activityId: '', tag, coarse, fine, ...labels };
}
