import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { deriveKey } from '../athletes/seal.ts';
import { type TestDatabase, testAthlete, testDatabase } from '../testing/database.ts';
import { type TestImports, testImports } from '../testing/import-deps.ts';
import { recordedOuting } from '../testing/track-files.ts';
import { exportActivities } from './export.ts';
import { prepare } from './prepare.ts';
import { saveActivities } from './save.ts';

let database: TestDatabase;
let deps: TestImports;

before(async () => {
  database = await testDatabase();
  deps = await testImports(database.db);
});
after(async () => {
  await deps?.close();
  await database?.drop();
});

test('who takes an export slowly, or not at all, has no more of it read than there is room for, however much there is', async () => {
  const athlete = await testAthlete(database.db);
  const tagKey = deriveKey(athlete.key, 'map');
  const prepared = Array.from({ length: 120 }, (_, seed) => {
    const digest = createHash('sha256').update(`${seed}`).digest();
    const raw = recordedOuting({ seed, points: 800, noise: 3, startedAt: 1.6e9 + seed * 86_400 });
    return prepare(raw, { digest, tagKey, provenance: 'upload' });
  });
  await saveActivities(deps, athlete.id, prepared);
  let read = 0;
  const zip = await exportActivities(
    {
      db: database.db,
      dataKey: async () => {
        read++;
        return athlete.key;
      },
      settings: async () => ({}),
    },
    athlete.id,
  );
  // once for the list
  const recordings = () => read - 1;
  /** Until nothing more is read of what nobody takes. */
  const settled = async () => {
    for (let still = 0, last = -1; still < 10; still = recordings() === last ? still + 1 : 0) {
      last = recordings();
      await sleep(20);
    }
    return recordings();
  };
  let taken = 0;
  for (const share of [0, 0.25, 0.5]) {
    const size = share * 120 * 8000;
    while (taken < size) {
      const chunk: Buffer | null = zip.read();
      if (chunk) taken += chunk.length;
      else await sleep(1);
      assert.ok(!zip.destroyed);
    }
    const ahead = await settled();
    assert.ok(ahead < 120 * (share + 0.25), `${ahead} of 120 are read where ${taken} bytes were taken`);
  }
  const rest = await buffer(zip);
  assert.equal(recordings(), 120);
  assert.ok(taken + rest.length > 120 * 8000);
});
