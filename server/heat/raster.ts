/**
 * Tracks to heat: how many activities passed through each pixel of a tile.
 *
 * Within one activity a pixel holds the largest coverage that any of its segments gives it; over activities
 * coverages add up, in integers. A pixel's coverage depends on nothing but where the segment and the pixel's
 * centre lie in the world: coordinates are multiples of a power of two, so every product below is exact, and
 * the one division is of exact numbers, so it rounds alike for every tile, either direction of the segment,
 * and any number of further points along the same line. That makes tiles seamless and order and recording
 * density irrelevant; the clipping and spans only leave out what would be zero.
 */
import { CHUNK_HEADER_BYTES } from '../geo/chunks.ts';
import { LEVELS, levelUnit } from '../geo/levels.ts';
import type { Tile, TileSize } from '../geo/tile.ts';
import { bounds } from '../geo/tile.ts';
import { coverageTable, TABLE_STEPS } from './coverage.ts';
import { pixelWidth } from './width.ts';

/** The geometry of an athlete: append-only blocks of encoded chunks (see geo/chunks.ts). */
export type Blocks = readonly SharedArrayBuffer[];

const HEADER_WORDS = CHUNK_HEADER_BYTES / 4;
const UNITS = LEVELS.map((_, level) => levelUnit(level));

/** Room for a coverage below an activity's number in one int32. */
const STAMP_STEP = 256;
const LAST_STAMP = 2 ** 31 - STAMP_STEP;

/** Beyond what rounding can do to a span's ends, in pixels. */
const SLACK = 1e-3;

/** What draws one tile. Coordinates are pixels of the tile, not rounded. */
interface Pen {
  size: number;
  visits: Uint32Array;
  /**
   * The largest coverage so far of the activity being drawn, as `stamp + coverage`. Stamps only grow, so what
   * earlier activities (and tiles) left counts as nothing and never has to be cleared.
   */
  stamps: Int32Array;
  stamp: number;
  /** Coverage by squared distance, and where it ends: as a distance and squared. */
  table: Uint8Array;
  outer: number;
  outer2: number;
}

const pens = new Map<TileSize, Pen>();
const tables = new Map<number, Uint8Array>();

/**
 * The visits of each pixel, row by row, in units of 1/255 visit. `refs` holds groups of one activity:
 * [chunkCount, block, byteOffset, block, byteOffset, …, chunkCount, …]; byte offsets are multiples of 4.
 */
export function drawVisits(tile: Tile, size: TileSize, blocks: Blocks, refs: Uint32Array): Uint32Array {
  const pen = penFor(pixelWidth(tile.z, size), size);
  const { minX, minY, maxX } = bounds(tile);
  const scale = size / (maxX - minX);
  const words: Int32Array[] = [];
  for (let at = 0; at < refs.length; ) {
    const end = at + 1 + refs[at] * 2;
    nextActivity(pen);
    for (at++; at < end; at += 2) {
      const block = refs[at];
      words[block] ??= new Int32Array(blocks[block]);
      drawChunk(pen, words[block], refs[at + 1] >> 2, minX, minY, scale);
    }
  }
  return pen.visits;
}

function penFor(width: number, size: TileSize): Pen {
  let table = tables.get(width);
  if (!table) {
    table = coverageTable(width);
    tables.set(width, table);
  }
  let pen = pens.get(size);
  const outer = width / 2 + 0.5;
  if (!pen) {
    const stamps = new Int32Array(size * size);
    pen = { size, visits: new Uint32Array(0), stamps, stamp: 0, table, outer, outer2: outer * outer };
    pens.set(size, pen);
  }
  pen.visits = new Uint32Array(size * size);
  pen.table = table;
  pen.outer = outer;
  pen.outer2 = table.length / TABLE_STEPS;
  return pen;
}

function nextActivity(pen: Pen) {
  if (pen.stamp >= LAST_STAMP - STAMP_STEP) {
    pen.stamps.fill(0);
    pen.stamp = 0;
  }
  pen.stamp += STAMP_STEP;
}

/** Draws the chunk whose header begins at `words[at]`; `scale` is pixels a world unit. */
function drawChunk(pen: Pen, words: Int32Array, at: number, minX: number, minY: number, scale: number) {
  const header = words[at + 2];
  const first = at + HEADER_WORDS;
  const end = first - 1 + (header & 0xffff);
  const unit = UNITS[(header >> 16) & 0xff] * scale;
  const { size, outer } = pen;
  const least = -outer;
  const most = size + outer;
  let x = (words[at] - minX) * scale;
  let y = (words[at + 1] - minY) * scale;
  if (first === end) {
    drawSegment(pen, x, y, 0, 0, true);
    return;
  }
  // whether the end of the segment before, which is this one's start, has been drawn
  let joined = false;
  for (let next = first; next < end; next++) {
    const step = words[next];
    const dx = ((step << 16) >> 16) * unit;
    const dy = (step >> 16) * unit;
    const toX = x + dx;
    const toY = y + dy;
    if (
      (x < least && toX < least) ||
      (y < least && toY < least) ||
      (x > most && toX > most) ||
      (y > most && toY > most)
    ) {
      joined = false;
    } else {
      drawSegment(pen, x, y, dx, dy, !joined);
      joined = true;
    }
    x = toX;
    y = toY;
  }
}

/**
 * Draws the segment from (ax, ay) along (dx, dy); its round start only when `withStart`, since where segments
 * join, the one before has drawn it. A row's pixels are those of the band about the endless line that lie in
 * the segment's box:
 *
 *        ╭──────╱──┬──╱─╮
 *        │     ╱ from to│    from, to = where the line crosses the row ∓ spread
 *        ╰────╱──────╱──╯
 */
function drawSegment(pen: Pen, ax: number, ay: number, dx: number, dy: number, withStart: boolean) {
  const { size, visits, stamps, stamp, table, outer, outer2 } = pen;
  const left = Math.max(0, Math.ceil((dx < 0 ? ax + dx : ax) - outer - 0.5));
  const right = Math.min(size - 1, Math.floor((dx < 0 ? ax : ax + dx) + outer - 0.5));
  const top = Math.max(0, Math.ceil((dy < 0 ? ay + dy : ay) - outer - 0.5));
  const bottom = Math.min(size - 1, Math.floor((dy < 0 ? ay : ay + dy) + outer - 0.5));
  if (left > right) return;
  const length2 = dx * dx + dy * dy;
  const slope = dy === 0 ? 0 : dx / dy;
  const spread = dy === 0 ? 2 * size + length2 : outer * Math.sqrt(1 + slope * slope) + SLACK;
  for (let row = top; row <= bottom; row++) {
    const v = row + 0.5 - ay;
    const crossing = dy === 0 ? 0 : ax - 0.5 + v * slope;
    const from = crossing - spread > left ? Math.ceil(crossing - spread) : left;
    const to = crossing + spread < right ? Math.floor(crossing + spread) : right;
    const vdx = v * dx;
    const vdy = v * dy;
    const v2 = v * v;
    for (let column = from, at = row * size + from; column <= to; column++, at++) {
      const u = column + 0.5 - ax;
      const along = u * dx + vdy;
      let distance2: number;
      if (along <= 0) {
        if (!withStart) continue;
        distance2 = u * u + v2;
      } else if (along >= length2) {
        const endU = u - dx;
        const endV = v - dy;
        distance2 = endU * endU + endV * endV;
      } else {
        const across = u * dy - vdx;
        distance2 = (across * across) / length2;
      }
      if (distance2 >= outer2) continue;
      const now = stamp + table[(distance2 * TABLE_STEPS) | 0];
      const before = stamps[at];
      if (now > before) {
        visits[at] += now - Math.max(before, stamp);
        stamps[at] = now;
      }
    }
  }
}
