import type { Knex } from 'knex';
import { runImport } from './activities/import.ts';
import { alone } from './activities/import-lock.ts';
import { hasOutdatedTracks, rebuildTracks } from './activities/rebuild.ts';
import { resumeImports } from './activities/submit.ts';
import { erase } from './athletes/deletion.ts';
import { UnknownAthlete } from './athletes/keyring.ts';
import { enqueue, type Kinds, startJobs } from './jobs/jobs.ts';
import type { Opened, Parts } from './parts.ts';
import { publish, resumePublishing } from './privacy/publish.ts';

/** Seconds after which public geometry is looked for again that another job may have missed. */
const PUBLISH_AGAIN = 2;

/** What the queue is asked for elsewhere. */
export type Work = Awaited<ReturnType<typeof startWork>>;

/** Takes jobs off the queue, and queues what an earlier process left. */
export async function startWork(parts: Parts, opened: Opened) {
  const { url, db, server, imports, spool, enqueuePublishing, strava } = parts;
  const jobs = await startJobs({
    url,
    kinds: kindsOf(parts),
    // whose it was is deleted
    isMoot: (error) => error instanceof UnknownAthlete,
    log: server.log,
  });
  opened.push(() => jobs.stop());
  const enqueueImport = (trx: Knex, importId: string) =>
    enqueue(trx, 'import', { importId }, `import:${importId}`);
  const enqueueRebuild = (all: boolean) => enqueue(db, 'rebuild', { all }, 'rebuild');
  if (await hasOutdatedTracks(db)) await enqueueRebuild(false);
  await resumePublishing(db, enqueuePublishing);
  await strava?.wake();
  await resumeImports({ db, imports, spool, enqueue: enqueueImport });

  return { enqueueImport, enqueueRebuild };
}

/** Every kind of job. */
function kindsOf(parts: Parts): Kinds {
  const { db, enqueuePublishing, warmup, importDeps, erasure, shareStravaApi, strava } = parts;
  return {
    ...warmup.kinds,
    import: {
      handle: ({ importId }, signal) => runImport(importDeps, importId, signal),
      // one keeps all threads busy
      concurrency: 1,
    },
    rebuild: {
      handle: async ({ all }, signal) => {
        await alone(db, 'rebuild', async () => {
          await rebuildTracks(importDeps, { all }, signal);
        });
      },
      concurrency: 1,
    },
    erasure: { handle: ({ athleteId }) => erase(erasure, athleteId), concurrency: 1 },
    publish: {
      handle: async ({ athleteId }, signal) => {
        const deps = { ...importDeps, shareStravaApi };
        const made = await alone(db, `publish:${athleteId}`, () => publish(deps, athleteId, signal));
        // another job makes it, and may just have missed what this one is for
        if (!made) await enqueuePublishing(db, athleteId, PUBLISH_AGAIN);
      },
      concurrency: 2,
    },
    strava: {
      handle: async (_payload, signal) => {
        await strava?.run(signal);
      },
      // one process at a time does what there is
      concurrency: 1,
      // finds what a process that was killed left
      ...(strava && { schedule: { match: '* * * * *', payload: {} } }),
    },
  };
}
