import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { test } from 'node:test';
import type { Knex } from 'knex';
import { Keyring } from '../athletes/keyring.ts';
import { open } from '../athletes/seal.ts';
import { TEST_MASTER_KEY, testDatabase } from '../testing/database.ts';
import { connectAthlete, testSync } from '../testing/strava-sync.ts';
import { recordedOuting } from '../testing/track-files.ts';
import type { NewActivity } from './simulator/activity.ts';
import { UPGRADED_LIMITS } from './simulator/app-settings.ts';
import { type Clock, runningClock } from './simulator/clock.ts';
import { startSimulator } from './simulator/simulator.ts';

const HISTORY: NewActivity[] = Array.from({ length: 32 }, (_, at) => ({
  raw: recordedOuting({
    seed: at,
    name: `Outing ${at}`,
    startedAt: 1_760_000_000 + at * 40_000,
    lng: 7 + at / 50,
  }),
  ...(at % 10 === 4 && { manual: true }),
  ...(at % 10 === 7 && { visibility: 'only_me' as const }),
}));

interface Kill {
  /** The call, and how many of its kind there have been, repeated ones too. */
  at: [RegExp, number];
  /** Milliseconds after the answer; 0: before it is sent. */
  late: number;
}

const KILLS: Kill[] = [
  { at: [/^GET \/athlete\/activities/, 1], late: 0 },
  { at: [/^GET \/athlete\/activities/, 2], late: 12 },
  { at: [/streams/, 9], late: 5 },
  { at: [/streams/, 17], late: 25 },
];

test('killed again and again while it reads, it ends with what one has who was left alone', async () => {
  const whole = await readHistory([]);
  const killed = await readHistory(KILLS);
  assert.equal(whole.runs, 1);
  assert.equal(killed.runs, KILLS.length + 1);
  assert.equal(whole.content.length, 29);
  assert.deepEqual(killed.content, whole.content);
  // what was under way when it died may be asked for again, and nothing else is
  assert.ok(
    killed.calls - whole.calls <= KILLS.length,
    `${killed.calls} calls, ${whole.calls} without a kill`,
  );
  assert.ok(Math.max(...killed.timesRead.values()) <= 2);
});

interface Outcome {
  content: unknown[];
  /** Processes that it took. */
  runs: number;
  calls: number;
  /** How often each recording was asked for. */
  timesRead: Map<string, number>;
}

async function readHistory(kills: readonly Kill[]): Promise<Outcome> {
  const database = await testDatabase();
  const { db } = database;
  let child: ChildProcess | null = null;
  let victim: ChildProcess | null = null;
  const left = [...kills];
  const strava = await startSimulator<Clock>({
    clock: runningClock(),
    athletes: [{ activities: HISTORY }],
    app: { limits: UPGRADED_LIMITS },
    onAnswer: () => {
      const [next] = left;
      if (!next || child === victim || strava.calls.count(next.at[0]) < next.at[1]) return;
      left.shift();
      victim = child;
      const kill = () => victim?.kill('SIGKILL');
      if (next.late === 0) kill();
      else setTimeout(kill, next.late);
    },
  });
  try {
    const sync = await testSync(db, strava, { clock: strava.clock });
    const athleteId = await connectAthlete(sync, strava);
    await sync.close();
    strava.calls.clear();
    let runs = 0;
    for (;;) {
      runs++;
      const { apiUrl, oauthUrl, app } = strava;
      const told = JSON.stringify({ strava: { apiUrl, oauthUrl, app }, time: {} });
      child = fork(new URL('../testing/strava-process.ts', import.meta.url), [database.url, told]);
      const [code, signal] = await once(child, 'exit');
      if (signal === 'SIGKILL') continue;
      assert.equal(code, 0);
      break;
    }
    const timesRead = new Map<string, number>();
    for (const { name } of strava.calls.matching(/streams/)) {
      timesRead.set(name, (timesRead.get(name) ?? 0) + 1);
    }
    return { content: await contentOf(db, athleteId), runs, calls: strava.calls.count(), timesRead };
  } finally {
    await strava.close();
    await database.drop();
  }
}

/** Everything an athlete has, opened, without what differs between two athletes of the same content. */
async function contentOf(db: Knex, athleteId: string): Promise<unknown[]> {
  const key = await new Keyring(db, TEST_MASTER_KEY).dataKey(athleteId);
  const rows = await db('strava_activities as w')
    .leftJoin('recordings as r', (join) =>
      join.on('r.athlete_id', 'w.athlete_id').andOn('r.strava_id', 'w.strava_id'),
    )
    .leftJoin('activities as a', 'a.id', 'r.activity_id')
    .leftJoin('tracks as t', 't.activity_id', 'a.id')
    .where('w.athlete_id', athleteId)
    .whereNot('w.state', 'unseen')
    .orderBy('w.strava_id')
    .select('w.strava_id', 'w.state', 'a.name', 'a.sport', 'a.started_at', 'a.distance', 'a.elapsed')
    .select('r.source', 'r.outline', 't.coarse', 't.fine', 't.point_count');
  const hash = (bytes: Buffer | null) => bytes && createHash('sha256').update(bytes).digest('hex');
  return rows.map(({ name, source, coarse, fine, ...row }) => ({
    ...row,
    name: name && open(key, name, 'activity-name').toString(),
    source: hash(source && open(key, source, 'source')),
    coarse: hash(coarse && open(key, coarse, 'geometry')),
    fine: hash(fine && open(key, fine, 'geometry')),
  }));
}
