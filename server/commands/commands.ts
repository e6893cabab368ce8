import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readConfig } from '../config.ts';
import { SUBSCRIPTION_ACTIONS } from '../strava/subscription-command.ts';
import { backUpInto, restoreFrom } from './backup.ts';
import { type Command, command, UsageError } from './command-line.ts';
import { demo } from './demo.ts';
import { demoStrava } from './demo-strava.ts';
import { exportFile } from './export.ts';
import { importFiles } from './import.ts';
import { printLink } from './link.ts';
import { migrateDatabase } from './migrate.ts';
import { rebuild } from './rebuild.ts';
import { rotateMasterKey } from './rotate-master-key.ts';
import { serve } from './serve.ts';
import { changeWebhook } from './strava-webhook.ts';
import { readWarmup, WARMUP_OPTIONS, warm } from './warm.ts';

const ONE = { least: 1, most: 1 };
const config = () => readConfig(process.env);

/** Every command by its name; `stopped` is aborted by Ctrl-C. */
export function commandsUntil(stopped: AbortSignal): Record<string, Command> {
  return {
    serve: command({
      usage: 'npm start [-- FILE…]                  serve, importing these files and folders first',
      operands: { least: 0, most: Number.POSITIVE_INFINITY },
      run: async (paths) => serve(config(), await existing(paths), stopped),
    }),
    demo: command({
      usage: `npm run demo                          serve a made-up athlete
npm run demo -- --strava              the same, who comes in by a simulated Strava`,
      options: { strava: { type: 'boolean' } },
      run: async (_, { strava }) => {
        const read = (settings: NodeJS.ProcessEnv) => readConfig({ ...process.env, ...settings });
        if (strava) return demoStrava(read, stopped);
        // its own folder: a made-up athlete's rides have no place among one's own
        return demo(read({ DATA_DIR: process.env.DATA_DIR || './data/demo' }), stopped);
      },
    }),
    import: command({
      usage: 'npm run pathglow -- import FILE…      import, by the running server if there is one',
      operands: { least: 1, most: Number.POSITIVE_INFINITY },
      run: async (paths) => importFiles(config(), await existing(paths), stopped),
    }),
    export: command({
      usage: 'npm run pathglow -- export FILE.zip   write everything you have into a zip file',
      operands: ONE,
      run: ([path]) => exportFile(config(), resolve(path), stopped),
    }),
    backup: command({
      usage:
        'npm run pathglow -- backup FOLDER     write the database into a new folder, while servers go on',
      operands: ONE,
      run: ([folder]) => backUpInto(config(), resolve(folder)),
    }),
    restore: command({
      usage: 'npm run pathglow -- restore FOLDER    fill an empty installation from such a folder',
      operands: ONE,
      run: ([folder]) => restoreFrom(config(), resolve(folder)),
    }),
    'rotate-master-key': command({
      usage:
        'npm run pathglow -- rotate-master-key change the key that wraps all others, while servers go on',
      run: () => rotateMasterKey(config()),
    }),
    link: command({
      usage: 'npm run pathglow -- link              print another sign-in link of the running server',
      run: () => printLink(config()),
    }),
    rebuild: command({
      usage: 'npm run pathglow -- rebuild           make everything drawn anew from the recordings',
      run: () => rebuild(config(), stopped),
    }),
    warm: command({
      usage: `npm run pathglow -- warm [OPTIONS]    draw tiles before they are asked for: by default the popular ones,
                                      or --zooms 3-14, --sizes 256,512, --box=w,s,e,n, --limit 5000`,
      options: WARMUP_OPTIONS,
      run: async (_, values) => {
        const request = readWarmup(values);
        return warm(config(), request, stopped);
      },
    }),
    'strava-webhook': command({
      usage: `npm run pathglow -- strava-webhook create|show|delete
                                      have Strava tell of news, or no longer`,
      operands: ONE,
      run: async ([word]) => {
        const action = SUBSCRIPTION_ACTIONS.find((one) => one === word);
        if (!action) throw new UsageError(`strava-webhook takes ${SUBSCRIPTION_ACTIONS.join(', ')}`);
        return changeWebhook(config(), action);
      },
    }),
    migrate: command({
      usage: "npm run pathglow -- migrate           bring the database's schema up to date",
      run: () => migrateDatabase(config()),
    }),
  };
}

/** How these commands are called. */
export function usageOf(commands: readonly Command[]): string {
  const lines = commands.flatMap(({ usage }) => usage.split('\n'));
  return `usage: ${lines.join('\n       ')}

Files are GPX, TCX, FIT, each also as .gz; zip files and folders of them; Strava's bulk export.
Names that begin with - come after --. Settings, such as the PORT to listen on, are environment variables, also from
a file .env; the README lists them.`;
}

/** Absolute paths, all of which are there. */
async function existing(paths: readonly string[]): Promise<string[]> {
  const missing: string[] = [];
  for (const path of paths) await stat(path).catch(() => missing.push(path));
  if (missing.length > 0) throw new UsageError(`there is no such file: ${missing.join(', ')}`);
  return paths.map((path) => resolve(path));
}
