/** Counting activities without asking: the server's calendar holds them by day, sport and kind. */
import type { Calendar } from './api.ts';
import type { Days } from './dates.ts';
import { type Chosen, showsVirtual } from './state.ts';

export interface Totals {
  activities: number;
  /** Metres. */
  distance: number;
}

/** Activities by month, from the first month that has any to the last; months are counted from year 0 on. */
export interface Months {
  first: number;
  counts: number[];
}

/** Activities of a kind, some of which one may want to leave out. */
export type Kind = keyof typeof KINDS;

const DAY_MS = 86_400_000;
/** Where an entry of the calendar says it. */
const KINDS = { commute: 2, virtual: 3, private: 4 } as const;
const COUNT = 5;
const METRES = 6;
const TRACKS = 7;

/** What a choice lets through. */
export function totalsOf({ sports, entries }: Calendar, chosen: Chosen): Totals {
  const isIn = filterOf(sports, chosen);
  const totals = { activities: 0, distance: 0 };
  for (const entry of entries) {
    if (!isIn(entry)) continue;
    totals.activities += entry[COUNT];
    totals.distance += entry[METRES];
  }
  return totals;
}

/** The first and the last year of what a choice lets through; null when nothing of it has a day. */
export function yearsOf({ sports, entries }: Calendar, chosen: Chosen): [first: number, last: number] | null {
  const isIn = filterOf(sports, chosen);
  const days = entries.filter((entry) => isIn(entry) && entry[0] !== null).map(([day]) => day!);
  if (days.length === 0) return null;
  const yearOf = (day: number) => Math.floor(monthOfDay(day) / 12);
  return [yearOf(days[0]), yearOf(days[days.length - 1])];
}

/** How many of each sport a choice would let through, whatever sports it names; most of all first. */
export function sportCounts(
  { sports, entries }: Calendar,
  chosen: Chosen,
): { sport: string; count: number }[] {
  const all = sports.map((sport) => ({ sport, count: 0, ever: 0 }));
  const isIn = filterOf(sports, { ...chosen, sports: [], virtual: true });
  for (const entry of entries) {
    all[entry[1]].ever += entry[COUNT];
    if (isIn(entry)) all[entry[1]].count += entry[COUNT];
  }
  return all.sort((a, b) => b.ever - a.ever).map(({ sport, count }) => ({ sport, count }));
}

/** The sports of which a choice draws anything. */
export function drawnSports({ sports, entries }: Calendar, chosen: Chosen): ReadonlySet<string> {
  const isIn = filterOf(sports, chosen);
  return new Set(
    entries.filter((entry) => entry[TRACKS] > 0 && isIn(entry)).map(([, sport]) => sports[sport]),
  );
}

/** What a choice lets through of each month, whatever days it names; null when nothing has a day. */
export function monthsOf({ sports, entries }: Calendar, chosen: Chosen): Months | null {
  const dated = entries.filter(([day]) => day !== null);
  if (dated.length === 0) return null;
  const isIn = filterOf(sports, { ...chosen, from: null, to: null });
  const first = monthOfDay(dated[0][0]!);
  const last = monthOfDay(dated[dated.length - 1][0]!);
  const counts = new Array<number>(last - first + 1).fill(0);
  for (const entry of dated) {
    if (isIn(entry)) counts[monthOfDay(entry[0]!) - first] += entry[COUNT];
  }
  return { first, counts };
}

/** Which kinds there are at all: what is not there need not be chosen. */
export function kindsOf({ entries }: Calendar): ReadonlySet<Kind> {
  const kinds = Object.keys(KINDS) as Kind[];
  return new Set(kinds.filter((kind) => entries.some((entry) => entry[KINDS[kind]] === 1)));
}

/** The month that a day such as 2024-05-31 is in. */
export function monthOf(day: string): number {
  return Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1;
}

/** From the first day of a month to the last of another. */
export function daysOfMonths(from: number, to: number): { from: string; to: string } {
  return { from: dayOf(from, 1), to: dayOf(to + 1, 0) };
}

/** Where days lie among months: [the month and the part of it that has passed, the same of the end). */
export function spanOf({ from, to }: Days, { first, counts }: Months): [number, number] {
  const start = from === null ? first : monthOf(from) + (Number(from.slice(8)) - 1) / lengthOf(monthOf(from));
  const end = to === null ? first + counts.length : monthOf(to) + Number(to.slice(8)) / lengthOf(monthOf(to));
  return [start, end];
}

/** The months from `from` to `to`, both included, as a choice: all of them are none. */
export function chosenMonths(from: number, to: number, { first, counts }: Months): Days {
  const last = first + counts.length - 1;
  const days = daysOfMonths(from, to);
  return { from: from <= first ? null : days.from, to: to >= last ? null : days.to };
}

function filterOf(
  sports: readonly string[],
  chosen: Chosen,
): (entry: Calendar['entries'][number]) => boolean {
  const { from, to, commute, visibility } = chosen;
  const virtual = showsVirtual(chosen);
  const wanted = sports.map((sport) => chosen.sports.length === 0 || chosen.sports.includes(sport));
  const least = from === null ? Number.NEGATIVE_INFINITY : Date.parse(`${from}T00:00:00Z`) / DAY_MS;
  const most = to === null ? Number.POSITIVE_INFINITY : Date.parse(`${to}T00:00:00Z`) / DAY_MS;
  const isDated = from !== null || to !== null;
  return ([day, sport, isCommute, isVirtual, isPrivate]) =>
    wanted[sport] &&
    (virtual || isVirtual === 0) &&
    (commute === null || commute === (isCommute === 1)) &&
    (visibility === null || (visibility === 'private') === (isPrivate === 1)) &&
    (!isDated || (day !== null && day >= least && day <= most));
}

function monthOfDay(day: number): number {
  const date = new Date(day * DAY_MS);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

/** Day 0 of a month is the last of the one before. */
function dayOf(month: number, day: number): string {
  const date = new Date(0);
  date.setUTCFullYear(Math.floor(month / 12), month % 12, day);
  return date.toISOString().slice(0, 10);
}

function lengthOf(month: number): number {
  return Number(dayOf(month + 1, 0).slice(8));
}
