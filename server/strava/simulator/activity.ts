/** An activity as the simulated Strava holds it. */
import type { RawActivity } from '../../tracks/recording.ts';

export type Visibility = 'everyone' | 'followers_only' | 'only_me';

/** What a device recorded. All arrays are equally long; places may be missing altogether. */
export interface Recorded {
  /** Seconds since the start. */
  time: number[];
  /** Metres along the way. */
  distance: number[];
  /** Degrees, six decimals; null indoors. */
  lat: number[] | null;
  lng: number[] | null;
  /** Metres; null where nothing measured it. */
  altitude: number[] | null;
}

/** Ways in which Strava's rows differ from the usual one. */
export interface Oddities {
  /** Entered by hand: there are no streams at all. */
  manual: boolean;
  /** The start shows as one second past midnight. */
  hiddenStart: boolean;
  /** `null` for what is empty, as rows of old have it. */
  nulls: boolean;
  /** Without the keys that are not always there. */
  bare: boolean;
}

export interface SimulatedActivity extends Oddities {
  id: number;
  athleteId: number;
  name: string;
  /** `sport_type`. */
  sport: string;
  /** Unix seconds. */
  startedAt: number;
  /** Seconds east of UTC. */
  utcOffset: number;
  timezone: string;
  commute: boolean;
  trainer: boolean;
  visibility: Visibility;
  recorded: Recorded | null;
}

/** An activity to be: what is not given is as it mostly is. */
export interface NewActivity extends Partial<Omit<SimulatedActivity, 'id' | 'athleteId' | 'recorded'>> {
  /** What was recorded; left out for one entered by hand. */
  raw?: RawActivity;
}

export function activityOf(
  id: number,
  athleteId: number,
  given: NewActivity,
  now: number,
): SimulatedActivity {
  const { raw, ...rest } = given;
  const recorded = raw && !given.manual ? recordedOf(raw) : null;
  return {
    id,
    athleteId,
    name: raw?.name ?? 'Morning Activity',
    sport: raw?.sport ?? 'Workout',
    startedAt: Math.round(raw?.startedAt ?? now / 1000),
    utcOffset: 3600,
    timezone: '(GMT+01:00) Europe/Berlin',
    commute: false,
    trainer: recorded !== null && recorded.lat === null,
    manual: recorded === null,
    visibility: 'everyone',
    hiddenStart: false,
    nulls: false,
    bare: false,
    ...rest,
    recorded,
  };
}

/** The lines of a recording one after the other: a pause is nothing but a jump in time. */
export function recordedOf({ lines, startedAt }: RawActivity): Recorded | null {
  const all = <Key extends 'lng' | 'lat' | 'time' | 'altitude'>(key: Key) =>
    lines.flatMap((line) => line[key]);
  const [lng, lat, altitude] = [all('lng'), all('lat'), all('altitude')];
  if (lng.length === 0) return null;
  const time = all('time').map((at, index) => (Number.isNaN(at) ? index : Math.round(at - (startedAt ?? 0))));
  const hasPlaces = !lat.some(Number.isNaN);
  return {
    time,
    distance: hasPlaces ? distances(lng, lat) : time.map((at) => at * 2.5),
    lng: hasPlaces ? lng.map((degrees) => rounded(degrees, 6)) : null,
    lat: hasPlaces ? lat.map((degrees) => rounded(degrees, 6)) : null,
    altitude: altitude.some(Number.isNaN) ? null : altitude.map((metres) => rounded(metres, 1)),
  };
}

function distances(lng: number[], lat: number[]): number[] {
  const perLat = 111_195;
  const perLng = perLat * Math.cos((lat[0] * Math.PI) / 180);
  let way = 0;
  return lng.map((degrees, at) => {
    if (at > 0) way += Math.hypot((degrees - lng[at - 1]) * perLng, (lat[at] - lat[at - 1]) * perLat);
    return rounded(way, 1);
  });
}

export function rounded(value: number, decimals: number): number {
  const scale = 10 ** decimals;
  return Math.round(value * scale) / scale;
}
