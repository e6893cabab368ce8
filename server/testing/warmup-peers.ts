import assert from 'node:assert/strict';
import { footprintsOf } from '../database/footprint.ts';
import { type Jobs, startJobs } from '../jobs/jobs.ts';
import { renderTile } from '../tiles/render.ts';
import { heatTiles } from '../warmup/heat-tiles.ts';
import { Popularity } from '../warmup/popularity.ts';
import { makeWarmup, type WarmupRequest } from '../warmup/warmup.ts';
import { type TestDatabase, testAthlete } from './database.ts';
import { sampleActivity, seeded } from './sample-activities.ts';
import { storeActivity } from './store-activities.ts';
import { type TestTilesOptions, testTiles } from './tile-service.ts';
import { until } from './until.ts';

const log = { warn: () => {}, debug: () => {} };

type Context = Parameters<typeof testTiles>[0];

/** An athlete of 30 activities, and processes over their database that warm. */
export async function warmupPeers(database: TestDatabase, seed: number) {
  const random = seeded(seed);
  const athlete = await testAthlete(database.db);
  for (let at = 0; at < 30; at++) await storeActivity(database.db, athlete, sampleActivity('', random));

  /** A process that takes part in warm-ups, as the server does; its jobs begin at once unless it is told otherwise. */
  async function peer(t: Context, options: Partial<TestTilesOptions> & { jobs?: boolean } = {}) {
    const { db, url } = database;
    const drawn: string[] = [];
    const { render = async (job) => renderTile(job), ...rest } = options;
    const tiles = await testTiles(t, {
      db,
      athletes: [athlete],
      render: (job) => {
        drawn.push(`${job.tile.z}/${job.tile.x}/${job.tile.y}/${job.size}`);
        return render(job);
      },
      ...rest,
    });
    const dataKey = async () => athlete.key;
    const warn = (message: string) => tiles.warnings.push(message);
    const popularity = new Popularity({ db, dataKey, warn, flushEvery: 1e9 });
    t.after(() => popularity.close());
    const arriving = { now: false };
    const changes: string[] = [];
    const warmup = makeWarmup({
      db,
      dataKey,
      footprints: await footprintsOf(db),
      ...tiles,
      popularity,
      isArriving: async () => arriving.now,
      onChange: (athleteId) => changes.push(athleteId),
      warn,
    });
    let jobs: Jobs | null = null;
    const takeJobs = async () => {
      jobs = await startJobs({ url, kinds: warmup.kinds, patience: 200, log });
    };
    const leaveJobs = async () => {
      await jobs?.stop();
      jobs = null;
    };
    t.after(async () => {
      warmup.close();
      await leaveJobs();
    });
    if (options.jobs !== false) await takeJobs();
    return { ...tiles, ...warmup, popularity, drawn, arriving, changes, takeJobs, leaveJobs };
  }

  const asking = (request: Partial<WarmupRequest> = {}): WarmupRequest => ({
    athlete: athlete.id,
    zooms: [8, 12, 13],
    sizes: [256],
    box: null,
    limit: 1e5,
    ...request,
  });

  async function begin({ start }: Awaited<ReturnType<typeof peer>>, request: Partial<WarmupRequest> = {}) {
    const id = await start(asking(request));
    assert.ok(id);
    return id;
  }

  /** Waits until a warm-up has ended, and answers it. */
  async function ended({ warmups }: Awaited<ReturnType<typeof peer>>, id: string) {
    await until(async () => (await warmups.find(id))!.finishedAt);
    return (await warmups.find(id))!;
  }

  /** Tiles with heat, zoom by zoom, as the index tells. */
  async function countOf({ indexes }: Awaited<ReturnType<typeof peer>>, zooms: number[]) {
    const index = await indexes.current(athlete.id, 'fine');
    let count = 0;
    for (const zoom of zooms) {
      const layer = { zoom, size: 256 as const, areas: null };
      count += (await heatTiles(index, layer, { boxes: null, limit: 1e6 })).length / 2;
    }
    return count;
  }

  return { athlete, asking, peer, begin, ended, countOf };
}
