import { GRAINS, VISIT } from './coverage.ts';

/** What draws one tile. Coordinates are pixels of the tile, not rounded. */
export interface Pen {
  size: number;
  /** Sums of coverage, a number a pixel. */
  visits: Int32Array;
  /**
   * The largest coverage so far of the activity being drawn, as `stamp + coverage`. Stamps only grow, by more than
   * a coverage, so what earlier activities (and tiles) left counts as nothing and never has to be cleared.
   */
  stamps: Int32Array;
  stamp: number;
  /** See `coverageTable`. */
  table: Uint8Array;
  /** Half the width, and the half pixel in which coverage falls to none. */
  outer: number;
  /** Half the width, less the half pixel in which coverage begins to fall. */
  inner: number;
}

/** More than rounding can do to the ends of a span, in pixels. */
const SLACK = 1e-3;

/** Pixels of `inner` from which on it pays to tell runs of full coverage apart: 512-px tiles from zoom 17. */
const WORTH_FILLING = 2.5;

/**
 * Draws the segment from (x, y) along (dx, dy), a dot when both are 0, with round ends.
 *
 * The two axes are exchanged for steep segments, so that u runs along the longer one: a row (of pixels with one
 * v) then crosses the line at a shallow angle, rows are few and long. A row's pixels are those of the band about
 * the endless line that lie in the segment's box; where the line is wide, its middle is filled without measuring:
 *
 *        ╭──────╱──┬──╱─╮
 *        │     ╱ from to│        from, to = where the line crosses the row ∓ spread
 *        ╰────╱──────╱──╯
 *
 * Squared distance is (across² + excess²) / length², with `across` the cross product, and `excess` how far the
 * dot product is beyond either end: no case distinctions, as branches that no processor can foresee cost more
 * than arithmetic. The products are exact. `across² + excess²` is the squared distance times length², so the
 * quotient is correctly rounded from a ratio that is the same for both directions and any subdivision.
 */
export function drawSegment(pen: Pen, x: number, y: number, dx: number, dy: number): void {
  const { visits, stamps, table, outer, inner } = pen;
  const size = pen.size | 0;
  const stamp = pen.stamp | 0;
  const full = (stamp + VISIT) | 0;
  const steep = Math.abs(dy) > Math.abs(dx);
  const u0 = steep ? y : x;
  const v0 = steep ? x : y;
  const du = steep ? dy : dx;
  const dv = steep ? dx : dy;
  const nextInRow = steep ? size : 1;
  const nextRow = steep ? 1 : size;

  // Pixels whose centres lie in the box about the round ends; | 0 rounds down what is known not to be negative.
  const lowU = Math.min(u0, u0 + du) - outer + 0.5;
  const highU = Math.max(u0, u0 + du) + outer - 0.5;
  const lowV = Math.min(v0, v0 + dv) - outer + 0.5;
  const highV = Math.max(v0, v0 + dv) + outer - 0.5;
  if (highU < 0 || highV < 0) return;
  const left = lowU > 0 ? lowU | 0 : 0;
  const right = highU < size - 1 ? highU | 0 : size - 1;
  const top = lowV > 0 ? lowV | 0 : 0;
  const bottom = highV < size - 1 ? highV | 0 : size - 1;

  // How far the line's crossing moves from row to row, and how wide the band about it is.
  const level = dv === 0;
  const slope = level ? 0 : du / dv;
  const stretch = Math.sqrt(1 + slope * slope);
  const spread = level ? 4 * size + Math.abs(du) : outer * stretch + SLACK;
  const fillSpread = level ? spread : inner * stretch - SLACK;
  const filling = inner > WORTH_FILLING && du !== 0;
  const lean = du === 0 ? 0 : dv / du;
  const extent = du === 0 ? 0 : du + dv * lean;

  // In grains: the direction, and products counted from the segment's middle. A dot has a direction, but no length.
  const dot = du === 0 && level;
  const directionU = dot ? 1 : du * GRAINS;
  const directionV = dv * GRAINS;
  const length2 = directionU * directionU + directionV * directionV;
  const half = dot ? 0 : length2 / 2;
  const stepAlong = directionU * GRAINS;
  const stepAcross = directionV * GRAINS;

  for (let row = top; row <= bottom; row++) {
    const v = row + 0.5 - v0;
    const crossing = u0 - 0.5 + v * slope;
    if (crossing + spread < 0) continue;
    const from = crossing - spread > left ? ((crossing - spread) | 0) + 1 : left;
    const to = crossing + spread < right ? (crossing + spread) | 0 : right;
    let fillFrom = to + 1;
    let fillTo = to;
    if (filling && (!level || Math.abs(v) < inner - SLACK)) {
      // inside the band of full coverage, and between the segment's ends
      const start = u0 - 0.5 - v * lean;
      const low = Math.max(crossing - fillSpread, Math.min(start, start + extent) + SLACK, from);
      const high = Math.min(crossing + fillSpread, Math.max(start, start + extent) - SLACK, to);
      if (high - low > 3) {
        fillFrom = Math.ceil(low) | 0;
        fillTo = high | 0;
      }
    }
    const rowAt = Math.imul(row, nextRow);
    let column = from;
    let stop = fillFrom;
    for (;;) {
      const u = (column + 0.5 - u0) * GRAINS;
      let along = u * directionU + v * GRAINS * directionV - half;
      let across = u * directionV - v * GRAINS * directionU;
      let at = (rowAt + Math.imul(column, nextInRow)) | 0;
      for (; column < stop; column++) {
        const beyond = Math.abs(along) - half;
        const excess = (beyond + Math.abs(beyond)) * 0.5;
        const coverage = table[((across * across + excess * excess) / length2) | 0];
        // max(x, 0) is x & ~(x >> 31)
        const before = (stamps[at] - stamp) | 0;
        const known = before & ~(before >> 31);
        const more = (coverage - known) | 0;
        const gain = more & ~(more >> 31);
        stamps[at] = stamp + known + gain;
        visits[at] += gain;
        along += stepAlong;
        across += stepAcross;
        at = (at + nextInRow) | 0;
      }
      if (column > fillTo) break;
      for (; column <= fillTo; column++) {
        const before = (stamps[at] - stamp) | 0;
        stamps[at] = full;
        visits[at] += VISIT - (before & ~(before >> 31));
        at = (at + nextInRow) | 0;
      }
      stop = to + 1;
      if (column === stop) break;
    }
  }
}
