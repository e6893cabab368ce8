/** Made-up recordings, and the files that devices, apps and Strava write of them: for tests, demo and bench. */
import { gzipSync } from 'node:zlib';
import { emptyLine, type RawActivity, type RawLine } from '../tracks/recording.ts';
import { fitFile } from './fit-writer.ts';
import { seeded } from './sample-activities.ts';
import { type ZipMember, zipFile } from './zip-writer.ts';

export { type FitOptions, fitFile } from './fit-writer.ts';
export { type ZipMember, zipFile } from './zip-writer.ts';

export interface OutingOptions {
  seed?: number;
  points?: number;
  sport?: string;
  name?: string | null;
  /** Unix seconds. */
  startedAt?: number;
  /** Degrees: where it begins. */
  lng?: number;
  lat?: number;
  /** Metres: how much the position is off from one second to the next. */
  noise?: number;
}

/** Metres a second at which somebody usually goes. */
const SPEEDS: Record<string, number> = { Run: 3, TrailRun: 2.7, Ride: 7, Walk: 1.4, Hike: 1.2, Swim: 0.9 };

/** An outing recorded once a second, with the errors a receiver makes: they drift, they do not jump about. */
export function recordedOuting(options: OutingOptions = {}): RawActivity {
  const {
    seed = 1,
    points = 600,
    sport = 'Ride',
    name = 'Round the lake',
    startedAt = 1_717_142_400,
  } = options;
  const { lng = 11.25, lat = 47.98, noise = 0.3 } = options;
  const random = seeded(seed);
  const wobble = () => (random() + random() + random() + random() - 2) * Math.sqrt(3);
  const line = emptyLine();
  const metre = 1 / 111_320;
  const usual = SPEEDS[sport] ?? 3;
  let [x, y, heading, speed] = [0, 0, random() * 2 * Math.PI, usual];
  let [errorX, errorY, height, slope] = [0, 0, 580, 0];
  for (let at = 0; at < points; at++) {
    line.lng.push(round(lng + ((x + errorX) * metre) / Math.cos((lat * Math.PI) / 180), 7));
    line.lat.push(round(lat + (y + errorY) * metre, 7));
    line.time.push(startedAt + at);
    line.altitude.push(round(height, 1));
    heading += 0.05 * wobble();
    speed = Math.max(0, speed + 0.1 * wobble() - (speed - usual) * 0.02);
    x += speed * Math.cos(heading);
    y += speed * Math.sin(heading);
    errorX = 0.98 * errorX + noise * wobble();
    errorY = 0.98 * errorY + noise * wobble();
    slope = 0.99 * slope + 0.003 * wobble();
    height += speed * slope;
  }
  return { sport, name, startedAt, lines: [line], virtual: false, planned: false, notes: [] };
}

export interface GpxOptions {
  version?: '1.0' | '1.1' | 'none';
  /** Before each element's name, such as `gpx:`. */
  prefix?: string;
  creator?: string;
  /** Routes instead of tracks. */
  routes?: boolean;
  /** Before everything else: blanks, a byte order mark. */
  before?: string;
  encoding?: 'utf8' | 'utf16le' | 'latin1';
  /** What the file says about itself. */
  declared?: string;
}

/** Writes one track for each activity, one segment for each line. Unknown times and altitudes are left out. */
export function gpxFile(activities: RawActivity | RawActivity[], options: GpxOptions = {}): Buffer {
  const {
    version = '1.1',
    prefix: p = '',
    creator = 'Pathglow tests',
    routes = false,
    before = '',
  } = options;
  const { encoding = 'utf8', declared = 'UTF-8' } = options;
  const number = version.replace('.', '/');
  const namespace =
    version === 'none' ? '' : ` xmlns${p && `:${p.slice(0, -1)}`}="http://www.topografix.com/GPX/${number}"`;
  const text = [
    `${before}<?xml version="1.0" encoding="${declared}"?>\n<${p}gpx version="1.1" creator="${creator}"${namespace}>\n`,
  ];
  const point = (tag: string, { lng, lat, time, altitude }: RawLine, at: number) => {
    const place = Number.isNaN(lat[at]) ? '' : ` lat="${lat[at]}" lon="${lng[at]}"`;
    const ele = Number.isNaN(altitude[at]) ? '' : `<${p}ele>${altitude[at]}</${p}ele>`;
    const when = Number.isNaN(time[at]) ? '' : `<${p}time>${isoTime(time[at])}</${p}time>`;
    return `<${p}${tag}${place}>${ele}${when}</${p}${tag}>\n`;
  };
  for (const { name, sport, lines } of [activities].flat()) {
    const about = `${name === null ? '' : `<${p}name>${escaped(name)}</${p}name>`}${sport === null ? '' : `<${p}type>${sport}</${p}type>`}`;
    text.push(`<${p}${routes ? 'rte' : 'trk'}>${about}`);
    for (const line of lines) {
      if (!routes) text.push(`<${p}trkseg>\n`);
      for (let at = 0; at < line.lat.length; at++) text.push(point(routes ? 'rtept' : 'trkpt', line, at));
      if (!routes) text.push(`</${p}trkseg>`);
    }
    text.push(`</${p}${routes ? 'rte' : 'trk'}>\n`);
  }
  text.push(`</${p}gpx>\n`);
  return Buffer.from(text.join(''), encoding);
}

export interface TcxOptions {
  /** Strava's exports begin with ten blanks. */
  before?: string;
  multisport?: boolean;
  /** Points in a lap. */
  lap?: number;
}

/** Writes one Activity for each activity, one Track for each line, the first line cut into laps. */
export function tcxFile(activities: RawActivity | RawActivity[], options: TcxOptions = {}): Buffer {
  const { before = '', multisport = false, lap = Number.POSITIVE_INFINITY } = options;
  const text = [
    `${before}<?xml version="1.0" encoding="UTF-8"?>\n<TrainingCenterDatabase xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2"><Activities>`,
  ];
  if (multisport) text.push('<MultiSportSession><Id>2024-05-31T08:00:00Z</Id>');
  [activities].flat().forEach(({ sport, startedAt, lines }, index) => {
    const start = isoTime(startedAt ?? 0);
    const word = sport === 'Run' ? 'Running' : sport === 'Ride' ? 'Biking' : 'Other';
    if (multisport) text.push(index === 0 ? '<FirstSport>' : '<NextSport>');
    text.push(`<Activity Sport="${word}"><Id>${start}</Id><Lap StartTime="${start}">`);
    for (const { lng, lat, time, altitude } of lines) {
      text.push('<Track>\n');
      for (let at = 0; at < lat.length; at++) {
        if (at > 0 && at % lap === 0)
          text.push(`</Track></Lap><Lap StartTime="${isoTime(time[at])}"><Track>`);
        text.push('<Trackpoint>');
        if (!Number.isNaN(time[at])) text.push(`<Time>${isoTime(time[at])}</Time>`);
        if (!Number.isNaN(lat[at])) {
          text.push(
            `<Position><LatitudeDegrees>${lat[at]}</LatitudeDegrees><LongitudeDegrees>${lng[at]}</LongitudeDegrees></Position>`,
          );
        }
        if (!Number.isNaN(altitude[at])) text.push(`<AltitudeMeters>${altitude[at]}</AltitudeMeters>`);
        text.push('</Trackpoint>\n');
      }
      text.push('</Track>');
    }
    text.push('</Lap><Creator><Name>Some watch</Name></Creator></Activity>');
    if (multisport) text.push(index === 0 ? '</FirstSport>' : '</NextSport>');
  });
  if (multisport) text.push('</MultiSportSession>');
  text.push('</Activities></TrainingCenterDatabase>\n');
  return Buffer.from(text.join(''));
}

/** An activity in a Strava export. */
export interface Exported {
  activity: RawActivity;
  activityId: string;
  commute?: boolean;
  /** By hand: a row without a file. */
  manual?: boolean;
  format?: 'fit.gz' | 'gpx' | 'gpx.gz' | 'tcx.gz';
}

const HEADERS = {
  en: 'Activity ID,Activity Date,Activity Name,Activity Type,Activity Description,Elapsed Time,Distance,Max Heart Rate,Relative Effort,Commute,Activity Private Note,Activity Gear,Filename,Athlete Weight,Bike Weight,Elapsed Time,Moving Time,Distance,Commute,Media',
  de: 'Aktivitäts-ID,Aktivitätsdatum,Name der Aktivität,Aktivitätsart,Aktivitätsbeschreibung,Verstrichene Zeit,Distanz,Max. Herzfrequenz,Relative Leistung,Pendelfahrt,Private Notiz,Ausrüstung,Dateiname,Gewicht,Fahrradgewicht,Verstrichene Zeit,Bewegungszeit,Distanz,Pendelfahrt,Medien',
};
const GERMAN_SPORTS: Record<string, string> = {
  Ride: 'Radfahrt',
  Run: 'Lauf',
  Hike: 'Wanderung',
  Walk: 'Spaziergang',
};

/** The list of an export, in the language of the account, with the column names that occur twice. */
export function activitiesCsv(exported: readonly Exported[], language: 'en' | 'de' = 'en'): Buffer {
  const rows = exported.map((one, index) => {
    const { activity, activityId, commute = false } = one;
    const start = new Date((activity.startedAt ?? 0) * 1000);
    const options = { dateStyle: 'medium', timeStyle: 'medium', timeZone: 'UTC' } as const;
    const date = start.toLocaleString(language === 'en' ? 'en-US' : 'de-DE', options);
    const sport = (language === 'de' && GERMAN_SPORTS[activity.sport ?? '']) || activity.sport || 'Workout';
    const description = 'First line\nsecond "line", with a comma';
    const seconds = (activity.lines[0]?.time.length ?? 0).toString();
    const words = [
      activityId,
      date,
      activity.name ?? '',
      sport,
      description,
      seconds,
      language === 'en' ? '4.20' : '4,20',
      '',
      '',
    ];
    words.push(
      `${commute}`,
      '',
      '',
      one.manual ? '' : filenameOf(one, index),
      '80.0',
      '',
      `${seconds}.0`,
      seconds,
      '4200.5',
    );
    words.push(commute ? '1.0' : '0.0', '');
    return words.map((word) => (/[",\n]/.test(word) ? `"${word.replaceAll('"', '""')}"` : word)).join(',');
  });
  return Buffer.from(`${HEADERS[language]}\n${rows.join('\n')}\n`);
}

/** A whole export: list, recordings, and the media and private lists that come along. */
export function exportMembers(exported: readonly Exported[], language: 'en' | 'de' = 'en'): ZipMember[] {
  const recordings = exported.flatMap((one, index) => {
    if (one.manual) return [];
    const bytes = fileOf(one);
    return [{ name: filenameOf(one, index), bytes, stored: one.format?.endsWith('gz') }];
  });
  return [
    { name: 'activities.csv', bytes: activitiesCsv(exported, language) },
    ...recordings,
    { name: 'media/abc.jpg', bytes: Buffer.from([0xff, 0xd8, 0xff, 0xe0]), stored: true },
    { name: 'routes/1.gpx', bytes: gpxFile(recordedOuting({ seed: 99, points: 20 }), { routes: true }) },
    { name: 'profile.csv', bytes: Buffer.from('Athlete ID,Email Address\n1,someone@example.org\n') },
  ];
}

export function exportZip(exported: readonly Exported[], language: 'en' | 'de' = 'en'): Buffer {
  return zipFile(exportMembers(exported, language));
}

/** The number in a file's name is the upload's, not the activity's. */
function filenameOf({ activityId, format = 'fit.gz' }: Exported, index: number): string {
  return `activities/${Number(activityId) * 2 + index}.${format}`;
}

function fileOf({ activity, format = 'fit.gz' }: Exported): Buffer {
  if (format === 'gpx') return gpxFile(activity);
  if (format === 'gpx.gz') return gzipSync(gpxFile(activity));
  if (format === 'tcx.gz') return gzipSync(tcxFile(activity, { before: '          ' }));
  return gzipSync(fitFile(activity));
}

function isoTime(unixSeconds: number): string {
  return new Date(unixSeconds * 1000).toISOString().replace('.000', '');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

function round(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}
