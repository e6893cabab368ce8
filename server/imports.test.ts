import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';

/** What each folder may import from: the whole of the dependency rule. */
const ALLOWED: Record<string, string[]> = {
  geo: [],
  heat: ['geo'],
  tracks: ['geo'],
  http: [],
  jobs: [],
  database: ['geo'],
  athletes: ['http'],
  index: ['athletes', 'tracks', 'heat', 'geo'],
  activities: ['index', 'athletes', 'database', 'http', 'tracks', 'heat', 'geo'],
  tiles: ['index', 'athletes', 'http', 'heat', 'geo'],
  demo: ['tracks', 'geo'],
};
const PURE = ['geo', 'heat'];
/** Wiring: what starts the product, and what tests share. */
const WIRING = ['commands', 'testing'];

test('imports go one way, and the pure core does no I/O', async () => {
  const server = new URL('.', import.meta.url);
  const folders = (await readdir(server, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  for (const { name: folder } of folders) {
    if (WIRING.includes(folder)) continue;
    const allowed = ALLOWED[folder];
    assert.ok(allowed, `server/${folder} needs a line in the rule`);
    for (const file of await readdir(new URL(`${folder}/`, server))) {
      if (!file.endsWith('.ts') || file.endsWith('.test.ts')) continue;
      const source = await readFile(new URL(`${folder}/${file}`, server), 'utf8');
      for (const [, from] of source.matchAll(/from '([^']+)'/g)) {
        const where = `server/${folder}/${file} imports ${from}`;
        if (from.startsWith('../')) assert.ok(allowed.includes(from.split('/')[1]), where);
        else if (!from.startsWith('./') && PURE.includes(folder)) assert.equal(from, 'node:zlib', where);
      }
    }
  }
});
