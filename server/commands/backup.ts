import { Keyring } from '../athletes/keyring.ts';
import { existingMasterKey } from '../athletes/master-key.ts';
import type { Config } from '../config.ts';
import { backUp } from '../database/backup.ts';
import { restore } from '../database/restore.ts';
import { doubtTokens } from '../strava/accounts.ts';
import { version } from '../version.ts';
import { withDatabase, withOwnDatabase } from './with-database.ts';

/** Writes the database into a new folder, while servers go on working. */
export async function backUpInto(config: Config, folder: string): Promise<void> {
  const { tables } = await withDatabase(config, (db) => backUp(db, { folder, version }));
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  console.log(
    `${rows} rows of ${tables.length} tables are in ${folder}. Keep its folder "keys" apart, for as long as what was ` +
      'deleted may still be read, and the master key apart from both.',
  );
}

/** Fills an empty installation from such a folder; no server may run. */
export async function restoreFrom(config: Config, folder: string): Promise<void> {
  const masterKey = config.masterKey ?? (await existingMasterKey(config.dataDir));
  if (masterKey === null) {
    throw new Error(
      `The master key is missing: set PATHGLOW_MASTER_KEY, or copy the file master.key to ${config.dataDir}.`,
    );
  }
  const rows = await withOwnDatabase(config, (db) =>
    restore(db, {
      folder,
      async check(trx) {
        await new Keyring(trx, masterKey).check();
        await doubtTokens(trx);
      },
    }),
  );
  console.log(`${rows} rows were restored. Sign in anew: sessions are not in a backup.`);
}
