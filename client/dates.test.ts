import assert from 'node:assert/strict';
import { test } from 'node:test';
import { daysOf, daysOfYear, today } from './dates.ts';

test('presets are days that exist', () => {
  assert.deepEqual(daysOf('all', '2024-03-15'), { from: null, to: null });
  assert.deepEqual(daysOf('thisYear', '2024-03-15'), { from: '2024-01-01', to: null });
  assert.deepEqual(daysOf('lastYear', '2024-03-15'), { from: '2023-01-01', to: '2023-12-31' });
  assert.deepEqual(daysOf('lastMonth', '2024-03-15'), { from: '2024-02-15', to: null });
  assert.deepEqual(daysOfYear(2021), { from: '2021-01-01', to: '2021-12-31' });
});

test('today is the day here, not in Greenwich', () => {
  assert.equal(today(new Date(2024, 0, 5, 23, 59)), '2024-01-05');
  assert.equal(today(new Date(2024, 0, 5, 0, 1)), '2024-01-05');
});

test('what was recorded this evening is of this year and of the last 30 days, east and west of Greenwich', () => {
  const before = process.env.TZ;
  const apart = new Set<boolean>();
  const isIn = (evening: Date) => {
    const recorded = evening.toISOString().slice(0, 10);
    apart.add(recorded !== today(evening));
    for (const preset of ['thisYear', 'lastMonth'] as const) {
      const { from, to } = daysOf(preset, today(evening));
      assert.ok(from !== null && from <= recorded && to === null, `${evening}: ${preset}`);
    }
  };
  try {
    for (const zone of [
      'Pacific/Kiritimati',
      'Asia/Tokyo',
      'UTC',
      'America/Los_Angeles',
      'Pacific/Pago_Pago',
    ]) {
      process.env.TZ = zone;
      for (const hour of [17, 20, 23]) {
        isIn(new Date(2024, 0, 1, hour, 59));
        isIn(new Date(2024, 2, 10, hour, 59));
        isIn(new Date(2024, 11, 31, hour, 59));
      }
    }
  } finally {
    if (before === undefined) delete process.env.TZ;
    else process.env.TZ = before;
  }
  assert.deepEqual(apart, new Set([true, false]), 'the day here may be another than in Greenwich');
});
