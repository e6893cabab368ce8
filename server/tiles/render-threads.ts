import { Piscina } from 'piscina';
import type { Render } from './render-queue.ts';

/** Worker threads that draw tiles; as many jobs as threads should be given to them at once. */
export function renderThreads(count: number): { render: Render; close(): Promise<void> } {
  const threads = new Piscina({
    filename: new URL('./render-worker.ts', import.meta.url).href,
    minThreads: count,
    maxThreads: count,
    name: 'default',
  });
  return {
    render: (job) => threads.run(job),
    close: () => threads.destroy(),
  };
}
