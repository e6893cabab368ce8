import assert from 'node:assert/strict';
import { test } from 'node:test';
import { demoHistory } from './history.ts';

test("the demo athlete's outings lie at Strava in their order, with what Strava says of them", () => {
  const history = [...demoHistory({ activities: 130 })];
  assert.equal(history.filter(({ raw }) => raw).length, 130);
  assert.equal(history.filter(({ raw }) => !raw).length, 2, 'by hand');
  for (const visibility of ['everyone', 'followers_only', 'only_me']) {
    assert.ok(
      history.some((one) => one.visibility === visibility),
      visibility,
    );
  }
  const zones = new Set(history.map(({ timezone }) => timezone));
  assert.ok(
    zones.has('(GMT+01:00) Europe/Berlin') && zones.has('(GMT-07:00) America/Edmonton'),
    [...zones].join(),
  );
});
