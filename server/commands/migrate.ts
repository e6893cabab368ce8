import { makeApp } from '../app.ts';
import type { Config } from '../config.ts';
import { connect, migrate } from '../database/connect.ts';

/** Brings the schema up to date, beside running servers if the database is a server of its own. */
export async function migrateDatabase(config: Config): Promise<void> {
  if (config.databaseUrl === null) {
    // starting on the embedded database does it
    await (await makeApp(config)).close();
    return;
  }
  const db = connect(config.databaseUrl);
  try {
    await migrate(db);
  } finally {
    await db.destroy();
  }
}
