import type { NetworkPlan, PlannedEdge } from './network.ts';
import type { Chance } from './random.ts';

/** Where the ground's bends move a place to. */
export type Bend = (x: number, y: number) => [x: number, y: number];

const STEP = 45;
/** Radians: roads that meet at less of a turn than this go on into each other smoothly. */
const THROUGH = 1.1;

/**
 * The course of each edge: smooth through the junctions where two edges go on into each other, straying between
 * them by its wiggle, everything bent by the same ground.
 */
export function shapes(
  plan: NetworkPlan,
  edges: readonly PlannedEdge[],
  bend: Bend,
  random: Chance,
): Float64Array[] {
  const tangents = throughTangents(plan, edges);
  return edges.map(({ a, b, wiggle }, index) => {
    const [ax, ay, bx, by] = [plan.x[a], plan.y[a], plan.x[b], plan.y[b]];
    const length = Math.hypot(bx - ax, by - ay);
    const steps = Math.max(2, Math.ceil(length / STEP));
    const sway = [1, 2, 3, 5].map((k) => (random.bell() * wiggle * length) / k ** 0.9);
    const [outX, outY] = tangents[index * 2];
    const [inX, inY] = tangents[index * 2 + 1];
    const shape = new Float64Array((steps + 1) * 2);
    for (let at = 0; at <= steps; at++) {
      const t = at / steps;
      // Hermite: both ends and both directions; then the sway, which has neither end nor direction at the ends
      const h1 = t * (1 - t) ** 2 * length;
      const h2 = -t * t * (1 - t) * length;
      const s = t * t * (3 - 2 * t);
      let x = ax + (bx - ax) * s + outX * h1 + inX * h2;
      let y = ay + (by - ay) * s + outY * h1 + inY * h2;
      if (wiggle > 0) {
        const phase = Math.PI * t;
        const off =
          Math.sin(phase) ** 2 *
          (sway[0] +
            sway[1] * Math.cos(2 * phase) +
            sway[2] * Math.sin(3 * phase) +
            sway[3] * Math.cos(5 * phase));
        x += (-(by - ay) / length) * off;
        y += ((bx - ax) / length) * off;
      }
      shape.set(bend(x, y), at * 2);
    }
    return shape;
  });
}

/** The directions (unit vectors, a to b) in which each edge leaves its a, [2i], and comes to its b, [2i + 1]. */
function throughTangents(plan: NetworkPlan, edges: readonly PlannedEdge[]): [number, number][] {
  const tangents: [number, number][] = [];
  const ends = new Map<number, { slot: number; angle: number }[]>();
  const push = (node: number, end: { slot: number; angle: number }) => {
    const known = ends.get(node);
    if (known) known.push(end);
    else ends.set(node, [end]);
  };
  edges.forEach(({ a, b }, index) => {
    const angle = Math.atan2(plan.y[b] - plan.y[a], plan.x[b] - plan.x[a]);
    tangents.push([Math.cos(angle), Math.sin(angle)], [Math.cos(angle), Math.sin(angle)]);
    push(a, { slot: index * 2, angle });
    push(b, { slot: index * 2 + 1, angle: angle + Math.PI });
  });
  for (const around of ends.values()) {
    const pairs = around.flatMap((one, at) =>
      around.slice(at + 1).map((other) => ({ one, other, turn: turn(one.angle + Math.PI, other.angle) })),
    );
    const taken = new Set<number>();
    for (const { one, other, turn: by } of pairs.sort((p, q) => Math.abs(p.turn) - Math.abs(q.turn))) {
      if (Math.abs(by) > THROUGH || taken.has(one.slot) || taken.has(other.slot)) continue;
      taken.add(one.slot).add(other.slot);
      // away from the node along `other`, and so towards it along `one`
      const angle = other.angle - by / 2;
      for (const [slot, outward] of [
        [other.slot, angle],
        [one.slot, angle + Math.PI],
      ]) {
        const direction = slot % 2 === 0 ? outward : outward + Math.PI;
        tangents[slot] = [Math.cos(direction), Math.sin(direction)];
      }
    }
  }
  return tangents;
}

function turn(from: number, to: number): number {
  return Math.atan2(Math.sin(to - from), Math.cos(to - from));
}
