import type { Knex } from 'knex';
import { UnknownAthlete } from './keyring.ts';

/**
 * Keeps an athlete from being deleted until the transaction ends; throws UnknownAthlete for one who is. It comes before
 * every other lock on what is theirs: deletion locks in this order, and where two lock in different orders each can
 * wait for the other.
 */
export async function holdAthlete(trx: Knex.Transaction, athleteId: string): Promise<void> {
  const held = await trx('athletes').where({ id: athleteId }).forKeyShare().first('id');
  if (!held) throw new UnknownAthlete(athleteId);
}
