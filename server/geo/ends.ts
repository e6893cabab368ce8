import { leaves, onMap } from './circle.ts';
import { groundDistance } from './ground.ts';
import { worldXToLng, worldYToLat } from './mercator.ts';

/**
 * Takes the first and the last metres off a track's lines (x, y interleaved, world units), as they lie one after the
 * other along the way; what is between two lines has no length. Nothing is left of a track that is not longer.
 */
export function withoutEnds(
  lines: readonly Float64Array[],
  { first, last }: { first: number; last: number },
): Float64Array[] {
  const begun = withoutFirst(lines, first);
  if (last <= 0) return begun;
  return withoutFirst(begun.map(turned).reverse(), last).map(turned).reverse();
}

function withoutFirst(lines: readonly Float64Array[], metres: number): Float64Array[] {
  if (metres <= 0) return [...lines];
  let left = metres;
  for (const [which, line] of lines.entries()) {
    for (let at = 2; at < line.length; at += 2) {
      const [ax, ay, bx, by] = [line[at - 2], line[at - 1], line[at], line[at + 1]];
      const length = groundDistance(ax, ay, bx, by);
      if (length <= left) {
        left -= length;
        continue;
      }
      const share = leaves(
        onMap({ lng: worldXToLng(ax), lat: worldYToLat(ay), radius: left }),
        ax,
        ay,
        bx,
        by,
      );
      const rest = line.slice(at - 2);
      rest[0] = ax + (bx - ax) * share;
      rest[1] = ay + (by - ay) * share;
      return [rest, ...lines.slice(which + 1)];
    }
  }
  return [];
}

/** The line from its end to its start. */
function turned(line: Float64Array): Float64Array {
  const back = new Float64Array(line.length);
  for (let at = 0; at < line.length; at += 2) {
    back[at] = line[line.length - 2 - at];
    back[at + 1] = line[line.length - 1 - at];
  }
  return back;
}
