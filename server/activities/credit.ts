import type { Knex } from 'knex';

/** Whether anything of an athlete's came through Strava's API, whose maps have to say so. */
export async function fromStrava(db: Knex, athleteId: string): Promise<boolean> {
  const { rows } = await db.raw<{ rows: { found: boolean }[] }>(
    `select exists(select from activities where athlete_id = ? and provenance = 'strava_api') as found`,
    [athleteId],
  );
  return rows[0].found;
}
