/**
 * A whole server as a process of its own, for the soak. It sends its origin and a cookie that is signed in, then once a
 * second the memory it takes, in bytes; it ends when its parent lets go of it.
 */
import { testServer } from '../server/testing/app.ts';

const { DATABASE_URL, PATHGLOW_MASTER_KEY } = process.env;
const server = await testServer({
  DATABASE_URL,
  PATHGLOW_MASTER_KEY,
  LOG_LEVEL: 'error',
  CACHE_MEMORY_MB: '48',
  RENDER_WORKERS: '2',
});
process.send?.({ origin: server.origin, ...(await server.signIn()) });
const telling = setInterval(() => {
  globalThis.gc?.();
  process.send?.({ memory: process.memoryUsage().rss });
}, 1000);
process.once('disconnect', async () => {
  clearInterval(telling);
  await server.close();
  process.exit(0);
});
