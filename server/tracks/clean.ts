import { ANY_CLOCK, believable, type Clock, clockOf } from './clock.ts';
import { haversine } from './distance.ts';
import { splitAtJumps } from './jumps.ts';
import type { Kept } from './kept.ts';
import type { RawActivity, RawLine, Track, TrackLine } from './recording.ts';

/** Metres between which altitudes make sense, flights included. */
const LOWEST = -12_000;
const HIGHEST = 60_000;
/** Degrees: a whole track this close to 0°, 0° was written in coordinates of its own. */
const NULL_ISLAND = 1;

/**
 * Makes a recording good to draw and to keep: points without or with impossible positions go, lines are broken
 * where the recording really jumped, coordinates are rounded to 1e-7 degrees (about a centimetre). No detail is
 * smoothed away. The track has no lines where nothing was recorded outdoors.
 */
export function cleanTrack(raw: RawActivity): Track {
  if (raw.kept) return cleanedBefore(raw, raw.kept);
  const clock = clockOf(raw);
  const placed = raw.lines.map((line) => placedPoints(line, clock)).filter(({ lat }) => lat.length > 0);
  const lines = aroundNullIsland(placed)
    ? []
    : withoutStrays(placed.flatMap((line) => splitAtJumps(inOrder(line), raw.sport)));
  const { first, last } = span(raw, clock);
  return {
    lines: lines.map(rounded),
    pointCount: lines.reduce((count, { lat }) => count + lat.length, 0),
    distance: lines.reduce((sum, line) => sum + length(line), 0),
    startedAt: first ?? believable(raw.startedAt, clock),
    elapsed: first === null || last === null ? null : Math.round((last - first) * 1000) / 1000,
  };
}

/** Cleaning twice could break at other places: what is known of a line's usual pace changes with what was dropped. */
function cleanedBefore(raw: RawActivity, { startedAt, elapsed, distance }: Kept): Track {
  const lines = raw.lines.map((line) => placedPoints(line, ANY_CLOCK)).filter(({ lat }) => lat.length > 0);
  return {
    lines: lines.map(({ time, ...line }) => rounded({ ...line, time: believed(time) })),
    pointCount: lines.reduce((count, { lat }) => count + lat.length, 0),
    distance: distance ?? lines.reduce((sum, line) => sum + length(line), 0),
    startedAt,
    elapsed,
  };
}

/** The points that lie somewhere on Earth, with longitudes in [-180, 180), and only times and altitudes that can be. */
function placedPoints({ lng, lat, time, altitude }: RawLine, clock: Clock): RawLine {
  const line: RawLine = { lng: [], lat: [], time: [], altitude: [] };
  for (let at = 0; at < lat.length; at++) {
    // also false for NaN
    if (!(Math.abs(lat[at]) <= 90 && Math.abs(lng[at]) <= 360)) continue;
    if (Math.abs(lat[at]) < 5e-8 && Math.abs(lng[at]) < 5e-8) continue;
    line.lat.push(lat[at]);
    line.lng.push(
      lng[at] >= -180 && lng[at] < 180 ? lng[at] : lng[at] - 360 * Math.floor((lng[at] + 180) / 360),
    );
    line.time.push(believable(time[at], clock) ?? Number.NaN);
    line.altitude.push(altitude[at] >= LOWEST && altitude[at] <= HIGHEST ? altitude[at] : Number.NaN);
  }
  return line;
}

function aroundNullIsland(lines: readonly RawLine[]): boolean {
  return lines.every(({ lng, lat }) =>
    lat.every((_, at) => Math.abs(lat[at]) < NULL_ISLAND && Math.abs(lng[at]) < NULL_ISLAND),
  );
}

/**
 * Points stand in a file in the order of their recording, also where a clock was set in between. So times that
 * run backwards are not believed; only where the line is shorter in the order of its times is it sorted.
 */
function inOrder(line: RawLine): RawLine {
  if (!runsBackwards(line.time)) return line;
  if (line.time.every((time) => !Number.isNaN(time))) {
    const order = line.time.map((_, at) => at).sort((a, b) => line.time[a] - line.time[b]);
    const sorted: RawLine = {
      lng: order.map((at) => line.lng[at]),
      lat: order.map((at) => line.lat[at]),
      time: order.map((at) => line.time[at]),
      altitude: order.map((at) => line.altitude[at]),
    };
    if (length(sorted) < length(line)) return sorted;
  }
  return { ...line, time: believed(line.time) };
}

function runsBackwards(time: readonly number[]): boolean {
  let latest = Number.NEGATIVE_INFINITY;
  for (const at of time) {
    if (at < latest) return true;
    if (at > latest) latest = at;
  }
  return false;
}

/** The longest run of times that never decreases, NaN for the others: one wrong reading costs one time. */
function believed(time: readonly number[]): number[] {
  // patience sorting: the smallest end of a run of each length, and which point that is
  const ends: number[] = [];
  const before = new Int32Array(time.length);
  const tails: number[] = [];
  for (let at = 0; at < time.length; at++) {
    if (Number.isNaN(time[at])) continue;
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (ends[middle] <= time[at]) low = middle + 1;
      else high = middle;
    }
    ends[low] = time[at];
    before[at] = low > 0 ? tails[low - 1] : -1;
    tails[low] = at;
  }
  const kept = new Array<number>(time.length).fill(Number.NaN);
  for (let at = tails.at(-1) ?? -1; at >= 0; at = before[at]) kept[at] = time[at];
  return kept;
}

/** A lone point beside lines shows nothing that happened; alone it is all there is. */
function withoutStrays(lines: readonly RawLine[]): RawLine[] {
  const drawn = lines.filter(({ lat }) => lat.length > 1);
  return drawn.length > 0 ? drawn : lines.slice(0, 1);
}

function rounded({ lng, lat, time, altitude }: RawLine): TrackLine {
  const line: TrackLine = {
    lng: new Int32Array(lng.length),
    lat: new Int32Array(lat.length),
    time: Float64Array.from(time),
    altitude: new Float32Array(altitude.length),
  };
  for (let at = 0; at < lng.length; at++) {
    const east = Math.round(lng[at] * 1e7);
    line.lng[at] = east < 1_800_000_000 ? east : -1_800_000_000;
    line.lat[at] = Math.round(lat[at] * 1e7);
    line.altitude[at] = Math.round(altitude[at] * 10) / 10;
  }
  return line;
}

function length({ lng, lat }: RawLine): number {
  let metres = 0;
  for (let at = 1; at < lat.length; at++) metres += haversine(lng[at - 1], lat[at - 1], lng[at], lat[at]);
  return metres;
}

/** The first and the last moment of the recording, points without a position included. */
function span({ lines }: RawActivity, clock: Clock): { first: number | null; last: number | null } {
  let first: number | null = null;
  let last: number | null = null;
  for (const { time } of lines) {
    for (const read of time) {
      const at = believable(read, clock);
      if (at === null) continue;
      if (first === null || at < first) first = at;
      if (last === null || at > last) last = at;
    }
  }
  return { first, last };
}
