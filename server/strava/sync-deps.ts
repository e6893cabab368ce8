import type { ImportPool } from '../activities/import-pool.ts';
import type { WriteDeps } from '../activities/write.ts';
import type { StravaClient } from './client.ts';
import type { Clock } from './clock.ts';

/** What reading from Strava needs. */
export interface SyncDeps extends WriteDeps {
  client: StravaClient;
  clock: Clock;
  pool: Pick<ImportPool, 'prepareAll'>;
  /** Days after which what the API gave is read again or dropped; null: it is kept. */
  retentionDays: number | null;
  log: { warn(details: object, message: string): void };
}
