import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path/posix';
import { test } from 'node:test';

/** What each folder may import from: the whole of the dependency rule. */
const ALLOWED: Record<string, string[]> = {
  geo: [],
  heat: ['geo'],
  tracks: ['geo'],
  http: [],
  jobs: [],
  database: ['geo'],
  athletes: ['database', 'http'],
  index: ['athletes', 'tracks', 'heat', 'geo'],
  activities: ['index', 'athletes', 'database', 'http', 'tracks', 'heat', 'geo'],
  strava: ['activities', 'athletes', 'http', 'tracks'],
  tiles: ['index', 'athletes', 'http', 'heat', 'geo'],
  warmup: ['tiles', 'index', 'athletes', 'database', 'jobs', 'heat', 'geo'],
  admin: ['warmup', 'database', 'http', 'geo'],
  posters: ['tiles', 'index', 'http', 'heat', 'geo'],
  privacy: ['activities', 'index', 'athletes', 'http', 'heat', 'geo'],
  shares: ['posters', 'tiles', 'index', 'athletes', 'http', 'heat', 'geo'],
  demo: ['tracks', 'geo'],
  'strava/simulator': ['demo', 'tracks', 'geo'],
};
const PURE = ['geo', 'heat'];
/** Wiring: what starts the product, and what tests share. */
const WIRING = ['commands', 'testing'];

test('imports go one way, and the pure core does no I/O', async () => {
  const server = new URL('.', import.meta.url);
  for (const file of await readdir(server, { recursive: true })) {
    const folder = dirname(file);
    if (!file.endsWith('.ts') || file.endsWith('.test.ts') || [...WIRING, '.'].includes(folder)) continue;
    const allowed = ALLOWED[folder];
    assert.ok(allowed, `server/${folder} needs a line in the rule`);
    const source = await readFile(new URL(file, server), 'utf8');
    for (const [, from] of source.matchAll(/from '([^']+)'/g)) {
      const where = `server/${file} imports ${from}`;
      const isOurs = from.startsWith('.');
      const theirs = isOurs ? dirname(join(folder, from)) : '';
      if (isOurs && theirs !== folder) assert.ok(allowed.includes(theirs), where);
      else if (!isOurs && PURE.includes(folder)) assert.equal(from, 'node:zlib', where);
    }
  }
});
