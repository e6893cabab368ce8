import { emptyActivity } from './recorder.ts';
import { emptyLine, type RawActivity, type RawLine } from './recording.ts';
import { FIT_VIRTUAL, fitSport, isVirtualSport } from './sports.ts';

/** Where in a message a field lies. */
export interface FitField {
  offset: number;
  size: number;
}

/** One message, looked at in place; the same object shows one after the other. */
export class FitMessage {
  view: DataView = new DataView(new ArrayBuffer(0));
  start = 0;
  fields: ReadonlyMap<number, FitField> = new Map();
  littleEndian = true;
  /** Of this message or, where it has none, of the one before: FIT's seconds. 0 before the first. */
  time = 0;

  /** An unsigned number of one, two or four bytes; NaN where there is none or it is marked invalid. */
  unsigned(number: number): number {
    const field = this.fields.get(number);
    if (!field) return Number.NaN;
    const at = this.start + field.offset;
    if (field.size === 1) return valid(this.view.getUint8(at), 0xff);
    if (field.size === 2) return valid(this.view.getUint16(at, this.littleEndian), 0xffff);
    if (field.size === 4) return valid(this.view.getUint32(at, this.littleEndian), 0xffffffff);
    return Number.NaN;
  }

  /** A position in degrees; NaN where there is none, which devices write as 0x7FFFFFFF. */
  degrees(number: number): number {
    const field = this.fields.get(number);
    if (field?.size !== 4) return Number.NaN;
    const semicircles = this.view.getInt32(this.start + field.offset, this.littleEndian);
    return semicircles === 0x7fffffff ? Number.NaN : semicircles * DEGREES;
  }
}

export type FitActivity = RawActivity & { kind: 'activity' | 'course' | 'other' };

interface Session {
  /** Unix seconds; NaN unknown. */
  start: number;
  sport: number;
  subSport: number;
}

const DEGREES = 180 / 2 ** 31;
/** FIT counts from 1989-12-31; smaller values count from when the device was switched on. */
const EPOCH = 631_065_600;
const SMALLEST_DATE = 0x10000000;

const FILE_ID = 0;
const SPORT = 12;
const SESSION = 18;
const RECORD = 20;

const ACTIVITY_FILE = 4;
const COURSE_FILE = 6;
const TRANSITION = 3;

/** Makers of games with a world of their own: bkool, Zwift, Rouvy, MyWhoosh. */
const GAMES = new Set([67, 260, 284, 331]);
/** More than this many sessions no outing has. */
const MOST_SESSIONS = 100;

/** What the messages of one FIT file add up to. */
export class FitFile {
  readonly #line: RawLine = emptyLine();
  readonly #sessions: Session[] = [];
  #type = Number.NaN;
  #hasRecords = false;
  #manufacturer = Number.NaN;
  #sport: Session | null = null;

  /** True if the message was a point. */
  take(number: number, message: FitMessage): boolean {
    switch (number) {
      case RECORD:
        this.#hasRecords = true;
        return this.#record(message);
      case FILE_ID:
        if (Number.isNaN(this.#type)) this.#type = message.unsigned(0);
        if (Number.isNaN(this.#manufacturer)) this.#manufacturer = message.unsigned(1);
        break;
      case SPORT:
        this.#sport ??= { start: Number.NaN, sport: message.unsigned(0), subSport: message.unsigned(1) };
        break;
      case SESSION:
        if (this.#sessions.length < MOST_SESSIONS) {
          const start = unixSeconds(message.unsigned(2));
          this.#sessions.push({ start, sport: message.unsigned(5), subSport: message.unsigned(6) });
        }
        break;
    }
    return false;
  }

  /** One activity a session of a sport; what was recorded between two sports belongs to the one before. */
  activities(): FitActivity[] {
    const kind = this.#kind();
    if (kind === null) return [];
    const sessions = this.#sessions.filter(({ sport }) => sport !== TRANSITION);
    sessions.sort((a, b) => a.start - b.start);
    if (sessions.length <= 1 || sessions.some(({ start }) => Number.isNaN(start))) {
      return [this.#activity(kind, sessions[0] ?? this.#sport, this.#line)];
    }
    const lines = sessions.map(emptyLine);
    const { lng, lat, time, altitude } = this.#line;
    let session = 0;
    for (let at = 0; at < time.length; at++) {
      while (session + 1 < sessions.length && time[at] >= sessions[session + 1].start) session++;
      const line = lines[session];
      line.lng.push(lng[at]);
      line.lat.push(lat[at]);
      line.time.push(time[at]);
      line.altitude.push(altitude[at]);
    }
    return sessions.map((session, at) => this.#activity(kind, session, lines[at]));
  }

  #record(message: FitMessage): boolean {
    const lat = message.degrees(0);
    const lng = message.degrees(1);
    const time = unixSeconds(message.time);
    const lost = Number.isNaN(lat) || Number.isNaN(lng);
    if (lost && Number.isNaN(time)) return false;
    const { lng: lngs, lat: lats, time: times, altitude: altitudes } = this.#line;
    const last = times.length - 1;
    // Some devices write what they measured at one moment in several records, the position in one of them.
    if (lost && times[last] === time) return false;
    const enhanced = message.unsigned(78);
    lngs.push(lng);
    lats.push(lat);
    times.push(time);
    altitudes.push((Number.isNaN(enhanced) ? message.unsigned(2) : enhanced) / 5 - 500);
    return true;
  }

  #kind(): FitActivity['kind'] | null {
    if (this.#type === COURSE_FILE) return 'course';
    if (this.#hasRecords || this.#sessions.length > 0) return 'activity';
    // an activity file without any record was cut off before the first
    return this.#type === ACTIVITY_FILE || Number.isNaN(this.#type) ? null : 'other';
  }

  #activity(kind: FitActivity['kind'], session: Session | null, line: RawLine): FitActivity {
    const activity: FitActivity = { ...emptyActivity(kind === 'course'), kind };
    if (line.time.length > 0) activity.lines.push(line);
    const first = line.time.find((time) => !Number.isNaN(time)) ?? Number.NaN;
    const start = session && !Number.isNaN(session.start) ? session.start : first;
    activity.startedAt = Number.isNaN(start) ? null : start;
    const { sport = Number.NaN, subSport = Number.NaN } = session ?? {};
    activity.sport = fitSport(sport, subSport);
    if (GAMES.has(this.#manufacturer) || subSport === FIT_VIRTUAL) {
      activity.virtual = true;
      if (activity.sport === 'Ride' || activity.sport === 'Run') activity.sport = `Virtual${activity.sport}`;
    } else if (activity.sport !== null) activity.virtual = isVirtualSport(activity.sport);
    return activity;
  }
}

function unixSeconds(fitSeconds: number): number {
  return fitSeconds >= SMALLEST_DATE && fitSeconds < 0xffffffff ? fitSeconds + EPOCH : Number.NaN;
}

function valid(value: number, invalid: number): number {
  return value === invalid ? Number.NaN : value;
}
