import type { Knex } from 'knex';

/** PostgreSQL's codes for what it gave up for the sake of another transaction. */
const GIVEN_UP = new Set(['40001', '40P01']);
const TRIES = 3;

/**
 * Runs a transaction, and runs it again where PostgreSQL gave it up to end a deadlock: then nothing of it is left. So
 * the body does nothing but what the transaction does.
 */
export async function transact<T>(db: Knex, body: (trx: Knex.Transaction) => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await db.transaction(body);
    } catch (error) {
      const { code = '' } = error as { code?: string };
      if (tried === TRIES || !GIVEN_UP.has(code)) throw error;
    }
  }
}
