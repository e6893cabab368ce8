/**
 * Tracks to heat: how many activities passed through each pixel of a tile.
 *
 * Within one activity a pixel holds the largest coverage that any of its segments gives it; over activities
 * coverages add up, in integers. A pixel's coverage depends on nothing but where the segment and the pixel's
 * centre lie in the world: coordinates are multiples of a power of two, so scaling them to pixels and all products
 * are exact (see `drawSegment`). That makes tiles seamless, and order, direction and recording density
 * irrelevant; clipping only leaves out what would be zero.
 */
import { CHUNK_HEADER_BYTES } from '../geo/chunks.ts';
import { LEVELS, levelUnit } from '../geo/levels.ts';
import type { Tile, TileSize } from '../geo/tile.ts';
import { bounds } from '../geo/tile.ts';
import { coverageTable, VISIT } from './coverage.ts';
import type { Pen } from './segment.ts';
import { drawSegment } from './segment.ts';
import { pixelWidth } from './width.ts';

/** The geometry of an athlete: append-only blocks of encoded chunks (see geo/chunks.ts). */
export type Blocks = readonly SharedArrayBuffer[];

const HEADER_WORDS = CHUNK_HEADER_BYTES / 4;
const UNITS = LEVELS.map((_, level) => levelUnit(level));

const STAMP_STEP = VISIT + 1;
const LAST_STAMP = 2 ** 31 - 2 * STAMP_STEP;

/** Kept from tile to tile: the stamps of each size, the table of each width. */
const pens = new Map<number, Pen>();
const tables = new Map<number, Uint8Array>();
const MOST_TABLES = 64;

/** A square part of the world as it is drawn. */
export interface Square {
  /** World units of its north-west corner. */
  minX: number;
  minY: number;
  /** Pixels a world unit. */
  scale: number;
  /** Pixels along an edge. */
  size: number;
  /** Of a line, in pixels. */
  lineWidth: number;
}

/**
 * The visits of each pixel of a tile, row by row, in units of 1/255 visit. `refs` holds groups of one activity:
 * [chunkCount, block, byteOffset, block, byteOffset, …, chunkCount, …]; byte offsets are multiples of 4.
 */
export function drawVisits(tile: Tile, size: TileSize, blocks: Blocks, refs: Uint32Array): Uint32Array {
  const { minX, minY, maxX } = bounds(tile);
  const square = { minX, minY, scale: size / (maxX - minX), size, lineWidth: pixelWidth(tile.z, size) };
  return drawSquare(square, blocks, refs, new Uint32Array(size * size));
}

/** Adds the visits of any square to `visits`, which it returns. Only a tile's are exact to the last unit along its edges. */
export function drawSquare(
  square: Square,
  blocks: Blocks,
  refs: Uint32Array,
  visits: Uint32Array,
): Uint32Array {
  const { minX, minY, scale, size, lineWidth } = square;
  const pen = penFor(visits, lineWidth, size);
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
  return visits;
}

function penFor(visits: Uint32Array, width: number, size: number): Pen {
  const table = tables.get(width) ?? coverageTable(width);
  // tiles have a few widths, but any square may have its own
  if (tables.size > MOST_TABLES) tables.clear();
  tables.set(width, table);
  const { stamps, stamp } = pens.get(size) ?? { stamps: new Int32Array(size * size), stamp: 0 };
  const pen = {
    size,
    // no sum comes near 2^31, and signed integers add up faster
    visits: new Int32Array(visits.buffer),
    stamps,
    stamp,
    table,
    outer: width / 2 + 0.5,
    inner: width / 2 - 0.5,
  };
  pens.set(size, pen);
  return pen;
}

function nextActivity(pen: Pen) {
  if (pen.stamp > LAST_STAMP) {
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
  const least = -pen.outer;
  const most = pen.size + pen.outer;
  let x = (words[at] - minX) * scale;
  let y = (words[at + 1] - minY) * scale;
  if (first === end) drawSegment(pen, x, y, 0, 0);
  for (let next = first; next < end; next++) {
    const step = words[next];
    const dx = ((step << 16) >> 16) * unit;
    const dy = (step >> 16) * unit;
    const toX = x + dx;
    const toY = y + dy;
    const beside =
      (x < least && toX < least) ||
      (y < least && toY < least) ||
      (x > most && toX > most) ||
      (y > most && toY > most);
    if (!beside) drawSegment(pen, x, y, dx, dy);
    x = toX;
    y = toY;
  }
}
