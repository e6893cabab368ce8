import type { Knex } from 'knex';
import { Wrapping } from './wrapping.ts';

/**
 * Changing the master key while servers run. First each of the two keys is stored sealed by the other: a server that
 * knows one of them opens what either wrapped. Then every data key is wrapped anew, some at a time; whoever is
 * interrupted goes on where it was. When no server works with the old key any more, it is forgotten.
 */

/** Data keys wrapped in one transaction. */
const BATCH = 100;

/** Wraps all data keys anew; answers how many there were to do. `masterKey` is what they were wrapped with. */
export async function rotate(
  db: Knex,
  masterKey: Buffer,
  newKey: Buffer,
  onBatch: () => Promise<void> | void = () => {},
): Promise<number> {
  const [before, after] = [new Wrapping(masterKey), new Wrapping(newKey)];
  if (before.id.equals(after.id)) throw new Error('The new master key is the present one.');
  await db('master_keys')
    .insert([
      { master_id: after.id, sealed_by: before.id, sealed: before.hide(after) },
      { master_id: before.id, sealed_by: after.id, sealed: after.hide(before) },
    ])
    .onConflict(['master_id', 'sealed_by'])
    .ignore();
  let done = 0;
  for (;;) {
    const count = await wrapSome(db, before, after);
    if (count === 0) return done;
    done += count;
    await onBatch();
  }
}

/**
 * Forgets all master keys but this one: call it when no server works with another any more. Wraps anew what such a
 * server wrapped since. Answers whether there was anything to forget.
 */
export async function forgetOthers(db: Knex, masterKey: Buffer): Promise<boolean> {
  const mine = new Wrapping(masterKey);
  const others = await db('master_keys').where({ sealed_by: mine.id }).pluck<Buffer[]>('sealed');
  for (const sealed of others) while ((await wrapSome(db, mine.reveal(sealed), mine)) > 0);
  return db.transaction(async (trx) => {
    await trx.raw('lock table data_keys in share mode');
    const left = await trx('data_keys').whereNot({ master_id: mine.id }).first('athlete_id');
    if (left) throw new Error('There are keys that this master key does not open; nothing was forgotten.');
    return (await trx('master_keys').delete()) > 0;
  });
}

async function wrapSome(db: Knex, before: Wrapping, after: Wrapping): Promise<number> {
  return db.transaction(async (trx) => {
    const rows = await trx('data_keys')
      .where({ master_id: before.id })
      .orderBy('athlete_id')
      .limit(BATCH)
      .forUpdate()
      .select<{ athlete_id: string; wrapped: Buffer }[]>('athlete_id', 'wrapped');
    for (const { athlete_id: athleteId, wrapped } of rows) {
      const fresh = after.wrap(athleteId, before.unwrap(athleteId, wrapped));
      await trx('data_keys').where({ athlete_id: athleteId }).update({ wrapped: fresh, master_id: after.id });
    }
    return rows.length;
  });
}
