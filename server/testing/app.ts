/** A whole server, as `npm start` runs it, on a free port and a fresh data folder. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App } from '../app.ts';
import { makeApp } from '../app.ts';
import { readConfig } from '../config.ts';
import type { AppOptions } from '../parts.ts';
import { type TestDatabase, testDatabase } from './database.ts';

export interface TestServer {
  app: App;
  /** Without a slash at the end. */
  origin: string;
  /** Signs the owner in, once. */
  link: string;
  dataDir: string;
  databaseUrl: string;
  /** Signed in: the header that says so. */
  signIn(): Promise<{ cookie: string }>;
  close(): Promise<void>;
}

/**
 * Starts a server; `env` overrides settings. Its database is the tests' unless `env` says otherwise. Its tiles never give
 * way to anything, since the machine that tests run on may be busy with others.
 */
export async function testServer(env: NodeJS.ProcessEnv = {}, options: AppOptions = {}): Promise<TestServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'pathglow-app-'));
  let database: TestDatabase | null = null;
  if (env.DATABASE_URL === undefined) database = await testDatabase();
  const clean = async () => {
    await database?.drop();
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    const app = await makeApp(
      readConfig({ DATA_DIR: dataDir, PORT: '0', LOG_LEVEL: 'warn', DATABASE_URL: database?.url, ...env }),
      { longestDelay: 0, ...options },
    );
    await app.listen();
    const origin = app.url();
    return {
      app,
      origin,
      link: await app.signInLink(),
      dataDir,
      databaseUrl: database?.url ?? env.DATABASE_URL!,
      async signIn() {
        const answer = await fetch(await app.signInLink(), { redirect: 'manual' });
        const [cookie = ''] = answer.headers.getSetCookie();
        return { cookie: cookie.split(';')[0] };
      },
      async close() {
        await app.close();
        await clean();
      },
    };
  } catch (error) {
    await clean();
    throw error;
  }
}
