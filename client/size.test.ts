import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';

const DIST = new URL('dist/', import.meta.url);
/** Gzipped: what there is to load before anything is seen, and to choose with, without the library of the map. */
const MOST_BYTES = 350 * 1024;

test('the first load is small', { skip: !existsSync(DIST) }, () => {
  const page = readFileSync(new URL('index.html', DIST), 'utf8');
  const named = [...page.matchAll(/(?:src|href)="\/([^"]+)"/g)].map(([, path]) => path);
  const first = ['index.html', ...named];
  const bytes = first.reduce((sum, path) => sum + gzipSync(readFileSync(new URL(path, DIST))).length, 0);
  assert.ok(named.length >= 3, 'script, style, icon');
  assert.ok(bytes < MOST_BYTES, `${bytes} bytes in ${first.join(', ')}`);
});

test('the libraries of both maps are loaded by whoever needs them, and by the page itself not', {
  skip: !existsSync(DIST),
}, () => {
  const assets = readdirSync(new URL('assets/', DIST));
  const page = readFileSync(new URL('index.html', DIST), 'utf8');
  for (const name of ['gl-map', 'google-map']) {
    const chunk = assets.find((path) => path.startsWith(name) && path.endsWith('.js'));
    assert.ok(chunk && !page.includes(chunk), name);
  }
});
