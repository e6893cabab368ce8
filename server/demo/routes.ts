/** Ways through a network: shortest by what a sport likes, and round trips made of them. */
import type { Network } from './network.ts';
import type { Chance } from './random.ts';

/** Places along a way, x and y interleaved, metres east and north. */
export type Way = number[];

/** What a metre of street, arterial, road, path and trail feels like to somebody. */
export type Taste = readonly [street: number, arterial: number, road: number, path: number, trail: number];

/** Nobody goes far to turn where a metre feels like more. */
const DISLIKED = 1.7;
/** One rides back another way, if there is one. */
const AGAIN = 2.5;
/** Metres that a corner feels like: nobody turns at every block. Twice that to turn round. */
const CORNER = 80;

export class Router {
  readonly #network: Network;
  /** Some streets are liked and others avoided, for reasons of their own. */
  readonly #charm: Float64Array;
  /** Radians from east in which edge e leaves its a, [2e], and its b, [2e + 1]. */
  readonly #leaving: Float64Array;

  constructor(network: Network, random: Chance) {
    this.#network = network;
    this.#charm = Float64Array.from(network.edges, () => random.between(0.75, 1.4));
    this.#leaving = Float64Array.from(
      network.edges.flatMap(({ shape }) => [
        headingOf(shape, 0, 2),
        headingOf(shape, shape.length - 2, shape.length - 4),
      ]),
    );
  }

  /** The node nearest to a place at which there is something to somebody's taste. */
  nearest(x: number, y: number, taste: Taste): number {
    const { x: xs, y: ys, kindsAt } = this.#network;
    const liked = taste.reduce((bits, feel, kind) => bits | (feel < DISLIKED ? 1 << kind : 0), 0);
    let best = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let node = 0; node < xs.length; node++) {
      const far = Math.hypot(xs[node] - x, ys[node] - y);
      if (far >= least || (kindsAt[node] & liked) === 0) continue;
      least = far;
      best = node;
    }
    return best;
  }

  /** The way through several nodes, in their order. */
  through(nodes: readonly number[], taste: Taste): Way {
    const used = new Set<number>();
    const way: Way = [];
    for (let leg = 1; leg < nodes.length; leg++) this.#leg(nodes[leg - 1], nodes[leg], taste, used, way);
    return way;
  }

  /** A round trip from a node, about so many metres long, towards `heading` (radians from east). */
  around(home: number, metres: number, heading: number, taste: Taste, random: Chance): Way {
    const { x, y } = this.#network;
    // ways wind: a triangle with sides of a quarter each, as the crow flies
    const far = metres / 4.3;
    const turns = [-0.5, 0.5].map((side) => {
      const angle = heading + side * random.between(0.7, 1.15);
      const reach = far * random.between(0.8, 1.2);
      return this.nearest(x[home] + reach * Math.cos(angle), y[home] + reach * Math.sin(angle), taste);
    });
    return this.through([home, ...turns, home], taste);
  }

  /** Dijkstra from one node to another, appended to a way. */
  #leg(from: number, to: number, taste: Taste, used: Set<number>, way: Way): void {
    const { edges, starts, links, x } = this.#network;
    const cost = new Float64Array(x.length).fill(Number.POSITIVE_INFINITY);
    const by = new Int32Array(x.length).fill(-1);
    const queue = new Heap();
    cost[from] = 0;
    queue.push(from, 0);
    for (let node = queue.pop(); node >= 0 && node !== to; node = queue.pop()) {
      for (let at = starts[node]; at < starts[node + 1]; at++) {
        const edge = links[at];
        const { a, b, kind, length } = edges[edge];
        const other = a === node ? b : a;
        const more =
          length * taste[kind] * this.#charm[edge] * (used.has(edge) ? AGAIN : 1) +
          (by[node] < 0 ? 0 : this.#corner(by[node], edge, node));
        if (cost[node] + more >= cost[other]) continue;
        cost[other] = cost[node] + more;
        by[other] = edge;
        queue.push(other, cost[other]);
      }
    }
    const legs: number[] = [];
    for (let node = to; node !== from && by[node] >= 0; ) {
      const edge = by[node];
      legs.push(edge);
      node = edges[edge].a === node ? edges[edge].b : edges[edge].a;
    }
    let node = from;
    for (const edge of legs.reverse()) {
      used.add(edge);
      const { a, b, shape } = edges[edge];
      append(way, shape, a !== node);
      node = a === node ? b : a;
    }
  }

  /** What it costs to come to a node on one edge and leave it on another. */
  #corner(one: number, other: number, node: number): number {
    const { edges } = this.#network;
    const back = this.#leaving[one * 2 + (edges[one].a === node ? 0 : 1)];
    const on = this.#leaving[other * 2 + (edges[other].a === node ? 0 : 1)];
    return CORNER * (1 + Math.cos(on - back));
  }
}

function headingOf(shape: Float64Array, from: number, to: number): number {
  return Math.atan2(shape[to + 1] - shape[from + 1], shape[to] - shape[from]);
}

function append(way: Way, shape: Float64Array, reversed: boolean): void {
  const points = shape.length / 2;
  for (let at = way.length === 0 ? 0 : 1; at < points; at++) {
    const from = reversed ? points - 1 - at : at;
    way.push(shape[from * 2], shape[from * 2 + 1]);
  }
}

/** A binary heap of nodes by cost. What was pushed again cheaper comes out twice, which does no harm. */
class Heap {
  readonly #nodes: number[] = [];
  readonly #costs: number[] = [];

  push(node: number, cost: number): void {
    let at = this.#nodes.length;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (this.#costs[above] <= cost) break;
      this.#nodes[at] = this.#nodes[above];
      this.#costs[at] = this.#costs[above];
      at = above;
    }
    this.#nodes[at] = node;
    this.#costs[at] = cost;
  }

  /** The cheapest; -1 when empty. */
  pop(): number {
    const top = this.#nodes[0];
    if (top === undefined) return -1;
    const node = this.#nodes.pop()!;
    const cost = this.#costs.pop()!;
    const count = this.#nodes.length;
    if (count === 0) return top;
    let at = 0;
    for (;;) {
      let below = at * 2 + 1;
      if (below >= count) break;
      if (below + 1 < count && this.#costs[below + 1] < this.#costs[below]) below++;
      if (this.#costs[below] >= cost) break;
      this.#nodes[at] = this.#nodes[below];
      this.#costs[at] = this.#costs[below];
      at = below;
    }
    this.#nodes[at] = node;
    this.#costs[at] = cost;
    return top;
  }
}
