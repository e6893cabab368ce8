import { renewMasterKey } from '../athletes/master-key.ts';
import { forgetOthers, rotate } from '../athletes/rotation.ts';
import type { Config } from '../config.ts';
import { FolderInUse } from '../data-folder.ts';
import { runningServer } from './handover.ts';
import { withDatabase, withOwnDatabase } from './with-database.ts';

/**
 * Changes the master key. Where it is kept in the data folder, in one step. Where it is given in the environment, in
 * two: with PATHGLOW_NEW_MASTER_KEY the data keys follow; without it, once every server was started with the new key,
 * the old one is forgotten.
 */
export async function rotateMasterKey(config: Config): Promise<void> {
  const { masterKey, newMasterKey, dataDir, databaseUrl } = config;
  if (masterKey === null) {
    if (databaseUrl !== null) {
      throw new Error(
        `Other servers may work on this database, with files of their own: put what is in ${dataDir}/master.key into ` +
          'PATHGLOW_MASTER_KEY of each first.',
      );
    }
    await renewInFolder(config);
    console.log(
      `The master key in ${dataDir} is a new one. Keep a copy of it; the old one opens old backups only.`,
    );
    return;
  }
  if (newMasterKey !== null) {
    const count = await withDatabase(config, (db) => rotate(db, masterKey, newMasterKey));
    console.log(
      `${count} keys were wrapped anew. Start every server with the new key in PATHGLOW_MASTER_KEY, one after the ` +
        'other, then run this again with it and without PATHGLOW_NEW_MASTER_KEY.',
    );
    return;
  }
  const forgot = await withDatabase(config, (db) => forgetOthers(db, masterKey));
  if (!forgot) throw new Error('Set PATHGLOW_NEW_MASTER_KEY to the key it is to be changed for.');
  console.log('The old master key is forgotten.');
}

async function renewInFolder(config: Config): Promise<void> {
  try {
    await withOwnDatabase(config, async (db) => {
      const key = await renewMasterKey(config.dataDir, async (before, after) => {
        await rotate(db, before, after);
      });
      await forgetOthers(db, key);
    });
  } catch (error) {
    if (!(error instanceof FolderInUse)) throw error;
    await (await runningServer(config.dataDir, error)).rotateMasterKey();
  }
}
