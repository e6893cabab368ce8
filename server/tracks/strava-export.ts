import { parse } from 'csv-parse/sync';
import { dateReader } from './export-dates.ts';
import { TrackFileError } from './recording.ts';
import { knownSport, sportOf } from './sports.ts';

/** One row of a Strava export's activities.csv: an activity as Strava knows it. */
export interface ExportRow {
  activityId: string;
  name: string | null;
  sport: string | null;
  /** Unix seconds. */
  startedAt: number | null;
  commute: boolean;
  /** Of the recording within the export, such as `activities/123.fit.gz`; null for one written by hand. */
  filename: string | null;
  /** Metres. */
  distance: number | null;
  /** Seconds. */
  elapsed: number | null;
}

/** How the names of recordings look, in every language. */
const FILENAME = /^activities\/[\w.-]+\.(gpx|tcx|fit)(\.gz)?$/i;

/**
 * Where a column stands by default, and what its name begins with in the languages that were seen. The names
 * are in the account's language and their number changes, but the order of the first ones does not.
 */
const COLUMNS = {
  date: {
    at: 1,
    names:
      /^(activity date|aktivit[aä]tsdatum|date de l.activit|fecha de la act|data (dell.att|da ativ)|datum van act)/i,
  },
  name: {
    at: 2,
    names:
      /^(activity name|name der akt|nom de l.activit|nombre de la act|nome (dell.att|da ativ)|naam (van )?act)/i,
  },
  sport: {
    at: 3,
    names:
      /^(activity type|aktivit[aä]ts(art|typ)|type d.activit|tipo de (act|ativ)|tipo di att|activiteitstype)/i,
  },
  elapsed: {
    at: 5,
    names:
      /^(elapsed time|verstrichene zeit|temps [eé]coul|tiempo transc|tempo (trascorso|decorrido)|verstreken tijd)/i,
  },
  distance: { at: 6, names: /^(distance|distanz|distancia|distanza|dist[aâ]ncia|afstand)/i },
  commute: {
    at: -1,
    names:
      /^(commute|pendel|arbeitsweg|trajet|domicile|desplazamiento|ida al|tragitto|deslocamento|woon-werk)/i,
  },
};

const YES = /^(true|yes|ja|oui|s[ií]|sim|verdadero|vero|verdadeiro|waar|wahr|vrai|1|1[.,]0+)$/i;

/** Larger than any: a lifetime of activities with long descriptions is some 20 MB. */
export const MOST_LIST_BYTES = 64 * 2 ** 20;

/**
 * Reads activities.csv, whatever the language of the account. Columns of equal names occur twice, the first in
 * the units of the account, the second in metres and seconds. Throws `malformed_csv` where it is no such file.
 */
export function readActivitiesCsv(bytes: Uint8Array): ExportRow[] {
  if (bytes.length > MOST_LIST_BYTES)
    throw new TrackFileError('too_large', 'no list of activities is that long');
  const [header, ...records] = readRecords(bytes);
  if (!header || header.length < 4) throw notAnExport();
  const filenameAt = filenameColumn(records);
  const english = /^activity id$/i.test(header[0].trim());
  const byId = records.filter((record) => /^\d+$/.test(record[0]?.trim() ?? ''));
  if (!english && (byId.length === 0 || filenameAt < 0)) throw notAnExport();

  const column = (name: keyof typeof COLUMNS) => {
    const { at, names } = COLUMNS[name];
    const found = header.flatMap((title, index) => (names.test(title.trim()) ? [index] : []));
    return found.length > 0 ? found : at < 0 ? [] : [at];
  };
  const [dateAt] = column('date');
  const [nameAt] = column('name');
  const [sportAt] = column('sport');
  const commuteAt = column('commute');
  const distanceAt = column('distance');
  const elapsedAt = column('elapsed');
  const readDate = dateReader(byId.map((record) => record[dateAt] ?? ''));

  return byId.map((record) => ({
    activityId: record[0].trim(),
    name: textOf(record[nameAt]),
    // A word in a language we do not know says less than the file itself.
    sport: english ? sportOf(record[sportAt]) : knownSport(record[sportAt] ?? ''),
    startedAt: readDate(record[dateAt] ?? ''),
    commute: commuteAt.some((at) => YES.test(record[at]?.trim() ?? '')),
    filename: filenameOf(record, filenameAt),
    // Only the second one is in metres for certain.
    distance: distanceAt.length > 1 ? numberOf(record[distanceAt[1]]) : null,
    elapsed: numberOf(record[elapsedAt.at(-1)!]),
  }));
}

/**
 * Quotes within texts are doubled in most exports and escaped by a backslash in some: the reading in which more
 * rows are as long as the header is the right one.
 */
function readRecords(bytes: Uint8Array): string[][] {
  const doubled = readWith('"', bytes);
  if (misfits(doubled) === 0) return doubled;
  const escaped = readWith('\\', bytes);
  return misfits(escaped) < misfits(doubled) ? escaped : doubled;
}

function readWith(sign: string, bytes: Uint8Array): string[][] {
  try {
    return parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), {
      bom: true,
      delimiter: delimiterOf(bytes),
      escape: sign,
      relax_quotes: true,
      relax_column_count: true,
      skip_empty_lines: true,
    }) as string[][];
  } catch {
    return [];
  }
}

function misfits(records: readonly string[][]): number {
  if (records.length === 0) return Number.POSITIVE_INFINITY;
  return records.filter((record) => record.length !== records[0].length).length;
}

/** A spreadsheet that saved the file again may have changed it. */
function delimiterOf(bytes: Uint8Array): string {
  const header = Buffer.from(bytes.subarray(0, 4096)).toString().split('\n', 1)[0];
  const count = (sign: string) => header.split(sign).length;
  return [',', ';', '\t'].reduce((best, sign) => (count(sign) > count(best) ? sign : best));
}

/** The column most of whose values are names of recordings; -1 if there is none. */
function filenameColumn(records: readonly string[][]): number {
  const counts = new Map<number, number>();
  for (const record of records) {
    const at = record.findIndex((value) => FILENAME.test(value.trim()));
    if (at >= 0) counts.set(at, (counts.get(at) ?? 0) + 1);
  }
  return [...counts].reduce((best, one) => (one[1] > best[1] ? one : best), [-1, 0])[0];
}

function filenameOf(record: readonly string[], at: number): string | null {
  const value = record[at]?.trim() ?? '';
  if (FILENAME.test(value)) return value;
  // a row whose texts broke its columns
  return record.find((other) => FILENAME.test(other.trim()))?.trim() ?? null;
}

function textOf(value: string | undefined): string | null {
  const text = value?.replace(/\s+/g, ' ').trim().slice(0, 500);
  return text ? text : null;
}

/** With a decimal point or comma; null where it is no number. */
function numberOf(value: string | undefined): number | null {
  const text = value?.trim().replace(/[\s\u00a0\u202f']/g, '') ?? '';
  if (text === '') return null;
  const plain = text.includes('.') ? text.replaceAll(',', '') : text.replace(',', '.');
  const number = Number(plain);
  return Number.isFinite(number) && number >= 0 ? number : null;
}

function notAnExport(): TrackFileError {
  return new TrackFileError('malformed_csv', 'it is not the list of activities of a Strava export');
}
