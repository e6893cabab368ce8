/** A process of its own that runs one import: to be killed, or to be measured. Arguments: URL, folder, import. */
import { runImport } from '../activities/import.ts';
import { connect } from '../database/connect.ts';
import { testImports } from './import-deps.ts';

const [url, folder, importId] = process.argv.slice(2);
const db = connect(url);
const deps = await testImports(db, { folder });
await runImport(deps, importId, new AbortController().signal);
await deps.close();
await db.destroy();
// the largest it ever was, in KiB
process.send?.({ maxRSS: process.resourceUsage().maxRSS }, () => process.exit(deps.warnings.length));
