/**
 * Tracks to heat: how many activities passed through each pixel of a tile.
 *
 * Within one activity a pixel holds the largest coverage that any of its segments gives it; over activities
 * coverages add up, in integers. A pixel's coverage depends on nothing but where the segment and the pixel's
 * centre lie in the world: coordinates are multiples of a power of two, so scaling them to pixels and all products
 * are exact (see `drawLine`). That makes tiles seamless, and order, direction and recording density
 * irrelevant; clipping only leaves out what would be zero.
 */
import type { Tile, TileSize } from '../geo/tile.ts';
import { bounds } from '../geo/tile.ts';
import { coverageTable, VISIT } from './coverage.ts';
import type { Pen } from './line.ts';
import { drawLine } from './line.ts';
import { pixelWidth } from './width.ts';

/** The geometry of an athlete: append-only blocks of encoded chunks (see geo/chunks.ts). */
export type Blocks = readonly SharedArrayBuffer[];

const STAMP_STEP = VISIT + 1;
const LAST_STAMP = 2 ** 16 - 2 * STAMP_STEP;

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
 * [chunkCount, block, byteOffset, block, byteOffset, …, chunkCount, …]; byte offsets are multiples of 4. Drawn into
 * `visits`, all zeros, when that is given.
 */
export function drawVisits(
  tile: Tile,
  size: TileSize,
  blocks: Blocks,
  refs: Uint32Array,
  visits: Uint32Array = new Uint32Array(size * size),
): Uint32Array {
  const { minX, minY, maxX } = bounds(tile);
  const square = { minX, minY, scale: size / (maxX - minX), size, lineWidth: pixelWidth(tile.z, size) };
  return drawSquare(square, blocks, refs, visits);
}

/** Adds the visits of any square to `visits`, which it returns. Only a tile's are exact to the last unit along its edges. */
export function drawSquare(
  square: Square,
  blocks: Blocks,
  refs: Uint32Array,
  visits: Uint32Array,
): Uint32Array {
  const pen = penFor(visits, square);
  const words: Int32Array[] = [];
  for (let at = 0; at < refs.length; ) {
    const end = at + 1 + refs[at] * 2;
    nextActivity(pen);
    for (at++; at < end; at += 2) {
      const block = refs[at];
      words[block] ??= new Int32Array(blocks[block]);
      drawLine(pen, words[block], refs[at + 1] >> 2);
    }
  }
  return visits;
}

function penFor(visits: Uint32Array, { minX, minY, scale, size, lineWidth }: Square): Pen {
  const table = tables.get(lineWidth) ?? coverageTable(lineWidth);
  // tiles have a few widths, but any square may have its own
  if (tables.size > MOST_TABLES) tables.clear();
  tables.set(lineWidth, table);
  const { stamps, stamp } = pens.get(size) ?? { stamps: new Uint16Array(size * size), stamp: 0 };
  const pen = {
    size,
    minX,
    minY,
    scale,
    // no sum comes near 2^31, and signed integers add up faster
    visits: new Int32Array(visits.buffer),
    stamps,
    stamp,
    table,
    outer: lineWidth / 2 + 0.5,
    inner: lineWidth / 2 - 0.5,
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
