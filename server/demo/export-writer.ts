/** Bulk exports as Strava makes them: what demo, tests and bench import. */
import { gzipSync } from 'node:zlib';
import { haversine } from '../tracks/distance.ts';
import type { RawActivity } from '../tracks/recording.ts';
import { fitFile } from './fit-writer.ts';
import { gpxFile } from './gpx-writer.ts';
import { tcxFile } from './tcx-writer.ts';
import { type ZipMember, zipFile } from './zip-writer.ts';

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
/** A route somebody drew: exports hold those too, and they are no outings. */
const PLANNED: RawActivity = {
  sport: 'Ride',
  name: 'To the lake',
  startedAt: null,
  lines: [
    {
      lng: [11.25, 11.26, 11.262],
      lat: [47.98, 47.984, 47.99],
      time: [Number.NaN, Number.NaN, Number.NaN],
      altitude: [580, 585, 590],
    },
  ],
  virtual: false,
  planned: true,
  notes: [],
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
    const seconds = `${secondsOf(activity)}`;
    const metres = metresOf(activity);
    const kilometres = (metres / 1000).toFixed(2);
    const words = [
      activityId,
      date,
      activity.name ?? '',
      sport,
      description,
      seconds,
      language === 'en' ? kilometres : kilometres.replace('.', ','),
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
      metres.toFixed(1),
    );
    words.push(commute ? '1.0' : '0.0', '');
    return words.map((word) => (/[",\n]/.test(word) ? `"${word.replaceAll('"', '""')}"` : word)).join(',');
  });
  return Buffer.from(`${HEADERS[language]}\n${rows.join('\n')}\n`);
}

/** From the first point to the last. */
function secondsOf({ lines }: RawActivity): number {
  const times = lines.flatMap(({ time }) => time);
  return times.length > 0 ? Math.round(times[times.length - 1] - times[0]) : 0;
}

/** Along the ground; none of it where there were no satellites. */
function metresOf({ lines }: RawActivity): number {
  let metres = 0;
  for (const { lng, lat } of lines) {
    for (let at = 1; at < lng.length; at++) {
      const step = haversine(lng[at - 1], lat[at - 1], lng[at], lat[at]);
      if (!Number.isNaN(step)) metres += step;
    }
  }
  return metres;
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
    { name: 'routes/1.gpx', bytes: gpxFile(PLANNED, { routes: true }) },
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
