/** What scripts do with Strava's API: fetch as fast as it answers, and after a 429 wait a quarter of an hour. */
import type { ManualClock } from '../server/strava/simulator/clock.ts';
import type { Simulator } from '../server/strava/simulator/simulator.ts';
import { hear, stravaSession, token } from '../server/testing/strava-session.ts';

const QUARTER = 15 * 60_000;
const PER_PAGE = 200;

/** Simulated Unix milliseconds. */
export interface Reading {
  startedAt: number;
  /** When there was something to draw. */
  firstAt: number;
  /** Milliseconds of the world until then. */
  firstAfter: number;
  /** When the last recording was read. */
  lastAt: number;
}

/** Reads the list, then every recording, the newest first. */
export async function readNaively(strava: Simulator, clock: ManualClock): Promise<Reading> {
  let { accessToken, refreshToken } = await stravaSession(strava);
  const startedAt = clock.now();
  const began = performance.now();

  const get = async (path: string): Promise<unknown> => {
    for (;;) {
      const headers = { authorization: `Bearer ${accessToken}` };
      const { status, body } = await hear(strava.apiUrl + path, { headers });
      if (status === 200) return body;
      if (status === 404) return null;
      if (status === 401) {
        const fresh = await token(strava, { grant_type: 'refresh_token', refresh_token: refreshToken });
        ({ access_token: accessToken, refresh_token: refreshToken } = fresh.body as Record<string, string>);
      } else if (status === 429) {
        clock.advance(QUARTER);
      } else {
        throw new Error(`the simulator answered ${status}`);
      }
    }
  };

  const ids: number[] = [];
  for (let page = 1; ; page++) {
    const rows = (await get(`/athlete/activities?per_page=${PER_PAGE}&page=${page}`)) as { id: number }[];
    if (rows.length === 0) break;
    ids.push(...rows.map(({ id }) => id));
  }
  let [firstAt, firstAfter] = [0, 0];
  for (const id of ids) {
    const streams = await get(`/activities/${id}/streams?keys=time,latlng&key_by_type=true`);
    if (streams === null || firstAt > 0) continue;
    firstAt = clock.now();
    firstAfter = performance.now() - began;
  }
  return { startedAt, firstAt, firstAfter, lastAt: clock.now() };
}
