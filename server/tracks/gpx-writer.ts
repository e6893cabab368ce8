import { KEPT_NAMESPACE, type Kept, keptAttributes } from './kept.ts';
import type { TrackLine } from './recording.ts';

/** An activity as it is exported. */
export interface GpxActivity {
  name: string | null;
  sport: string;
  kept: Kept;
  /** None where nothing was recorded but that it took place. */
  lines: readonly TrackLine[];
}

/** Points written at a time. */
const PIECE = 500;

/**
 * Writes an activity as GPX 1.1, piece by piece. Positions have seven decimals, times milliseconds and altitudes one
 * decimal: all that is kept of a recording, so that reading it again gives the same track, bit by bit.
 */
export function* writeGpx({ name, sport, kept, lines }: GpxActivity): Generator<string> {
  const attributes = Object.entries(keptAttributes(kept)).map(
    ([key, value]) => ` ${key}="${escaped(value)}"`,
  );
  const started =
    kept.startedAt === null ? '' : `<metadata><time>${isoTime(kept.startedAt)}</time></metadata>\n`;
  yield [
    '<?xml version="1.0" encoding="UTF-8"?>\n',
    '<gpx version="1.1" creator="Pathglow" xmlns="http://www.topografix.com/GPX/1/1"',
    ` xmlns:pathglow="${KEPT_NAMESPACE}">\n${started}<trk>\n`,
    name === null ? '' : `<name>${escaped(name)}</name>\n`,
    `<type>${escaped(sport)}</type>\n`,
    `<extensions><pathglow:activity${attributes.join('')}/></extensions>\n`,
  ].join('');
  for (const line of lines) {
    yield '<trkseg>\n';
    for (let from = 0; from < line.lat.length; from += PIECE) {
      let text = '';
      for (let at = from; at < Math.min(line.lat.length, from + PIECE); at++) text += point(line, at);
      yield text;
    }
    yield '</trkseg>\n';
  }
  yield '</trk>\n</gpx>\n';
}

function point({ lng, lat, time, altitude }: TrackLine, at: number): string {
  const place = `lat="${(lat[at] / 1e7).toFixed(7)}" lon="${(lng[at] / 1e7).toFixed(7)}"`;
  const height = Number.isNaN(altitude[at]) ? '' : `<ele>${altitude[at].toFixed(1)}</ele>`;
  const when = Number.isNaN(time[at]) ? '' : `<time>${isoTime(time[at])}</time>`;
  return height || when ? `<trkpt ${place}>${height}${when}</trkpt>\n` : `<trkpt ${place}/>\n`;
}

/** Of Unix seconds in whole milliseconds, which their floating point may miss by a hair. */
function isoTime(seconds: number): string {
  return new Date(Math.round(seconds * 1000)).toISOString();
}

/** What XML cannot hold is left out. */
function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
