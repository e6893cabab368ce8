/**
 * Douglas–Peucker: the indices of the points to keep, so that no point lies further than `tolerance` from the
 * simplified line. `xy` is interleaved x, y. The first and the last point are always kept. Distances are to
 * segments, not to endless lines, so there-and-back spurs survive. Iterative: a long line cannot end the stack.
 */
export function simplify(xy: ArrayLike<number>, tolerance: number): Uint32Array {
  const count = xy.length >> 1;
  if (count <= 2) return Uint32Array.from({ length: count }, (_, index) => index);
  const keep = new Uint8Array(count);
  keep[0] = 1;
  keep[count - 1] = 1;
  let kept = 2;
  const allowed = tolerance * tolerance;
  const open = [0, count - 1];
  while (open.length > 0) {
    const last = open.pop()!;
    const first = open.pop()!;
    const ax = xy[first * 2];
    const ay = xy[first * 2 + 1];
    const dx = xy[last * 2] - ax;
    const dy = xy[last * 2 + 1] - ay;
    const length2 = dx * dx + dy * dy;
    let furthest = allowed;
    let split = 0;
    for (let at = first + 1; at < last; at++) {
      const u = xy[at * 2] - ax;
      const v = xy[at * 2 + 1] - ay;
      const along = u * dx + v * dy;
      let distance2: number;
      if (along <= 0) {
        distance2 = u * u + v * v;
      } else if (along >= length2) {
        distance2 = (u - dx) * (u - dx) + (v - dy) * (v - dy);
      } else {
        const across = u * dy - v * dx;
        distance2 = (across * across) / length2;
      }
      if (distance2 > furthest) {
        furthest = distance2;
        split = at;
      }
    }
    if (split === 0) continue;
    keep[split] = 1;
    kept++;
    if (split - first > 1) open.push(first, split);
    if (last - split > 1) open.push(split, last);
  }
  const indices = new Uint32Array(kept);
  for (let at = 0, next = 0; at < count; at++) if (keep[at] === 1) indices[next++] = at;
  return indices;
}
