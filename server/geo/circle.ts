/**
 * Circles on the ground, of true metres at any latitude, cut out of lines on the map. On the map such a circle is an
 * oval that bulges towards the pole; as long as no pole is in it, it is convex, so a straight line on the map is
 * inside for one stretch at most:
 *
 *          ╭─────╮
 *     ─────●     ●─────     ● cut exactly here, wherever the recorded points are
 *           ╲   ╱
 *            ╰─╯
 */
import { EARTH_RADIUS, northing, RADIAN } from './ground.ts';
import { latToWorldY, lngToWorldX, MAX_LATITUDE, WORLD_SIZE } from './mercator.ts';
import type { Bounds } from './tile.ts';

/** Degrees and metres. */
export interface Circle {
  lng: number;
  lat: number;
  radius: number;
}

const DEGREES = 180 / Math.PI;
/** More halvings than a double has digits. */
const HALVINGS = 60;

/** A circle as the map sees it. */
export interface MapCircle {
  /** Its Mercator centre, radians. */
  x: number;
  y: number;
  /** sin²(radius / 2) · cosh(y), the radius as an angle. */
  limit: number;
  /** World units, a little too large; two of them where it lies across the 180th meridian; none beyond the map. */
  bounds: Bounds[];
}

/** Circles larger than a quarter of the way to the equator are none of ours: throws RangeError. */
export function onMap({ lng, lat, radius }: Circle): MapCircle {
  const angle = radius / EARTH_RADIUS;
  if (!(angle >= 0 && angle < Math.PI / 8)) throw new RangeError('no such circle');
  const y = Math.asinh(Math.tan(lat / DEGREES));
  const circle: MapCircle = {
    x: lng / DEGREES + Math.PI,
    y,
    limit: Math.sin(angle / 2) ** 2 * Math.cosh(y),
    bounds: [],
  };
  // a circle about a pole ends long before the map does, unless it is larger than any zone
  const reach = angle * DEGREES;
  if (Math.abs(lat) - reach > MAX_LATITUDE) return circle;
  const across = Math.sin(angle) / Math.cos(lat / DEGREES);
  if (!(across < 1) || Math.abs(lat) + reach >= 90) throw new RangeError('a circle about a pole');
  const east = Math.asin(across) * RADIAN + 1;
  const centre = lngToWorldX(lng);
  const minY = latToWorldY(lat + reach) - 1;
  const maxY = latToWorldY(lat - reach) + 1;
  for (const turn of [-WORLD_SIZE, 0, WORLD_SIZE]) {
    const minX = centre - east + turn;
    const maxX = centre + east + turn;
    if (maxX >= 0 && minX < WORLD_SIZE) circle.bounds.push({ minX, minY, maxX, maxY });
  }
  return circle;
}

/**
 * What of a line (x, y interleaved, world units) lies outside the circle: the line itself where it does not meet it. A
 * line of one point is that point or nothing.
 */
export function outside(line: Float64Array, circle: MapCircle): Float64Array[] {
  let lines = [line];
  for (const box of circle.bounds) lines = lines.flatMap((one) => outsideOnce(one, circle, box));
  return lines;
}

function outsideOnce(line: Float64Array, circle: MapCircle, box: Bounds): Float64Array[] {
  if (line.length <= 2) {
    return line.length === 2 && excess(circle, line[0], line[1]) <= 0 ? [] : [line];
  }
  // most lines come near few circles: nothing is copied for the others
  const first = nextNear(line, 2, box);
  if (first === line.length) return [line];
  const parts: Float64Array[] = [];
  let met = false;
  let part = excess(circle, line[0], line[1]) <= 0 ? [] : Array.from(line.subarray(0, first));
  for (let at = first; at < line.length; at += 2) {
    const ax = line[at - 2];
    const ay = line[at - 1];
    const bx = line[at];
    const by = line[at + 1];
    const inside = isNear(line, at, box) ? stretchInside(circle, box, ax, ay, bx, by) : null;
    if (inside === null) {
      part.push(bx, by);
      continue;
    }
    met = true;
    const [enter, leave] = inside;
    if (enter > 0) part.push(ax + (bx - ax) * enter, ay + (by - ay) * enter);
    if (part.length > 2) parts.push(Float64Array.from(part));
    part = leave < 1 ? [ax + (bx - ax) * leave, ay + (by - ay) * leave, bx, by] : [];
  }
  if (!met) return [line];
  if (part.length > 2) parts.push(Float64Array.from(part));
  return parts;
}

/** Whether the segment that ends at index `at` may meet the box. */
function isNear(line: Float64Array, at: number, { minX, minY, maxX, maxY }: Bounds): boolean {
  const ax = line[at - 2];
  const ay = line[at - 1];
  const bx = line[at];
  const by = line[at + 1];
  return (
    (ax >= minX || bx >= minX) &&
    (ax <= maxX || bx <= maxX) &&
    (ay >= minY || by >= minY) &&
    (ay <= maxY || by <= maxY)
  );
}

/** The index of the first segment's end from `at` on that may meet the box; the line's length when none does. */
function nextNear(line: Float64Array, at: number, box: Bounds): number {
  let next = at;
  while (next < line.length && !isNear(line, next, box)) next += 2;
  return next;
}

/** How far along a segment, 0 to 1, a circle about its start, of at most its length, is left. */
export function leaves(circle: MapCircle, ax: number, ay: number, bx: number, by: number): number {
  return crossing((t) => excess(circle, ax + (bx - ax) * t, ay + (by - ay) * t), 0, 1);
}

/** The shares of a segment, 0 to 1, between which it is inside the circle; null where it is not. */
function stretchInside(
  circle: MapCircle,
  box: Bounds,
  ax: number,
  ay: number,
  bx: number,
  by: number,
): [enter: number, leave: number] | null {
  const near = within(box, ax, ay, bx, by);
  if (near === null) return null;
  const [from, to] = near;
  const dx = bx - ax;
  const dy = by - ay;
  const beyond = (t: number) => excess(circle, ax + dx * t, ay + dy * t);
  const startsInside = beyond(from) <= 0;
  const endsInside = beyond(to) <= 0;
  if (startsInside && endsInside) return [from, to];
  if (startsInside) return [from, crossing(beyond, from, to)];
  if (endsInside) return [crossing(beyond, to, from), to];
  // Outside at both ends, it is inside in between if it is where it comes closest: the excess is convex along it.
  const rises = (t: number) => slope(circle, ax + dx * t, ay + dy * t, dx, dy);
  if (rises(from) >= 0 || rises(to) <= 0) return null;
  const closest = crossing(rises, from, to);
  if (beyond(closest) >= 0) return null;
  return [crossing(beyond, closest, from), crossing(beyond, closest, to)];
}

/** The shares of a segment between which it is in the box, edges included; null where it is not. */
function within(box: Bounds, ax: number, ay: number, bx: number, by: number): [number, number] | null {
  let from = 0;
  let to = 1;
  for (const [a, b, low, high] of [
    [ax, bx, box.minX, box.maxX],
    [ay, by, box.minY, box.maxY],
  ]) {
    if (a === b) continue;
    from = Math.max(from, Math.min((low - a) / (b - a), (high - a) / (b - a)));
    to = Math.min(to, Math.max((low - a) / (b - a), (high - a) / (b - a)));
  }
  return from <= to ? [from, to] : null;
}

/** Below 0 inside the circle, above it outside: what of `groundDistance` is left when the roots are not drawn. */
function excess(circle: MapCircle, x: number, y: number): number {
  const north = northing(y);
  const up = Math.sinh((north - circle.y) / 2);
  const east = Math.sin((x / RADIAN - circle.x) / 2);
  return up * up + east * east - circle.limit * Math.cosh(north);
}

/** The derivative of `excess` along (dx, dy), but for a factor above 0. */
function slope(circle: MapCircle, x: number, y: number, dx: number, dy: number): number {
  const north = northing(y);
  const up = Math.sinh(north - circle.y) / 2 - circle.limit * Math.sinh(north);
  return up * -dy + (Math.sin(x / RADIAN - circle.x) / 2) * dx;
}

/** Where a function that is not above 0 at `low`, and is at `high`, goes through 0: on the side of `high`. */
function crossing(of: (t: number) => number, low: number, high: number): number {
  let [below, above] = [low, high];
  for (let halving = 0; halving < HALVINGS; halving++) {
    const middle = (below + above) / 2;
    if (of(middle) <= 0) below = middle;
    else above = middle;
  }
  return above;
}
