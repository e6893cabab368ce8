import { WORLD_SIZE } from './mercator.ts';

/** The last unit of the world before it begins again. */
const EAST = WORLD_SIZE - 1;

/**
 * Cuts a line (x, y interleaved, x of any turn of the world) where it crosses the 180th meridian. Consecutive
 * points more than half the world apart are joined the short way:
 *
 *     0 ┌──────────────┐ 2^31          0 ┌──────────────┐
 *       │ b┄┄┄┄┄┄┄┄┄┄a │       →         │─b          a─│
 *       └──────────────┘                 └──────────────┘
 *
 * Mercator lines are straight, so the crossing is interpolated in world units. Every x of the parts is in [0, 2^31).
 */
export function splitAtAntimeridian(xy: Float64Array): Float64Array[] {
  if (isPlain(xy)) return xy.length === 0 ? [] : [xy];
  const parts: Float64Array[] = [];
  let part: number[] = [];
  for (let at = 0; at < xy.length; at += 2) {
    const x = wrap(xy[at]);
    const y = xy[at + 1];
    if (part.length > 0) {
      const fromX = part[part.length - 2];
      const fromY = part[part.length - 1];
      if (Math.abs(x - fromX) > WORLD_SIZE / 2) {
        const eastward = x < fromX;
        const before = eastward ? WORLD_SIZE - fromX : fromX;
        const after = eastward ? x : WORLD_SIZE - x;
        // both on the meridian itself: no distance to share out
        const share = before + after === 0 ? 0 : before / (before + after);
        const crossingY = fromY + (y - fromY) * share;
        part.push(eastward ? EAST : 0, crossingY);
        parts.push(Float64Array.from(part));
        part = [eastward ? 0 : EAST, crossingY];
      }
    }
    part.push(x, y);
  }
  parts.push(Float64Array.from(part));
  return parts;
}

/** Whether the line lies in one turn of the world and never goes the long way round: nearly every line does. */
function isPlain(xy: Float64Array): boolean {
  for (let at = 0; at < xy.length; at += 2) {
    if (!(xy[at] >= 0 && xy[at] <= EAST)) return false;
    if (at > 0 && Math.abs(xy[at] - xy[at - 2]) > WORLD_SIZE / 2) return false;
  }
  return true;
}

/** Into [0, 2^31 - 1]: what lies within the last unit is taken to its start. */
function wrap(x: number): number {
  const turned = x - Math.floor(x / WORLD_SIZE) * WORLD_SIZE;
  return Math.max(0, Math.min(turned, EAST));
}
