import { Piscina } from 'piscina';
import type { SquareJob } from './render.ts';
import type { Render } from './render-queue.ts';

/** Threads that draw. */
export interface RenderThreads {
  render: Render;
  /** See renderTones. */
  renderTones(job: SquareJob): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** Worker threads that draw tiles; as many jobs as threads should be given to them at once. */
export function renderThreads(count: number): RenderThreads {
  const threads = new Piscina({
    filename: new URL('./render-worker.ts', import.meta.url).href,
    minThreads: count,
    maxThreads: count,
    name: 'default',
  });
  return {
    render: (job) => threads.run(job),
    renderTones: (job) => threads.run(job, { name: 'tones' }),
    close: () => threads.destroy(),
  };
}
