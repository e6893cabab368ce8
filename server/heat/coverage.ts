/** Units of one visit: a pixel that one activity covers fully. */
export const VISIT = 255;

/**
 * Parts of a pixel in which distances are squared, and so entries of a coverage table in one squared pixel. A
 * power of two: scaling by it is exact.
 */
export const GRAINS = 32;
export const TABLE_STEPS = GRAINS * GRAINS;

/**
 * How much of a pixel a line of that width covers, 0 to 255, by the squared distance of the pixel's centre
 * from the line: `table[floor(d² · TABLE_STEPS)]`. Coverage falls from full to none over one pixel about the
 * line's edge:
 *
 *     255 ──────╮
 *               │╲
 *               │ ╲
 *       0 ──────┴──┴────────  d
 *          w/2-½  w/2+½
 *
 * The table goes on with zeros to √3 times that far: the corners of what `drawLine` looks at.
 */
export function coverageTable(width: number): Uint8Array {
  const outer = width / 2 + 0.5;
  const table = new Uint8Array(Math.ceil(3.1 * outer * outer * TABLE_STEPS));
  for (let at = 0; at < table.length; at++) {
    const distance = Math.sqrt((at + 0.5) / TABLE_STEPS);
    table[at] = Math.round(VISIT * Math.min(1, Math.max(0, outer - distance)));
  }
  return table;
}
