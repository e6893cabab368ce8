import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../../testing/fast-check.ts';
import { Accounts, isVisible } from './accounts.ts';
import type { Visibility } from './activity.ts';
import { manualClock } from './clock.ts';
import { pageOf } from './list.ts';

const visibility = fc.constantFrom<Visibility>('everyone', 'followers_only', 'only_me');

test('the pages up to the first empty one have each visible activity within the bounds once, in order', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ startedAt: fc.integer({ min: 0, max: 50 }), visibility }), { maxLength: 40 }),
      fc.integer({ min: 1, max: 10 }),
      fc.constantFrom(['activity:read'], ['activity:read_all']),
      fc.record({ after: fc.option(fc.nat(50)), before: fc.option(fc.nat(50)) }),
      fc.constantFrom('oldest' as const, 'newest' as const),
      (activities, perPage, scopes, { after, before }, afterOrder) => {
        const clock = manualClock();
        const accounts = new Accounts(clock, () => {});
        const { id: athleteId } = accounts.join();
        for (const activity of activities) accounts.add(athleteId, activity);
        const grant = { athleteId, scopes, accessToken: '', refreshToken: '', expiresAt: 0 };
        const query = {
          per_page: String(perPage),
          ...(after !== null && { after: String(after) }),
          ...(before !== null && { before: String(before) }),
        };
        const listed = [];
        for (let page = 1; ; page++) {
          const options = { now: clock.now(), afterOrder };
          const rows = pageOf(accounts, grant, { ...query, page: String(page) }, options);
          if (rows.length === 0) break;
          assert.ok(rows.length <= perPage);
          listed.push(...rows);
        }
        const expected = accounts
          .activitiesOf(athleteId)
          .filter((one) => isVisible(one, scopes))
          .filter(({ startedAt }) => startedAt > (after ?? -1) && startedAt < (before ?? 51));
        if (after !== null && before === null && afterOrder === 'oldest') expected.reverse();
        assert.deepEqual(listed, expected);
      },
    ),
  );
});
