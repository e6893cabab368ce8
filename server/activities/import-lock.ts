import type { Knex } from 'knex';

/**
 * Runs `body` while this process alone holds the lock of that name; false, without running it, when another
 * holds it. PostgreSQL's advisory lock of a session of its own: it ends with the process, however that ends,
 * so that work left behind is known from work under way.
 */
export async function alone(db: Knex, name: string, body: () => Promise<void>): Promise<boolean> {
  const connection = await db.client.acquireConnection();
  try {
    const { rows } = await db
      .raw<{ rows: { held: boolean }[] }>('select pg_try_advisory_lock(hashtextextended(?, 0)) as held', [
        name,
      ])
      .connection(connection);
    if (!rows[0].held) return false;
    try {
      await body();
      return true;
    } finally {
      await db.raw('select pg_advisory_unlock(hashtextextended(?, 0))', [name]).connection(connection);
    }
  } finally {
    await db.client.releaseConnection(connection);
  }
}
