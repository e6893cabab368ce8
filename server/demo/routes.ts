/** Ways through a network: shortest by what a sport likes, and round trips made of them. */
import type { Network } from './network.ts';
import type { Chance } from './random.ts';

/** Places along a way, x and y interleaved, metres east and north. */
export type Way = number[];

/** What a metre of street, arterial, road, path and trail feels like to somebody. */
export type Taste = readonly [street: number, arterial: number, road: number, path: number, trail: number];

/** One rides back another way, if there is one. */
const AGAIN = 2.5;

export class Router {
  readonly #network: Network;
  /** Some streets are liked and others avoided, for reasons of their own. */
  readonly #charm: Float64Array;

  constructor(network: Network, random: Chance) {
    this.#network = network;
    this.#charm = Float64Array.from(network.edges, () => random.between(0.75, 1.4));
  }

  nearest(x: number, y: number): number {
    const { x: xs, y: ys } = this.#network;
    let best = 0;
    for (let node = 1; node < xs.length; node++) {
      if (Math.hypot(xs[node] - x, ys[node] - y) < Math.hypot(xs[best] - x, ys[best] - y)) best = node;
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
      return this.nearest(x[home] + reach * Math.cos(angle), y[home] + reach * Math.sin(angle));
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
        const more = length * taste[kind] * this.#charm[edge] * (used.has(edge) ? AGAIN : 1);
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
