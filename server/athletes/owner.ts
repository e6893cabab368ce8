import { createHash, randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import type { Keyring } from './keyring.ts';

/**
 * The athlete whose server this is, and the only one where nobody signs in with Strava; made when there is none, at
 * the first start or after they deleted everything. Answers their id.
 */
export async function localOwner(db: Knex, keyring: Keyring): Promise<string> {
  return (await existingOwner(db)) ?? db.transaction((trx) => makeOwner(trx, keyring));
}

/** The number of an advisory lock; any number, the same in every process. */
const MAKING_OWNER = 7_281_916;

async function makeOwner(trx: Knex.Transaction, keyring: Keyring): Promise<string> {
  // two processes that start at once on one database make one owner; a lock of the table would stop whoever erases the
  // last one, for whose row this waits
  await trx.raw('select pg_advisory_xact_lock(?)', [MAKING_OWNER]);
  const owner = await existingOwner(trx);
  if (owner !== null) return owner;
  await trx('athletes').where({ owner: true }).update({ owner: false });
  const [{ id }] = await trx('athletes').insert({ owner: true }).returning<{ id: string }[]>('id');
  await keyring.create(trx, id);
  return id;
}

/** An athlete whose key is destroyed is on the way out. */
async function existingOwner(db: Knex): Promise<string | null> {
  const owner = await db('athletes as a')
    .join('data_keys as k', 'k.athlete_id', 'a.id')
    .where('a.owner', true)
    .first<{ id: string } | undefined>('a.id');
  return owner?.id ?? null;
}

/** Hours for which a sign-in link works. */
const LINK_HOURS = 24;

/** Makes the key of a link that signs an athlete in, once. Only its hash is stored. */
export async function makeLinkKey(db: Knex, athleteId: string): Promise<string> {
  const key = randomBytes(32).toString('base64url');
  await db('sign_in_links').where('expires_at', '<', db.fn.now()).delete();
  await db('sign_in_links').insert({
    hash: hashOf(key),
    athlete_id: athleteId,
    expires_at: db.raw(`now() + interval '${LINK_HOURS} hours'`),
  });
  return key;
}

/** Whom a link's key signs in; null when it is wrong, was used, or is too old. It works no second time. */
export async function takeLinkKey(db: Knex, key: string): Promise<string | null> {
  const [taken] = await db('sign_in_links')
    .where({ hash: hashOf(key) })
    .where('expires_at', '>', db.fn.now())
    .delete()
    .returning<{ athlete_id: string }[]>('athlete_id');
  return taken?.athlete_id ?? null;
}

/** What is stored of a secret of 256 random bits. */
export function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
