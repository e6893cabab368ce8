import { WrongMasterKey } from './athletes/keyring.ts';
import { asksForHelp, UsageError } from './commands/command-line.ts';
import { commandsUntil, usageOf } from './commands/commands.ts';
import { InvalidConfig } from './config.ts';
import { FolderInUse } from './data-folder.ts';
import { WrongDatabaseVersion } from './database/embedded.ts';

const words = process.argv.slice(2);
const [name = 'help', ...args] = words;

// Ctrl-C ends in good order; once more, at once.
const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (stopping.signal.aborted) process.exit(130);
    stopping.abort();
  });
}

const commands = commandsUntil(stopping.signal);
/** What is explained: the command that is named, else all. */
const named = words.slice(0, 2).find((word) => Object.hasOwn(commands, word));
const usage = usageOf(named ? [commands[named]] : Object.values(commands));

try {
  process.exitCode = (await run()) ? 0 : 1;
} catch (error) {
  process.exitCode = error instanceof UsageError ? 2 : 1;
  if (error instanceof UsageError) console.error(`${error.message}\n\n${usage}`);
  else console.error(isPlain(error) ? (error as Error).message : error);
}

/** Answers whether all went well. */
async function run(): Promise<boolean> {
  if (asksForHelp([name, ...args])) {
    console.log(usage);
    return true;
  }
  if (!Object.hasOwn(commands, name)) throw new UsageError(`there is no command ${name}`);
  const perform = commands[name].read(args);
  try {
    process.loadEnvFile();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return (await perform()) !== false;
}

/** Whether an error is told by its message alone. */
function isPlain(error: unknown): boolean {
  const kinds = [InvalidConfig, FolderInUse, WrongMasterKey, WrongDatabaseVersion];
  if (kinds.some((kind) => error instanceof kind)) return true;
  const { code } = error as NodeJS.ErrnoException;
  return code === 'EADDRINUSE' || code === 'EACCES' || process.env.LOG_LEVEL !== 'debug';
}
