import type { Kept } from './kept.ts';

/** The shapes a recording passes through: as read from a file, and as cleaned. */

/** An unbroken run of recorded points, as the file has them. All four arrays are equally long. */
export interface RawLine {
  /** Degrees, as written; NaN where there is no position. */
  lng: number[];
  lat: number[];
  /** Unix seconds; NaN unknown. */
  time: number[];
  /** Metres; NaN unknown. */
  altitude: number[];
}

/** One activity, as a file tells it. A file may hold several. */
export interface RawActivity {
  /** One of Strava's `sport_type` words, or the file's own word where there is none like it; null unknown. */
  sport: string | null;
  name: string | null;
  /** Unix seconds. */
  startedAt: number | null;
  /** May be empty: indoors nothing has a position. */
  lines: RawLine[];
  /** Ridden in a game: the positions are invented. */
  virtual: boolean;
  /** A route somebody drew, not an outing that took place. */
  planned: boolean;
  /** What an export of our own says of it: its points were cleaned before. */
  kept?: Kept;
  /** Codes of what was wrong with the file and could be passed over, such as `truncated`. */
  notes: Note[];
}

/**
 * `truncated`: the file ends too early, what comes before its end was read. `damaged_end`: the same, of a file
 * that turns to nonsense. `damaged_part`: of several files in one, one that follows could not be read.
 */
export type Note = 'truncated' | 'damaged_end' | 'damaged_part';

/** An unbroken run of good points. All four arrays are equally long, and at least one point long. */
export interface TrackLine {
  /** 1e-7 degrees, in [-180°, 180°). */
  lng: Int32Array;
  /** 1e-7 degrees. */
  lat: Int32Array;
  /** Unix seconds, in milliseconds' steps, never running backwards within a line; NaN unknown. */
  time: Float64Array;
  /** Metres, in steps of 0.1; NaN unknown. */
  altitude: Float32Array;
}

/** A cleaned recording: the source of truth that everything drawn is derived from. */
export interface Track {
  lines: TrackLine[];
  pointCount: number;
  /** Metres along the lines; what lies between two lines does not count. */
  distance: number;
  /** Unix seconds. */
  startedAt: number | null;
  /** Seconds from the first point to the last, breaks included. */
  elapsed: number | null;
}

/** Why a file gives no activity. */
export type TrackFileFault =
  | 'empty_file'
  | 'unknown_format'
  | 'malformed_xml'
  | 'malformed_fit'
  | 'malformed_gzip'
  | 'malformed_zip'
  | 'malformed_csv'
  | 'encrypted'
  | 'unsupported_zip'
  | 'unsafe_archive'
  | 'no_activity'
  | 'not_an_activity'
  | 'too_large'
  | 'too_many_points'
  | 'too_many_files'
  | 'too_deep'
  | 'missing_file'
  | 'not_readable';

/** A file that cannot be read, with a message for the person who gave it. */
export class TrackFileError extends Error {
  readonly code: TrackFileFault;
  constructor(code: TrackFileFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'TrackFileError';
    this.code = code;
  }
}

export function emptyLine(): RawLine {
  return { lng: [], lat: [], time: [], altitude: [] };
}
