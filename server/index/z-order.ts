/**
 * Sorts `ids` along a Morton curve through their points, so that any run of neighbours in the result lies close
 * together: what makes bulk loading an R-tree in slices as good as loading it at once. Cells of 2^15 world units.
 * Least-significant-digit radix sort: 300,000 ids take a few milliseconds.
 */
export function sortAlongZOrder(
  ids: Uint32Array,
  x: (id: number) => number,
  y: (id: number) => number,
): Uint32Array {
  let keys = new Uint32Array(ids.length);
  for (let i = 0; i < ids.length; i++)
    keys[i] = (spread(x(ids[i]) >>> 15) | (spread(y(ids[i]) >>> 15) << 1)) >>> 0;
  let from = Uint32Array.from(ids);
  let to = new Uint32Array(ids.length);
  let toKeys = new Uint32Array(ids.length);
  const starts = new Uint32Array(257);
  for (let shift = 0; shift < 32; shift += 8) {
    starts.fill(0);
    for (let i = 0; i < keys.length; i++) starts[((keys[i] >>> shift) & 255) + 1]++;
    for (let digit = 0; digit < 256; digit++) starts[digit + 1] += starts[digit];
    for (let i = 0; i < keys.length; i++) {
      const place = starts[(keys[i] >>> shift) & 255]++;
      to[place] = from[i];
      toKeys[place] = keys[i];
    }
    [from, to] = [to, from];
    [keys, toKeys] = [toKeys, keys];
  }
  return from;
}

/** Puts a zero bit before each of 16 bits. */
function spread(bits: number): number {
  let spaced = (bits | (bits << 8)) & 0x00ff00ff;
  spaced = (spaced | (spaced << 4)) & 0x0f0f0f0f;
  spaced = (spaced | (spaced << 2)) & 0x33333333;
  return (spaced | (spaced << 1)) & 0x55555555;
}
