import { splitAtAntimeridian } from '../geo/antimeridian.ts';
import { writeChunks } from '../geo/chunks.ts';
import { COARSE_LEVELS, LEVELS, levelTolerance } from '../geo/levels.ts';
import { latToWorldY, lngToWorldX, MAX_LATITUDE } from '../geo/mercator.ts';
import { simplify } from '../geo/simplify.ts';
import type { Bounds } from '../geo/tile.ts';
import type { Track, TrackLine } from './recording.ts';

export { packGeometry, unpackGeometry } from './geometry-pack.ts';

/** Everything that is drawn of a track; see geo/chunks.ts for the bytes. */
export interface Levels {
  coarse: Uint8Array;
  fine: Uint8Array;
  /** World units, maxima inclusive; null where nothing is drawn. */
  bounds: Bounds | null;
}

/** Simplifies a track for each level. */
export function makeLevels(track: Track): Levels {
  const lines = linesOnMap(track);
  return { ...levelsOf(() => lines), bounds: boundsOf(lines) };
}

/**
 * A track's lines in world units, x and y interleaved, at full resolution. What lies beyond the map's edge is cut off,
 * the antimeridian cuts a line in two.
 */
export function linesOnMap(track: Track): Float64Array[] {
  return track.lines.flatMap(withinMap).flatMap(splitAtAntimeridian);
}

/** Simplifies for each level the lines that it is to show. */
export function levelsOf(linesAt: (level: number) => readonly Float64Array[]): Omit<Levels, 'bounds'> {
  const levels = LEVELS.map((_, level) =>
    Buffer.concat(linesAt(level).map((line) => writeLevel(line, level))),
  );
  return { coarse: plain(levels.slice(0, COARSE_LEVELS)), fine: plain(levels.slice(COARSE_LEVELS)) };
}

function writeLevel(line: Float64Array, level: number): Uint8Array {
  const kept = simplify(line, levelTolerance(level));
  const points = new Float64Array(kept.length * 2);
  for (let at = 0; at < kept.length; at++) {
    points[at * 2] = line[kept[at] * 2];
    points[at * 2 + 1] = line[kept[at] * 2 + 1];
  }
  return writeChunks(points, level);
}

/** The line in world units, x and y interleaved, in as many parts as the map's north and south edges leave of it. */
function withinMap({ lng, lat }: TrackLine): Float64Array[] {
  const edge = MAX_LATITUDE * 1e7;
  if (lat.every((at) => at <= edge && at >= -edge)) {
    const line = new Float64Array(lng.length * 2);
    for (let at = 0; at < lng.length; at++) {
      line[at * 2] = lngToWorldX(lng[at] / 1e7);
      line[at * 2 + 1] = latToWorldY(lat[at] / 1e7);
    }
    return [line];
  }
  const parts: number[][] = [];
  let part: number[] = [];
  for (let at = 0; at < lng.length; at++) {
    const inside = Math.abs(lat[at]) <= edge;
    const wasInside = at > 0 && Math.abs(lat[at - 1]) <= edge;
    if (at > 0 && inside !== wasInside) {
      // up there a degree of longitude is some kilometres: straight in degrees is straight enough
      const beyond = inside ? lat[at - 1] : lat[at];
      const share = (Math.sign(beyond) * edge - lat[at - 1]) / (lat[at] - lat[at - 1]);
      let east = lng[at] - lng[at - 1];
      if (Math.abs(east) > 1_800_000_000) east -= Math.sign(east) * 3_600_000_000;
      const crossing = [
        lngToWorldX((lng[at - 1] + east * share) / 1e7),
        latToWorldY(Math.sign(beyond) * MAX_LATITUDE),
      ];
      if (inside) part = crossing;
      else parts.push(part.concat(crossing));
    }
    if (inside) part.push(lngToWorldX(lng[at] / 1e7), latToWorldY(lat[at] / 1e7));
    else part = [];
  }
  if (part.length > 0) parts.push(part);
  return parts.map((points) => Float64Array.from(points));
}

function boundsOf(lines: readonly Float64Array[]): Bounds | null {
  const bounds = { minX: Number.POSITIVE_INFINITY, minY: Number.POSITIVE_INFINITY, maxX: -1, maxY: -1 };
  for (const line of lines) {
    for (let at = 0; at < line.length; at += 2) {
      bounds.minX = Math.min(bounds.minX, Math.floor(line[at]));
      bounds.maxX = Math.max(bounds.maxX, Math.ceil(line[at]));
      bounds.minY = Math.min(bounds.minY, Math.floor(line[at + 1]));
      bounds.maxY = Math.max(bounds.maxY, Math.ceil(line[at + 1]));
    }
  }
  return bounds.maxX < 0 ? null : bounds;
}

/** A plain array of its own: a slice of Node's pool would keep all of it, and cannot be handed to another thread. */
function plain(parts: Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
