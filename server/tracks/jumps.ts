import { haversine } from './distance.ts';
import { emptyLine, type RawLine } from './recording.ts';

/*
 * What a recording does, and what is done with it:
 *
 *   a pause      ──────●●────────   the next point is near: one line
 *   a spike      ──────/\────────   out and back faster than anybody: the points in between go
 *   a jump       ──────   ───────   gone far before the next point: two lines
 *
 * How far is far depends on how densely was recorded: a tracker that writes every ten minutes never jumps.
 */

/** Metres a second that nothing on the ground goes from one second to the next, nor in the air. */
const GROUND_LIMIT = 100;
const AIR_LIMIT = 400;
/** Metres a second on both legs of a spike, by what is moving. */
const SPIKE_SPEED: [RegExp, number][] = [
  [/Run|Walk|Hike|Snowshoe|Swim|Row|Canoe|Kayak|Paddl|Wheelchair|Golf/, 15],
  [/Ride|Skate|Handcycle|Velomobile|NordicSki|RollerSki/, 35],
];
const SPIKE_SPEED_ELSE = 60;
/** Metres below which a leg is noise, however short its time. */
const SPIKE_LENGTH = 40;
const JUMP_LENGTH = 100;
/** Points in a row that may be far off together. */
const SPIKE_POINTS = 5;

/** Seconds and metres of a gap that nobody knows the way through … */
const GAP_TIME = 60;
const GAP_LENGTH = 200;
/** … metres that are a gap however little time they took … */
const LONG_GAP = 2000;
/** … and how many times the usual interval and leg a gap is at least. */
const GAP_FACTOR = 10;

/** Drops spikes and breaks a line where the recording jumped. Times never run backwards; NaN where unknown. */
export function splitAtJumps(line: RawLine, sport: string | null): RawLine[] {
  const { lng, lat, time, altitude } = line;
  const count = lat.length;
  const rules = rulesFor(line, sport);
  const lines: RawLine[] = [];
  let part = emptyLine();
  let last = -1;

  for (let at = 0; at < count; at++) {
    if (last >= 0) {
      const leg = measure(line, last, at);
      if (isSpike(line, last, at, leg, rules)) continue;
      if (isImpossible(leg, rules)) {
        const back = comesBack(line, last, at, rules);
        if (back > 0) {
          at = back - 1;
          continue;
        }
        lines.push(part);
        part = emptyLine();
      } else if (isGap(leg, rules)) {
        lines.push(part);
        part = emptyLine();
      }
    }
    part.lng.push(lng[at]);
    part.lat.push(lat[at]);
    part.time.push(time[at]);
    part.altitude.push(altitude[at]);
    last = at;
  }
  if (part.lat.length > 0) lines.push(part);
  return lines;
}

interface Rules {
  spikeSpeed: number;
  limit: number;
  gapTime: number;
  gapLength: number;
  longGap: number;
}

/** Metres and seconds between two points; seconds NaN unknown. */
interface Leg {
  metres: number;
  seconds: number;
}

function measure({ lng, lat, time }: RawLine, a: number, b: number): Leg {
  return { metres: haversine(lng[a], lat[a], lng[b], lat[b]), seconds: time[b] - time[a] };
}

/** Both legs too fast, and the points before and after closer to each other than to this one. */
function isSpike(line: RawLine, last: number, at: number, leg: Leg, { spikeSpeed }: Rules): boolean {
  if (leg.metres < SPIKE_LENGTH || !(speed(leg) > spikeSpeed) || at + 1 >= line.lat.length) return false;
  const next = measure(line, at, at + 1);
  if (next.metres < SPIKE_LENGTH || !(speed(next) > spikeSpeed)) return false;
  return measure(line, last, at + 1).metres < Math.min(leg.metres, next.metres) / 2;
}

function isImpossible(leg: Leg, { limit }: Rules): boolean {
  return leg.metres > JUMP_LENGTH && speed(leg) > limit;
}

/** The index of the first of the next few points that can be reached from `last`; 0 if there is none. */
function comesBack(line: RawLine, last: number, at: number, rules: Rules): number {
  for (let back = at + 1; back <= at + SPIKE_POINTS && back < line.lat.length; back++) {
    const leg = measure(line, last, back);
    if (!isImpossible(leg, rules) && !isGap(leg, rules)) return back;
  }
  return 0;
}

function isGap({ metres, seconds }: Leg, rules: Rules): boolean {
  return metres > rules.longGap || (metres > rules.gapLength && seconds > rules.gapTime);
}

/** Metres a second; several points within one second are taken to be a second apart, as clocks round. */
function speed({ metres, seconds }: Leg): number {
  return metres / Math.max(1, seconds);
}

function rulesFor(line: RawLine, sport: string | null): Rules {
  const usual = usualLeg(line);
  const spike = SPIKE_SPEED.find(([sports]) => sport !== null && sports.test(sport));
  return {
    spikeSpeed: spike ? spike[1] : SPIKE_SPEED_ELSE,
    limit: spike ? GROUND_LIMIT : AIR_LIMIT,
    gapTime: Math.max(GAP_TIME, usual.seconds * GAP_FACTOR),
    gapLength: Math.max(GAP_LENGTH, usual.metres * GAP_FACTOR),
    longGap: Math.max(LONG_GAP, usual.metres * GAP_FACTOR),
  };
}

/** How densely is recorded: the median of at most some hundred legs, taken all along the line. */
function usualLeg(line: RawLine): Leg {
  const metres: number[] = [];
  const seconds: number[] = [];
  const step = Math.max(1, Math.floor(line.lat.length / 400));
  for (let at = 1; at < line.lat.length; at += step) {
    const leg = measure(line, at - 1, at);
    metres.push(leg.metres);
    if (leg.seconds >= 0) seconds.push(leg.seconds);
  }
  return { metres: median(metres), seconds: median(seconds) };
}

function median(values: number[]): number {
  if (values.length === 0) return 0;
  values.sort((a, b) => a - b);
  return values[values.length >> 1];
}
