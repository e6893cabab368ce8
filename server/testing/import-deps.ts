/** All that an import needs, over a test's database. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Knex } from 'knex';
import type { ImportDeps } from '../activities/import.ts';
import { makeImportPool } from '../activities/import-pool.ts';
import { Imports } from '../activities/imports.ts';
import { Spool, spoolKey } from '../activities/spool.ts';
import { Keyring } from '../athletes/keyring.ts';
import { footprintsOf } from '../database/footprint.ts';
import { TEST_MASTER_KEY } from './database.ts';
import type { Athlete } from './store-activities.ts';

export interface TestImports extends ImportDeps {
  /** For files to import; the spool lies within. */
  folder: string;
  /** What was logged. */
  warnings: string[];
  close(): Promise<void>;
}

/** `folder` is made, and removed when closed, unless it is given. */
export async function testImports(
  db: Knex,
  { threads, folder }: { threads?: number; folder?: string } = {},
): Promise<TestImports> {
  const keyring = new Keyring(db, TEST_MASTER_KEY);
  const made = folder ?? (await mkdtemp(join(tmpdir(), 'pathglow-import-')));
  const warnings: string[] = [];
  const pool = makeImportPool(threads);
  return {
    db,
    keyring,
    footprints: await footprintsOf(db),
    imports: new Imports(db, (athleteId) => keyring.dataKey(athleteId)),
    spool: new Spool(join(made, 'spool')),
    pool,
    log: { warn: (details, message) => warnings.push(`${message} ${JSON.stringify(details)}`) },
    folder: made,
    warnings,
    async close() {
      await pool.close();
      if (!folder) await rm(made, { recursive: true, force: true });
    },
  };
}

/** Keeps files as the page sends them, and queues their import; answers its id. */
export async function upload(
  { spool, imports }: Pick<TestImports, 'spool' | 'imports'>,
  athlete: Pick<Athlete, 'id' | 'key'>,
  files: Record<string, Uint8Array>,
): Promise<string> {
  const id = randomUUID();
  const sources = [];
  for (const [name, bytes] of Object.entries(files)) {
    const key = spoolKey(athlete.key);
    const { path, size } = await spool.write(id, `${sources.length}`, key, Readable.from([bytes]));
    sources.push({ name, path, size });
  }
  return imports.create(athlete.id, { id, sources, spooled: true }, async () => {});
}
