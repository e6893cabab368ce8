import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';
import type { ReadResult, ReadTask } from './import-worker.ts';
import type { Drawing, Prepared } from './prepare.ts';
import type { PrepareTask } from './prepare-all.ts';
import type { Hiding } from './public-drawing.ts';
import type { RedrawTask } from './redraw.ts';

/** The threads that read and draw recordings, shared by all imports of this process. */
export interface ImportPool {
  readonly threads: number;
  read(task: ReadTask, signal: AbortSignal): Promise<ReadResult>;
  /** Everything drawn of a stored track; rejects where that is damaged. */
  redraw(task: RedrawTask, signal: AbortSignal): Promise<Drawing | null>;
  /** Makes recordings ready that are in memory. */
  prepareAll(task: PrepareTask, signal: AbortSignal): Promise<Prepared[]>;
  /** What others see of a stored track; rejects where that is damaged. */
  redrawPublic(
    task: RedrawTask & { hiding: Hiding },
    signal: AbortSignal,
  ): Promise<Omit<Drawing, 'bounds'> | null>;
  close(): Promise<void>;
}

/**
 * What one thread may take. A file that wants more ends its thread and is reported; without a bound of its own
 * the heap would be let grow with the machine's memory. `--max-semi-space-size`, where Node was started with it, has the
 * last word on the young part.
 */
const HEAP_MB = 160;
const YOUNG_MB = 16;

export function makeImportPool(threads = Math.min(4, availableParallelism())): ImportPool {
  const pool = new Piscina({
    filename: new URL('./import-worker.ts', import.meta.url).href,
    minThreads: 0,
    maxThreads: threads,
    idleTimeout: 10_000,
    // a tile that somebody waits for goes first
    niceIncrement: process.platform === 'linux' ? 10 : 0,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB, maxYoungGenerationSizeMb: YOUNG_MB },
  });
  // Each task's own promise tells of its thread's end; without a listener here the event would throw.
  pool.on('error', () => {});
  return {
    threads,
    async read(task, signal) {
      try {
        return await pool.run(task, { signal });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ERR_WORKER_OUT_OF_MEMORY') throw error;
        return { kind: 'failed', code: 'too_large', message: 'it takes more memory than one file may' };
      }
    },
    redraw: (task, signal) => pool.run(task, { name: 'redraw', signal }),
    prepareAll: (task, signal) => pool.run(task, { name: 'prepareAll', signal }),
    redrawPublic: (task, signal) => pool.run(task, { name: 'redrawPublic', signal }),
    close: () => pool.destroy(),
  };
}
