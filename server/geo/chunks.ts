/**
 * The encoded geometry: the same bytes in the database, in memory and under the raster. A run of chunks, each
 * on a 4-byte boundary, little-endian:
 *
 *     0        4        8            10      11   12
 *     │originX │originY │ pointCount │ level │ 0  │ dx, dy │ dx, dy │ …
 *     │ int32  │ int32  │ uint16     │ uint8 │    │ int16 each, pointCount - 1 pairs
 *
 * Point k is origin + levelUnit · (sum of the first k deltas), in world units. Consecutive chunks of a line
 * share their boundary point, so every segment lies in exactly one chunk. One point alone is a dot.
 */
import { LEVELS, levelUnit } from './levels.ts';
import { WORLD_SIZE } from './mercator.ts';
import type { Bounds } from './tile.ts';

export const CHUNK_HEADER_BYTES = 12;
export const CHUNK_MAX_POINTS = 64;

const MAX_STEP = 32767;

/** Bytes of a chunk of so many points. */
export function chunkBytes(pointCount: number): number {
  return CHUNK_HEADER_BYTES + (pointCount - 1) * 4;
}

/**
 * Encodes one line (x, y interleaved, world units, x and y in [0, 2^31]) for a level: rounded to the level's
 * grid, points that fall together become one, a step too long for 16 bits becomes several of about equal length.
 * An empty line is no chunk. Throws RangeError on coordinates that are not finite.
 */
export function writeChunks(line: ArrayLike<number>, level: number): Uint8Array {
  const steps = gridSteps(line, levelUnit(level));
  const pointCount = steps.length / 2;
  if (pointCount === 0) return new Uint8Array(0);
  const segments = pointCount - 1;
  const perChunk = CHUNK_MAX_POINTS - 1;
  const chunks = Math.max(1, Math.ceil(segments / perChunk));
  const bytes = new Uint8Array(chunks * CHUNK_HEADER_BYTES + segments * 4);
  const view = new DataView(bytes.buffer);
  const unit = levelUnit(level);
  let offset = 0;
  for (let first = 0; offset < bytes.length; first += perChunk) {
    const last = Math.min(first + perChunk, segments);
    view.setInt32(offset, steps[first * 2] * unit, true);
    view.setInt32(offset + 4, steps[first * 2 + 1] * unit, true);
    view.setUint16(offset + 8, last - first + 1, true);
    view.setUint8(offset + 10, level);
    offset += CHUNK_HEADER_BYTES;
    for (let at = first * 2; at < last * 2; at += 2) {
      view.setInt16(offset, steps[at + 2] - steps[at], true);
      view.setInt16(offset + 2, steps[at + 3] - steps[at + 1], true);
      offset += 4;
    }
  }
  return bytes;
}

/**
 * Walks the chunks in order. `bounds` are inclusive, exact, and the same object each time. Throws RangeError on
 * damaged bytes, before anything of the damaged chunk was shown.
 */
export function forEachChunk(
  geometry: Uint8Array,
  visit: (byteOffset: number, level: number, pointCount: number, bounds: Bounds) => void,
): void {
  const view = new DataView(geometry.buffer, geometry.byteOffset, geometry.byteLength);
  const bounds: Bounds = { minX: 0, minY: 0, maxX: 0, maxY: 0 };
  let offset = 0;
  while (offset < geometry.length) {
    if (offset + CHUNK_HEADER_BYTES > geometry.length) throw damaged(offset, 'its header is cut off');
    const pointCount = view.getUint16(offset + 8, true);
    const level = view.getUint8(offset + 10);
    if (pointCount < 1 || pointCount > CHUNK_MAX_POINTS) throw damaged(offset, `it has ${pointCount} points`);
    if (level >= LEVELS.length) throw damaged(offset, `there is no level ${level}`);
    if (view.getUint8(offset + 11) !== 0) throw damaged(offset, 'its header is not a header');
    const end = offset + chunkBytes(pointCount);
    if (end > geometry.length) throw damaged(offset, 'its points are cut off');
    const unit = levelUnit(level);
    let x = view.getInt32(offset, true);
    let y = view.getInt32(offset + 4, true);
    let minX = x;
    let minY = y;
    let maxX = x;
    let maxY = y;
    for (let at = offset + CHUNK_HEADER_BYTES; at < end; at += 4) {
      x += view.getInt16(at, true) * unit;
      y += view.getInt16(at + 2, true) * unit;
      if (x < minX) minX = x;
      else if (x > maxX) maxX = x;
      if (y < minY) minY = y;
      else if (y > maxY) maxY = y;
    }
    if (minX < 0 || minY < 0 || maxX >= WORLD_SIZE || maxY >= WORLD_SIZE) {
      throw damaged(offset, 'it leaves the world');
    }
    bounds.minX = minX;
    bounds.minY = minY;
    bounds.maxX = maxX;
    bounds.maxY = maxY;
    visit(offset, level, pointCount, bounds);
    offset = end;
  }
}

/** The points of the chunk at `byteOffset`, x, y interleaved in world units: for tests and exports, not for hot paths. */
export function chunkPoints(geometry: Uint8Array, byteOffset: number): Float64Array {
  const view = new DataView(geometry.buffer, geometry.byteOffset + byteOffset);
  const unit = levelUnit(view.getUint8(10));
  const xy = new Float64Array(view.getUint16(8, true) * 2);
  xy[0] = view.getInt32(0, true);
  xy[1] = view.getInt32(4, true);
  for (let at = 2; at < xy.length; at++) {
    xy[at] = xy[at - 2] + view.getInt16(CHUNK_HEADER_BYTES + (at - 2) * 2, true) * unit;
  }
  return xy;
}

/** The line in whole units of the level's grid, without repeated points, no step longer than 16 bits hold. */
function gridSteps(line: ArrayLike<number>, unit: number): number[] {
  const last = WORLD_SIZE / unit - 1;
  const steps: number[] = [];
  let fromX = 0;
  let fromY = 0;
  for (let at = 0; at + 1 < line.length; at += 2) {
    const x = Math.min(last, Math.max(0, Math.round(line[at] / unit)));
    const y = Math.min(last, Math.max(0, Math.round(line[at + 1] / unit)));
    if (!Number.isFinite(x + y)) throw new RangeError('a coordinate is not a number');
    if (at > 0) {
      if (x === fromX && y === fromY) continue;
      const parts = Math.ceil(Math.max(Math.abs(x - fromX), Math.abs(y - fromY)) / MAX_STEP);
      for (let part = 1; part < parts; part++) {
        steps.push(
          fromX + Math.round(((x - fromX) * part) / parts),
          fromY + Math.round(((y - fromY) * part) / parts),
        );
      }
    }
    steps.push(x, y);
    fromX = x;
    fromY = y;
  }
  return steps;
}

function damaged(offset: number, why: string): RangeError {
  return new RangeError(`damaged geometry: the chunk at byte ${offset} cannot be read, ${why}`);
}
