/**
 * npm run bench [-- --smoke] [suite …]
 *
 * Runs the suites one after the other, each in a process of its own so that neither the heap nor the
 * compiled code of one colours the figures of the next, prints their tables, and, unless it is only a
 * smoke run, writes them to bench/RESULTS.md: each suite as soon as it has ended, since all take long.
 */
import { fork } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { renewed } from './results.ts';
import type { Table } from './table.ts';
import { markdown } from './table.ts';

type Suite = (options: { smoke: boolean }) => Promise<Table[]>;

const SUITES: Record<string, () => Promise<Suite>> = {
  raster: async () => (await import('./raster.ts')).rasterBench,
  import: async () => (await import('./import.ts')).importBench,
  tiles: async () => (await import('./tiles.ts')).tilesBench,
  growth: async () => (await import('./growth.ts')).growthBench,
  soak: async () => (await import('./soak.ts')).soakBench,
  warmup: async () => (await import('./warmup.ts')).warmupBench,
  near: async () => (await import('./near.ts')).nearBench,
  strava: async () => (await import('./strava.ts')).stravaBench,
  viewer: async () => (await import('./viewer.ts')).viewerBench,
};

const { values, positionals } = parseArgs({
  options: { smoke: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const { smoke } = values;

if (process.send) {
  // nobody waits for its tables any more
  process.on('disconnect', () => process.exit(1));
  const [name = ''] = positionals;
  const suite = await SUITES[name]?.();
  if (!suite) throw new Error(`no suite called ${name}`);
  process.send(await suite({ smoke }), () => process.exit(0));
} else {
  const unknown = positionals.filter((name) => !(name in SUITES));
  if (unknown.length > 0) {
    console.error(`no suite called ${unknown.join(', ')}; there are: ${Object.keys(SUITES).join(', ')}`);
    process.exit(2);
  }
  for (const name of positionals.length > 0 ? positionals : Object.keys(SUITES)) {
    console.error(`${name} …`);
    const tables = (await runApart(name)).map(markdown);
    for (const table of tables) console.log(`\n${table}`);
    if (!smoke && tables.length > 0) await keep(name, tables);
  }
}

async function keep(suite: string, tables: string[]): Promise<void> {
  const results = new URL('RESULTS.md', import.meta.url);
  const section = [machine(), ...tables].join('\n\n');
  const order = Object.keys(SUITES);
  await writeFile(results, renewed(await readFile(results, 'utf8'), { suite, section, order }));
}

/** Runs one suite in a child process; rejects when it fails or ends without its tables. */
function runApart(name: string): Promise<Table[]> {
  return new Promise((resolve, reject) => {
    const args = smoke ? ['--smoke', name] : [name];
    const child = fork(fileURLToPath(import.meta.url), args, {
      execArgv: [...process.execArgv, '--expose-gc'],
    });
    let tables: Table[] | undefined;
    child.on('message', (message) => {
      tables = message as Table[];
    });
    child.on('error', reject);
    child.on('exit', (code) => {
      if (code === 0 && tables) resolve(tables);
      else reject(new Error(`the suite ${name} ended with code ${code}`));
    });
  });
}

/** Where and when: a figure without them says nothing. */
function machine(): string {
  const day = new Date().toISOString().slice(0, 10);
  const memory = Math.round(totalmem() / 2 ** 30);
  return (
    `${day}, ${cpus()[0]?.model.trim()}, ${availableParallelism()} cores, ${memory} GiB, ` +
    `Node ${process.versions.node}, ${process.platform}.`
  );
}
