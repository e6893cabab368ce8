import type { Knex } from 'knex';
import { beliefPassed } from './belief.ts';

/** A session as its athlete sees it; times in Unix seconds. */
export interface ListedSession {
  id: string;
  /** Which, roughly; null where it is none we know. */
  browser: string | null;
  createdAt: number;
  /** Within some minutes. */
  usedAt: number;
  expiresAt: number;
  /** The one that asks. */
  current: boolean;
}

/** An athlete's sessions, the one used last first. `current`: the hash of the one that asks. */
export async function listSessions(db: Knex, athleteId: string, current: Buffer): Promise<ListedSession[]> {
  const { rows } = await db.raw<{ rows: ListedSession[] }>(
    `select id, browser, extract(epoch from created_at)::float8 as "createdAt",
       extract(epoch from used_at)::float8 as "usedAt", extract(epoch from expires_at)::float8 as "expiresAt",
       hash = :current as current
     from sessions where athlete_id = :athleteId and expires_at > now()
     order by hash = :current desc, used_at desc, id`,
    { athleteId, current },
  );
  return rows;
}

/** Ends one session; resolves when no process believes in it. False when this athlete has no such session. */
export async function endSession(db: Knex, athleteId: string, id: string): Promise<boolean> {
  const ended = await db('sessions').where({ id, athlete_id: athleteId }).delete();
  if (ended > 0) await beliefPassed();
  return ended > 0;
}

/** Signs an athlete out everywhere, with links to sign in that nobody has opened yet. Resolves as `endSession`. */
export async function endAllSessions(db: Knex, athleteId: string): Promise<void> {
  await db.transaction(async (trx) => {
    // in the order in which a deletion takes them
    for (const table of ['sessions', 'sign_in_links'])
      await trx(table).where({ athlete_id: athleteId }).delete();
  });
  await beliefPassed();
}
