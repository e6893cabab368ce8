import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { WrongMasterKey } from './athletes/keyring.ts';
import { backUpInto, restoreFrom } from './commands/backup.ts';
import { demo } from './commands/demo.ts';
import { demoStrava } from './commands/demo-strava.ts';
import { exportFile } from './commands/export.ts';
import { importFiles } from './commands/import.ts';
import { printLink } from './commands/link.ts';
import { migrateDatabase } from './commands/migrate.ts';
import { rebuild } from './commands/rebuild.ts';
import { rotateMasterKey } from './commands/rotate-master-key.ts';
import { serve } from './commands/serve.ts';
import { changeWebhook } from './commands/strava-webhook.ts';
import { readWarmup, warm } from './commands/warm.ts';
import { InvalidConfig, readConfig } from './config.ts';
import { FolderInUse } from './data-folder.ts';
import { WrongDatabaseVersion } from './database/embedded.ts';
import { SUBSCRIPTION_ACTIONS } from './strava/subscription-command.ts';
import type { WarmupRequest } from './warmup/warmup.ts';

const USAGE = `usage: npm start [-- FILE…]                  serve, importing these files and folders first
       npm run demo                          serve a made-up athlete
       npm run demo -- --strava              the same, who comes in by a simulated Strava
       npm run pathglow -- import FILE…      import, by the running server if there is one
       npm run pathglow -- export FILE.zip   write everything you have into a zip file
       npm run pathglow -- backup FOLDER     write the database into a new folder, while servers go on
       npm run pathglow -- restore FOLDER    fill an empty installation from such a folder
       npm run pathglow -- rotate-master-key change the key that wraps all others, while servers go on
       npm run pathglow -- link              print another sign-in link of the running server
       npm run pathglow -- rebuild           make everything drawn anew from the recordings
       npm run pathglow -- warm [OPTIONS]    draw tiles before they are asked for: by default the popular ones,
                                             or --zooms 3-14, --sizes 256,512, --box w,s,e,n, --limit 5000
       npm run pathglow -- strava-webhook create|show|delete
                                             have Strava tell of news, or no longer
       npm run pathglow -- migrate           bring the database's schema up to date

Files are GPX, TCX, FIT, each also as .gz; zip files and folders of them; Strava's bulk export.
Settings are environment variables, also from a file .env; the README lists them.`;

/** A command line that cannot be meant. */
class UsageError extends Error {}

const [command = 'help', ...rest] = process.argv.slice(2);

// Ctrl-C ends in good order; once more, at once.
const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (stopping.signal.aborted) process.exit(130);
    stopping.abort();
  });
}

try {
  process.exitCode = (await run()) ? 0 : 1;
} catch (error) {
  process.exitCode = error instanceof UsageError ? 2 : 1;
  console.error(isPlain(error) ? (error as Error).message : error);
}

async function run(): Promise<boolean> {
  try {
    process.loadEnvFile();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  switch (command) {
    case 'serve':
      await serve(readConfig(process.env), await existing(rest), stopping.signal);
      return true;
    case 'import':
      if (rest.length === 0) throw new UsageError(USAGE);
      return importFiles(readConfig(process.env), await existing(rest), stopping.signal);
    case 'export':
      if (rest.length !== 1) throw new UsageError(USAGE);
      await exportFile(readConfig(process.env), resolve(rest[0]), stopping.signal);
      return true;
    case 'rotate-master-key':
      await rotateMasterKey(readConfig(process.env));
      return true;
    case 'backup':
    case 'restore':
      if (rest.length !== 1) throw new UsageError(USAGE);
      await (command === 'backup' ? backUpInto : restoreFrom)(readConfig(process.env), resolve(rest[0]));
      return true;
    case 'demo':
      if (rest[0] === '--strava') {
        await demoStrava((settings) => readConfig({ ...process.env, ...settings }), stopping.signal);
        return true;
      }
      if (rest.length > 0) throw new UsageError(`there is no option ${rest[0]}\n\n${USAGE}`);
      // its own folder: a made-up athlete's rides have no place among one's own
      await demo(
        readConfig({ ...process.env, DATA_DIR: process.env.DATA_DIR || './data/demo' }),
        stopping.signal,
      );
      return true;
    case 'rebuild':
      await rebuild(readConfig(process.env), stopping.signal);
      return true;
    case 'warm':
      return warm(readConfig(process.env), warmupOf(rest), stopping.signal);
    case 'strava-webhook': {
      const action = SUBSCRIPTION_ACTIONS.find((one) => one === rest[0]);
      if (!action || rest.length > 1) throw new UsageError(USAGE);
      return changeWebhook(readConfig(process.env), action);
    }
    case 'migrate':
      await migrateDatabase(readConfig(process.env));
      return true;
    case 'link':
      await printLink(readConfig(process.env));
      return true;
    case 'help':
    case '--help':
      console.log(USAGE);
      return true;
    default:
      throw new UsageError(`there is no command ${command}\n\n${USAGE}`);
  }
}

function warmupOf(args: readonly string[]): WarmupRequest {
  try {
    return readWarmup(args);
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\n${USAGE}`);
  }
}

/** Absolute paths, all of which are there. */
async function existing(paths: readonly string[]): Promise<string[]> {
  const missing: string[] = [];
  for (const path of paths) {
    if (path.startsWith('-')) throw new UsageError(`there is no option ${path}\n\n${USAGE}`);
    await stat(path).catch(() => missing.push(path));
  }
  if (missing.length > 0) throw new UsageError(`there is no such file: ${missing.join(', ')}`);
  return paths.map((path) => resolve(path));
}

/** Whether an error is told by its message alone. */
function isPlain(error: unknown): boolean {
  const kinds = [UsageError, InvalidConfig, FolderInUse, WrongMasterKey, WrongDatabaseVersion];
  if (kinds.some((kind) => error instanceof kind)) return true;
  const { code } = error as NodeJS.ErrnoException;
  return code === 'EADDRINUSE' || code === 'EACCES' || process.env.LOG_LEVEL !== 'debug';
}
