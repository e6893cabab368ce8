/** When the demo's athlete goes out: a calendar of seven years. Days are counted from 1970 on. */
import { type Chance, waves } from './random.ts';

/** What kind of day it is: one at home, or one of some weeks away. */
export type Occasion = 'weekday' | 'weekend' | 'camp' | 'mountains' | 'snow';

export interface Planned {
  day: number;
  occasion: Occasion;
}

const YEARS = 7;
const DAY_MS = 86_400_000;
/** Weeks away, in each year from one on; the athlete's first is 0. */
const AWAY = [
  { occasion: 'snow', from: '02-08', to: '02-14', since: 4 },
  { occasion: 'camp', from: '04-03', to: '04-16', since: 2 },
  { occasion: 'mountains', from: '08-14', to: '08-27', since: 1 },
] as const;
/** Of a day away, where there is an outing on nearly each; at home one in the light months has about 1. */
const AWAY_WEIGHT = 4.2;
const INJURY = { year: 3, from: '04-20', to: '07-20', weight: 0.03 };

/**
 * So many outings, the earliest first: the days until `end`, which is not included, are drawn by their weights. Each
 * outing is drawn from an equal part of all the weight, so that few are spread over the years as many are.
 */
export function planOutings(count: number, end: number, random: Chance): Planned[] {
  const mood = waves(random, 40);
  const days = Array.from({ length: YEARS * 365 }, (_, at) => {
    const day = end - YEARS * 365 + at;
    return { day, ...dayOf(day, at / 365, mood(at, 0)) };
  });
  const total = days.reduce((sum, { weight }) => sum + weight, 0);
  const planned: Planned[] = [];
  let next = random.between(0.2, 0.8);
  let passed = 0;
  for (const { day, occasion, weight } of days) {
    passed += (weight / total) * count;
    while (next < passed) {
      planned.push({ day, occasion });
      next = planned.length + random.between(0.2, 0.8);
    }
  }
  return planned;
}

/** More in light months than in dark ones, more at weekends, and more from year to year. */
function dayOf(day: number, years: number, mood: number): { occasion: Occasion; weight: number } {
  const date = new Date(day * DAY_MS);
  const isIn = ({ from, to }: { from: string; to: string }) => {
    const today = date.toISOString().slice(5, 10);
    return from <= today && today <= to;
  };
  const away = AWAY.find((one) => years >= one.since && isIn(one));
  if (away) return { occasion: away.occasion, weight: AWAY_WEIGHT };
  // 0 at the winter solstice, 1 in June
  const light = 0.5 - 0.5 * Math.cos((2 * Math.PI * (day + 10)) / 365.25);
  const isWeekend = date.getUTCDay() % 6 === 0;
  const health = Math.floor(years) === INJURY.year && isIn(INJURY) ? INJURY.weight : 1;
  return {
    occasion: isWeekend ? 'weekend' : 'weekday',
    weight: (0.2 + 0.8 * light) * (0.4 + 0.15 * years) * (isWeekend ? 1.5 : 0.8) * (1 + 0.4 * mood) * health,
  };
}
