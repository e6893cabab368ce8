import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';

test('geo and heat import nothing but each other and node:zlib', async () => {
  for (const folder of ['geo', 'heat']) {
    const directory = new URL(`../${folder}/`, import.meta.url);
    for (const file of await readdir(directory)) {
      if (!file.endsWith('.ts') || file.endsWith('.test.ts')) continue;
      const source = await readFile(new URL(file, directory), 'utf8');
      for (const [, from] of source.matchAll(/from '([^']+)'/g)) {
        const allowed = folder === 'geo' ? /^\.\// : /^(\.\/|\.\.\/geo\/|node:zlib$)/;
        assert.match(from, allowed, `${folder}/${file}`);
      }
    }
  }
});
