/** Strava: what reading a history costs, and how soon it is on the map, at the limits of a new application. */
import { pump } from '../server/strava/pump.ts';
import type { NewActivity } from '../server/strava/simulator/activity.ts';
import { DEFAULT_LIMITS, type Limits } from '../server/strava/simulator/app-settings.ts';
import { type ManualClock, manualClock } from '../server/strava/simulator/clock.ts';
import { demoHistory } from '../server/strava/simulator/history.ts';
import { type Simulator, startSimulator } from '../server/strava/simulator/simulator.ts';
import { testDatabase } from '../server/testing/database.ts';
import { connectAthlete, isAllRead, testSync } from '../server/testing/strava-sync.ts';
import { type Reading, readNaively } from './naive-strava.ts';
import { freshTile } from './strava-news.ts';
import type { Table } from './table.ts';

/** Simulated milliseconds until Strava has answered a call. */
const ANSWER = 300;
const PER_PAGE = 200;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Limits for the smoke run: some quarters of an hour, and a night, pass with few activities too. */
const SMALL: Limits = { overall: [20, 40], read: [10, 20] };

export async function stravaBench({ smoke }: { smoke: boolean }): Promise<Table[]> {
  const history = [...demoHistory({ activities: smoke ? 24 : 1082 })].map((activity) => ({
    ...activity,
    visibility: 'everyone' as const,
  }));
  // one server for all
  const database = await testDatabase();
  try {
    return [
      await wholeHistory(history, smoke ? SMALL : DEFAULT_LIMITS),
      await freshTile(
        smoke ? { activities: 60, points: 300, runs: 2 } : { activities: 5000, points: 1000, runs: 20 },
      ),
    ];
  } finally {
    await database.drop();
  }
}

async function wholeHistory(history: NewActivity[], limits: Limits): Promise<Table> {
  const rows: Table['rows'] = [];
  let least = 0;
  for (const [name, read] of [
    ['Pathglow, told of news by the webhook', (strava, clock) => readOurs(strava, clock, true)],
    ['Pathglow, polling', (strava, clock) => readOurs(strava, clock, false)],
    ['as fast as it goes, a pause after each 429', readNaively],
  ] as [string, (strava: Simulator, clock: ManualClock) => Promise<Reading>][]) {
    const clock = manualClock();
    const strava = await startSimulator({
      clock,
      athletes: [{ activities: history }],
      app: { limits },
      onAnswer: ({ cost }) => {
        if (cost !== 'none') clock.advance(ANSWER);
      },
    });
    const began = performance.now();
    const { startedAt, firstAt, firstAfter, lastAt } = await read(strava, clock);
    const seconds = (performance.now() - began) / 1000;
    const calls = strava.calls.all.filter(({ cost }) => cost !== 'none').length;
    least = leastCalls(strava);
    rows.push([
      name,
      calls,
      (calls / least - 1) * 100,
      strava.calls.answered(429),
      (firstAt - startedAt + firstAfter) / 1000,
      (lastAt - startedAt) / HOUR,
      seconds,
    ]);
    await strava.close();
  }
  return {
    title: `Reading ${history.length} activities from Strava`,
    note:
      `At ${limits.read.join(' and ')} reads a quarter of an hour and a day, against the bundled simulator on a clock that ` +
      `skips what is waited for: each answer takes ${ANSWER} ms of it, from 8:03 UTC on. The least possible is ${least} ` +
      `calls: the list in pages of ${PER_PAGE} and its empty end, and one call for each activity that has a way. The first ` +
      "picture is of the list's outlines, the fast client's of its first recording; the time for it has the work of this " +
      'machine in it, which the last column has for everything.',
    columns: [
      'client',
      'calls',
      '% over the least',
      '429s',
      'first picture, s',
      'last recording, h',
      'real s',
    ],
    rows,
  };
}

/** The list, and a recording for each activity whose row shows a way. */
function leastCalls(strava: Simulator): number {
  const activities = strava.accounts.activitiesOf(strava.athletes[0].id);
  const recorded = activities.filter((one) => one.recorded?.lat);
  return Math.ceil(activities.length / PER_PAGE) + 1 + recorded.length;
}

/** As the product does it, until every recording is read. */
async function readOurs(strava: Simulator, clock: ManualClock, told: boolean): Promise<Reading> {
  const database = await testDatabase();
  const { db } = database;
  let [began, firstAt, firstAfter] = [0, 0, 0];
  const sync = await testSync(db, strava, {
    clock,
    told,
    changed: async () => {
      if (firstAt > 0 || !(await db('tracks').first('activity_id'))) return;
      firstAt = clock.now();
      firstAfter = performance.now() - began;
    },
  });
  try {
    await connectAthlete(sync, strava);
    const startedAt = clock.now();
    began = performance.now();
    const { signal } = new AbortController();
    for (;;) {
      const next = await pump(sync, signal);
      if (await isAllRead(db)) break;
      if (next === null) throw new Error(`nothing is due, and not all is read: ${sync.warnings.join('\n')}`);
      clock.advance(Math.max(0, next - clock.now()));
    }
    if (sync.warnings.length > 0) throw new Error(sync.warnings.join('\n'));
    const lastAt = strava.calls.matching(/streams/).at(-1)!.at + ANSWER;
    return { startedAt, firstAt, firstAfter, lastAt };
  } finally {
    await sync.close();
    await database.drop();
  }
}
