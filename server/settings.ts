import type { Knex } from 'knex';
import { type HiddenEnds, readHiddenEnds } from './privacy/hiding.ts';
import { listZones, type ZoneWords } from './privacy/zones.ts';
import type { Share, Shares } from './shares/shares.ts';

export interface SettingsDeps {
  db: Knex;
  dataKey(athleteId: string): Promise<Buffer>;
  shares: Pick<Shares, 'list'>;
}

/** What an athlete has settled, as an export tells it: nothing of it opens anything. */
export interface Settings {
  /** Metres. */
  hiddenEnds: HiddenEnds;
  /** Degrees and metres. */
  zones: ZoneWords[];
  /** Without their keys, which nobody has but who was given them. */
  shares: Omit<Share, 'id'>[];
}

/** Throws UnknownAthlete. */
export async function settingsOf(
  { db, dataKey, shares }: SettingsDeps,
  athleteId: string,
): Promise<Settings> {
  const zones = await listZones(db, athleteId, await dataKey(athleteId));
  return {
    hiddenEnds: await readHiddenEnds(db, athleteId),
    zones: zones.map(({ id: _, ...words }) => words),
    shares: (await shares.list(athleteId)).map(({ id: _, ...words }) => words),
  };
}
