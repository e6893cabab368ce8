import { TrackFileError } from './recording.ts';

/** What one file may ask of us. A file that wants more fails; the others are read. */
export interface Limits {
  /** Bytes, unpacked. */
  bytes: number;
  points: number;
  /** Activities in one file. */
  activities: number;
  /** Elements within elements. */
  depth: number;
  /** Bytes between two tags of an XML file: they are held in memory. */
  token: number;
  /** Unpacked bytes for each packed one, in what has unpacked to more than `ratioFrom` bytes. */
  ratio: number;
  ratioFrom: number;
}

/**
 * A recording of 24 hours has 86,400 points and 20 MB of GPX; a million points are a year of them in one file. So
 * many are read, cleaned and simplified within 160 MB of heap.
 */
export const LIMITS: Limits = {
  bytes: 512 * 2 ** 20,
  points: 1_000_000,
  activities: 5_000,
  depth: 64,
  token: 8 * 2 ** 20,
  ratio: 200,
  ratioFrom: 16 * 2 ** 20,
};

/** Passes bytes on and throws once there are more than a file may have. */
export async function* limited(
  chunks: AsyncIterable<Uint8Array>,
  { bytes }: Pick<Limits, 'bytes'>,
): AsyncGenerator<Uint8Array> {
  let seen = 0;
  for await (const chunk of chunks) {
    seen += chunk.length;
    if (seen > bytes) throw tooLarge(bytes);
    yield chunk;
  }
}

export function tooLarge(bytes: number): TrackFileError {
  return new TrackFileError('too_large', `it has more than ${Math.floor(bytes / 2 ** 20)} MB, unpacked`);
}

export function tooDense(ratio: number): TrackFileError {
  return new TrackFileError(
    'too_large',
    `it unpacks to more than ${ratio} times its size, which no recording does`,
  );
}

export function tooManyPoints(points: number): TrackFileError {
  return new TrackFileError('too_many_points', `it has more than ${points.toLocaleString('en')} points`);
}

export function tooManyActivities(activities: number): TrackFileError {
  return new TrackFileError('too_large', `it has more than ${activities.toLocaleString('en')} activities`);
}
