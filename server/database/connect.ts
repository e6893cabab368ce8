import { fileURLToPath } from 'node:url';
import knex, { type Knex } from 'knex';

/** Makes the pool of connections to a PostgreSQL URL; nothing is connected before the first query. */
export function connect(url: string): Knex {
  return knex({
    client: 'pg',
    connection: { connectionString: url, application_name: 'pathglow' },
    // none is kept idle, so that a stopping server has nothing to wait for
    pool: { min: 0, max: 12 },
    acquireConnectionTimeout: 30_000,
    migrations: {
      directory: fileURLToPath(new URL('../../migrations', import.meta.url)),
      loadExtensions: ['.ts'],
      extension: 'ts',
    },
  });
}

/** Any number, the same in every process. */
const MIGRATING = 7_281_914;

/**
 * Brings the schema up to date, or where some migrations are named, as far as those bring it; several processes that
 * start at once do it one after the other.
 */
export async function migrate(db: Knex, only?: readonly string[]): Promise<void> {
  const connection = await db.client.acquireConnection();
  try {
    await db.raw('select pg_advisory_lock(?)', [MIGRATING]).connection(connection);
    try {
      // Knex's own lock outlives a killed process. We hold the real one, so what is left of it is stale.
      if (await db.schema.hasTable('knex_migrations_lock')) await db.migrate.forceFreeMigrationsLock();
      if (only === undefined) await db.migrate.latest();
      else for (const name of only) await db.migrate.up({ name });
    } finally {
      await db.raw('select pg_advisory_unlock(?)', [MIGRATING]).connection(connection);
    }
  } finally {
    await db.client.releaseConnection(connection);
  }
}
