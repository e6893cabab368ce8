import type { Knex } from 'knex';

/** Finds what is due with Strava without reading what is done. */
export async function up(db: Knex): Promise<void> {
  await db.raw('create index strava_events_due on strava_events (athlete_id) where handled_at is null');
  await db.raw('create index strava_activities_missing on strava_activities (athlete_id) where missing');
  await db.raw(`create index strava_activities_read on strava_activities (athlete_id, (coalesce(fetched_at, seen_at)))
    where state <> 'unseen'`);
}

export async function down(): Promise<void> {
  throw new Error('migrations only go forward');
}
