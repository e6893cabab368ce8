import { CHUNK_HEADER_BYTES } from '../geo/chunks.ts';
import { LEVELS, levelUnit } from '../geo/levels.ts';
import { GRAINS, VISIT } from './coverage.ts';

/** What draws one tile. Coordinates are pixels of the tile, not rounded. */
export interface Pen {
  size: number;
  /** The tile's corner in world units, and the pixels of a world unit. */
  minX: number;
  minY: number;
  scale: number;
  /** Sums of coverage, a number a pixel. */
  visits: Int32Array;
  /**
   * The largest coverage so far of the activity being drawn, as `stamp + coverage`. Stamps only grow, by more than
   * a coverage, so what earlier activities (and tiles) left counts as nothing and is cleared only when stamps have
   * grown as far as they can. Small numbers: both arrays of a large tile then nearly fit into a core's own cache.
   */
  stamps: Uint16Array;
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

/** A run of full coverage that is worth telling apart: so many pixels more than one. */
const LEAST_RUN = 3;

const HEADER_WORDS = CHUNK_HEADER_BYTES / 4;
const UNITS = LEVELS.map((_, level) => levelUnit(level));

/**
 * Draws the line of the chunk whose header begins at `words[at]`; both ends of it are round, a single point is a dot.
 *
 * Each segment is drawn where its line's nearest point may be on it, and nowhere else. What lies ahead of a joint
 * is left to the next segment, which begins as far behind the joint as the turn opens: where the nearest point is
 * the joint itself. Round joints so cost hardly a pixel more than the turn shows:
 *
 *        ╭───────────┬─╮         A pixel nearest to a joint lies ahead of the one segment and behind the other, at
 *        │           │ │╲        most outer · sin(turn) behind; at a turn of 90° and more, outer. (Below, sin is
 *        │ ─ ─ ─ ─ ─ ●─┤ ╲       rounded up to tan, which takes no root.)
 *        │          ╱ ╲  ╲╲
 *        ╰─────────╱   ╲  ╲      What is drawn twice, or nearer to another segment, does no harm: the largest counts.
 *
 * The two axes are exchanged for steep segments, and the ends for those that run backwards, so that u runs along
 * the longer axis and grows: a row (of pixels with one v) then crosses the line at a shallow angle, rows are few
 * and long. A row's pixels are those of the band about the endless line and between the ends; where the line is
 * wide, the middle is filled without measuring.
 *
 * Squared distance is (across² + excess²) / length², with `across` the cross product, and `excess` how far the
 * dot product is beyond either end: no case distinctions, as branches that no processor can foresee cost more
 * than arithmetic. The products are exact. `across² + excess²` is the squared distance times length², so the
 * quotient is correctly rounded from a ratio that is the same for both directions and any subdivision.
 *
 * One function for all of the line: numbers handed to another, were it called for each segment, would each be put
 * into an object first.
 */
export function drawLine(pen: Pen, words: Int32Array, at: number): void {
  const { visits, stamps, table, outer, inner } = pen;
  const size = pen.size | 0;
  const last = (size - 1) | 0;
  const stamp = pen.stamp | 0;
  const full = (stamp + VISIT) | 0;
  const least = -outer;
  const most = size + outer;
  const filling = inner > WORTH_FILLING;

  const header = words[at + 2];
  const unit = UNITS[(header >> 16) & 0xff] * pen.scale;
  let next = at + HEADER_WORDS;
  const end = next - 1 + (header & 0xffff);
  let toX = (words[at] - pen.minX) * pen.scale;
  let toY = (words[at + 1] - pen.minY) * pen.scale;
  let dx = 0;
  let dy = 0;
  do {
    const fromX = toX;
    const fromY = toY;
    const cameX = dx;
    const cameY = dy;
    if (next < end) {
      const step = words[next];
      dx = ((step << 16) >> 16) * unit;
      dy = (step >> 16) * unit;
      toX += dx;
      toY += dy;
    }
    next++;
    if (
      (fromX < least && toX < least) ||
      (fromY < least && toY < least) ||
      (fromX > most && toX > most) ||
      (fromY > most && toY > most)
    ) {
      continue;
    }

    // How far to draw behind its beginning and ahead of its end.
    const onward = dx * cameX + dy * cameY;
    const aside = Math.abs(dx * cameY - dy * cameX);
    const behind = (aside < onward ? (outer * aside) / onward : outer) + SLACK;
    const ahead = (next < end ? 0 : outer) + SLACK;

    const steep = Math.abs(dy) > Math.abs(dx);
    const turned = (steep ? dy : dx) < 0;
    const nextInRow = steep ? size : 1;
    const nextRow = steep ? 1 : size;
    const u0 = steep ? (turned ? toY : fromY) : turned ? toX : fromX;
    const v0 = steep ? (turned ? toX : fromX) : turned ? toY : fromY;
    const du = Math.abs(steep ? dy : dx);
    const dv = turned ? -(steep ? dx : dy) : steep ? dx : dy;
    const before = turned ? ahead : behind;
    const after = turned ? behind : ahead;

    // How the ends lean from row to row, how far the line's crossing moves, and how wide the band about it is.
    const dot = du === 0;
    const level = dv === 0;
    const lean = dot ? 0 : dv / du;
    const slope = level ? 0 : du / dv;
    const stretch = Math.sqrt(1 + lean * lean);
    const start = u0 - 0.5;
    const stop = start + du + dv * lean;
    const low = start - before * stretch;
    const high = stop + after * stretch;
    const across0 = stretch * Math.abs(slope);
    const spread = level ? 4 * size + du : outer * across0 + SLACK;
    const fillSpread = level ? spread : inner * across0 - SLACK;

    // Rows of pixels whose centres lie between the corners; | 0 rounds down what is known not to be negative.
    const cos = 1 / stretch;
    const startV = v0 - 0.5 - before * lean * cos;
    const stopV = v0 - 0.5 + dv + after * lean * cos;
    const lowV = (dv > 0 ? startV : stopV) - outer * cos;
    const highV = (dv > 0 ? stopV : startV) + outer * cos;
    if (highV < 0) continue;
    const top = lowV > 0 ? (lowV | 0) + 1 : 0;
    const bottom = highV < last ? highV | 0 : last;

    // In grains: the direction, and products counted from the segment's middle. A dot has a direction, but no length.
    const directionU = dot ? 1 : du * GRAINS;
    const directionV = dv * GRAINS;
    const length2 = directionU * directionU + directionV * directionV;
    const half = dot ? 0 : length2 / 2;
    const stepAlong = directionU * GRAINS;
    const stepAcross = directionV * GRAINS;

    for (let row = top; row <= bottom; row++) {
      const v = row + 0.5 - v0;
      const crossing = start + v * slope;
      const lag = v * lean;
      const from = larger(larger(Math.ceil(crossing - spread), Math.ceil(low - lag)), 0);
      const to = smaller(smaller(Math.floor(crossing + spread), Math.floor(high - lag)), last);
      if (to < from) continue;
      let fillFrom = (to + 1) | 0;
      let fillTo = to;
      if (filling && !dot && (!level || Math.abs(v) < inner - SLACK)) {
        // inside the band of full coverage, and between the segment's ends
        const fillLow = larger(
          larger(Math.ceil(crossing - fillSpread), Math.ceil(start - lag + SLACK)),
          from,
        );
        const fillHigh = smaller(
          smaller(Math.floor(crossing + fillSpread), Math.floor(stop - lag - SLACK)),
          to,
        );
        if (fillHigh - fillLow >= LEAST_RUN) {
          fillFrom = fillLow;
          fillTo = fillHigh;
        }
      }
      let column = from;
      let until = fillFrom;
      for (;;) {
        const u = (column + 0.5 - u0) * GRAINS;
        let along = u * directionU + v * GRAINS * directionV - half;
        let across = u * directionV - v * GRAINS * directionU;
        let pixel = (Math.imul(row, nextRow) + Math.imul(column, nextInRow)) | 0;
        for (; column < until; column++) {
          const beyond = Math.abs(along) - half;
          const excess = (beyond + Math.abs(beyond)) * 0.5;
          const coverage = table[((across * across + excess * excess) / length2) | 0];
          const known = larger(stamps[pixel] - stamp, 0);
          const gain = larger(coverage - known, 0);
          stamps[pixel] = stamp + known + gain;
          visits[pixel] += gain;
          along += stepAlong;
          across += stepAcross;
          pixel = (pixel + nextInRow) | 0;
        }
        if (column > fillTo) break;
        for (; column <= fillTo; column++) {
          visits[pixel] += VISIT - larger(stamps[pixel] - stamp, 0);
          stamps[pixel] = full;
          pixel = (pixel + nextInRow) | 0;
        }
        until = (to + 1) | 0;
        if (column === until) break;
      }
    }
  } while (next < end);
}

/** Of two 32-bit integers whose difference is one too: without a branch. */
function larger(a: number, b: number): number {
  const less = ((a | 0) - (b | 0)) | 0;
  return ((a | 0) - (less & (less >> 31))) | 0;
}

function smaller(a: number, b: number): number {
  const less = ((a | 0) - (b | 0)) | 0;
  return ((b | 0) + (less & (less >> 31))) | 0;
}
