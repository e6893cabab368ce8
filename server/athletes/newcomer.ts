import type { Knex } from 'knex';
import type { Keyring } from './keyring.ts';

/** Makes an athlete with a data key; answers their id. */
export async function makeAthlete(db: Knex, keyring: Keyring): Promise<string> {
  return db.transaction(async (trx) => {
    const [{ id }] = await trx('athletes').insert({}).returning<{ id: string }[]>('id');
    await keyring.create(trx, id);
    return id;
  });
}
