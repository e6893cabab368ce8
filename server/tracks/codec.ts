import { ByteReader, openColumn, packColumn, pushVarint } from './column.ts';
import type { Track, TrackLine } from './recording.ts';

/**
 * A cleaned track as bytes: what is kept of a recording. About 3 bytes a point with time and altitude.
 *
 *     version │ startedAt, elapsed, distance (float64) │ number of lines, the length of each
 *             │ lng │ lat │ time │ altitude: each a column over all lines, its length before it
 *
 * Numbers are varints unless said otherwise. Times are in milliseconds, altitudes in decimetres.
 */
const VERSION = 1;

/** More than any file may have: bytes that claim so are damaged. */
const MOST_POINTS = 50_000_000;

const COLUMNS: {
  get(line: TrackLine, at: number): number;
  put(line: TrackLine, at: number, value: number): void;
}[] = [
  {
    get: ({ lng }, at) => lng[at],
    put: ({ lng }, at, value) => {
      lng[at] = within(value, -1_800_000_000, 1_799_999_999);
    },
  },
  {
    get: ({ lat }, at) => lat[at],
    put: ({ lat }, at, value) => {
      lat[at] = within(value, -900_000_000, 900_000_000);
    },
  },
  {
    get: ({ time }, at) => Math.round(time[at] * 1000),
    put: ({ time }, at, value) => {
      time[at] = value / 1000;
    },
  },
  {
    get: ({ altitude }, at) => Math.round(altitude[at] * 10),
    put: ({ altitude }, at, value) => {
      altitude[at] = value / 10;
    },
  },
];

export function encodeTrack(track: Track): Uint8Array {
  const head: number[] = [VERSION];
  const doubles = [track.startedAt ?? Number.NaN, track.elapsed ?? Number.NaN, track.distance];
  head.push(...new Uint8Array(Float64Array.from(doubles).buffer));
  pushVarint(head, track.lines.length);
  for (const { lng } of track.lines) pushVarint(head, lng.length);
  const parts: Uint8Array[] = [Buffer.from(head)];
  const values = new Float64Array(track.lines.reduce((count, { lng }) => count + lng.length, 0));
  for (const { get } of COLUMNS) {
    let to = 0;
    for (const line of track.lines) for (let at = 0; at < line.lng.length; at++) values[to++] = get(line, at);
    const column = packColumn(values);
    const length: number[] = [];
    pushVarint(length, column.length);
    parts.push(Buffer.from(length), column);
  }
  return Buffer.concat(parts);
}

/** Throws RangeError on damaged bytes. */
export function decodeTrack(bytes: Uint8Array): Track {
  const reader = new ByteReader(bytes);
  const version = reader.byte();
  if (version !== VERSION) throw new RangeError(`a track of version ${version} cannot be read`);
  const startedAt = reader.double();
  const elapsed = reader.double();
  const distance = reader.double();
  if (!(distance >= 0)) throw new RangeError('damaged track: its length is not a number');
  const lengths = lineLengths(reader);
  const pointCount = lengths.reduce((sum, length) => sum + length, 0);
  const columns = COLUMNS.map(() => openColumn(reader.bytes(reader.varint()), pointCount));
  const lines = lengths.map(emptyTrackLine);
  columns.forEach((column, which) => {
    const { put } = COLUMNS[which];
    let line = 0;
    let from = 0;
    column.forEach((value, at) => {
      while (at - from >= lengths[line]) from += lengths[line++];
      put(lines[line], at - from, value);
    });
  });
  reader.expectEnd();
  return { lines, pointCount, distance, startedAt: known(startedAt), elapsed: known(elapsed) };
}

function lineLengths(reader: ByteReader): number[] {
  const count = reader.varint();
  const lengths: number[] = [];
  let points = 0;
  while (lengths.length < count) {
    const length = reader.varint();
    points += length;
    if (length === 0 || points > MOST_POINTS) throw new RangeError('damaged track: lines that cannot be');
    lengths.push(length);
  }
  return lengths;
}

function emptyTrackLine(length: number): TrackLine {
  return {
    lng: new Int32Array(length),
    lat: new Int32Array(length),
    time: new Float64Array(length),
    altitude: new Float32Array(length),
  };
}

function within(value: number, least: number, most: number): number {
  if (!(value >= least && value <= most)) throw new RangeError('damaged track: a point off the Earth');
  return value;
}

function known(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
