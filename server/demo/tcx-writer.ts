import type { RawActivity } from '../tracks/recording.ts';
import { isoTime } from './iso-time.ts';

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
