import type { RawActivity, RawLine } from '../tracks/recording.ts';
import { isoTime } from './iso-time.ts';

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
  const { version = '1.1', prefix: p = '', creator = 'Pathglow', routes = false, before = '' } = options;
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

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
