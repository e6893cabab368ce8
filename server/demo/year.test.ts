import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chance } from './random.ts';
import { type Occasion, type Planned, planOutings } from './year.ts';

const END = Date.UTC(2026, 9, 31) / 86_400_000;
const plan = (count: number, seed = 7) => planOutings(count, END, chance(seed));
const dateOf = ({ day }: Planned) => new Date(day * 86_400_000);

test('any number of outings lies within seven years, in order', () => {
  for (const count of [0, 1, 10, 420, 3000]) {
    const days = plan(count).map(({ day }) => day);
    assert.equal(days.length, count);
    assert.ok(days.every((day, at) => day < END && day >= (days[at - 1] ?? END - 7 * 365)));
  }
});

test('few outings lead to several places too', () => {
  for (let seed = 0; seed < 20; seed++) {
    const occasions = new Set<Occasion>(plan(24, seed).map(({ occasion }) => occasion));
    for (const one of ['weekday', 'weekend', 'camp', 'mountains'] as const) assert.ok(occasions.has(one));
  }
});

test('there are many in the light months, few in the dark ones, and more from year to year', () => {
  for (let seed = 0; seed < 20; seed++) {
    const home = plan(420, seed).filter(({ occasion }) => occasion.startsWith('week'));
    const within = (months: number[]) => home.filter((one) => months.includes(dateOf(one).getUTCMonth()));
    assert.ok(within([4, 5, 6]).length > 2 * within([10, 11, 0]).length);
    const during = (year: number) => home.filter((one) => dateOf(one).getUTCFullYear() === year);
    assert.ok(during(2025).length > 1.4 * during(2021).length);
    const injured = (year: number) =>
      during(year).filter((one) => [4, 5].includes(dateOf(one).getUTCMonth()));
    assert.ok(injured(2023).length < injured(2022).length / 2);
  }
});

test('weeks away are of their season, with an outing on nearly every day', () => {
  const outings = plan(420);
  const away = { camp: [3, 5 * 14], mountains: [7, 6 * 14], snow: [1, 3 * 7] };
  for (const [occasion, [month, days]] of Object.entries(away)) {
    const there = outings.filter((one) => one.occasion === occasion);
    assert.ok(there.every((one) => dateOf(one).getUTCMonth() === month));
    assert.ok(new Set(there.map(({ day }) => day)).size > 0.7 * days);
  }
});

test('at home, weekends are those of the calendar, and have more than their share', () => {
  const home = plan(420).filter(({ occasion }) => occasion.startsWith('week'));
  for (const one of home) assert.equal(one.occasion === 'weekend', [0, 6].includes(dateOf(one).getUTCDay()));
  assert.ok(home.filter(({ occasion }) => occasion === 'weekend').length > home.length * 0.36);
});
