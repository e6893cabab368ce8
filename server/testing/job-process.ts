/** A process of its own that takes an import and never ends it: to be killed. Argument: the database's URL. */
import { startJobs } from '../jobs/jobs.ts';

await startJobs({
  url: process.argv[2],
  kinds: {
    import: {
      handle: () => {
        process.send?.('taken');
        return new Promise(() => {});
      },
      concurrency: 1,
    },
  },
  patience: 200,
  log: { warn: () => {}, debug: () => {} },
});
