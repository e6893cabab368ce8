/**
 * A process of its own that runs one import: to be killed, or to be measured. Arguments: the database's URL, the
 * folder of the spool, the import's id, and how many threads read (by default as many as the server starts).
 */
import { runImport } from '../activities/import.ts';
import { connect } from '../database/connect.ts';
import { testImports } from './import-deps.ts';

const [url, folder, importId, threads] = process.argv.slice(2);
const db = connect(url);
const deps = await testImports(db, { folder, threads: threads ? Number(threads) : undefined });
await runImport(deps, importId, new AbortController().signal);
await deps.close();
await db.destroy();
// the largest it ever was, in KiB
process.send?.({ maxRSS: process.resourceUsage().maxRSS }, () => process.exit(deps.warnings.length));
