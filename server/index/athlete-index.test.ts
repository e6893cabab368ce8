import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleActivity, seeded, tileAt } from '../testing/sample-activities.ts';
import { AthleteIndex } from './athlete-index.ts';
import { EVERYTHING, parseFilter } from './filter.ts';
import { windowOf } from './window.ts';

test('what changes while only the coarse parts are loaded is as if it had been so from the start', () => {
  const random = seeded(3);
  const [changed, removed, ...others] = Array.from({ length: 6 }, (_, id) =>
    sampleActivity(String(id), random),
  );
  const index = new AthleteIndex();
  for (const activity of [changed, removed, ...others]) index.append({ ...activity, fine: null });
  for (const _ of index.plant('coarse'));
  // as a process catches up with them: another label, and gone
  const hidden = { ...changed, visibility: 'private' } as const;
  assert.equal(index.relabel(hidden), false, 'the fine part is not held yet');
  index.add(hidden);
  index.remove(removed.activityId);
  for (const { activityId, tag, fine } of others) index.appendFine(activityId, tag, fine!);
  for (const _ of index.plant('fine'));

  const wanted = new AthleteIndex();
  for (const activity of [hidden, ...others]) wanted.add(activity);
  const filters = [EVERYTHING, parseFilter({ visibility: 'private' }), parseFilter({ visibility: 'public' })];
  for (const filter of filters) {
    assert.deepEqual(index.extent(filter), wanted.extent(filter));
    for (let z = 0; z <= 20; z++) {
      const window = windowOf(tileAt(z, random, 2e5), 256);
      assert.deepEqual(index.touching(window, filter).bytes(), wanted.touching(window, filter).bytes());
    }
  }
});
