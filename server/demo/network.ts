/** Streets, roads and paths as a graph: what outings are routed over. Coordinates are metres east and north. */
export const KINDS = ['street', 'arterial', 'road', 'path', 'trail'] as const;
export type Kind = (typeof KINDS)[number];

export interface Edge {
  a: number;
  b: number;
  /** An index into KINDS. */
  kind: number;
  /** Metres along it. */
  length: number;
  /** x and y interleaved, from a to b, both included. */
  shape: Float64Array;
}

export interface Network {
  x: Float64Array;
  y: Float64Array;
  edges: Edge[];
  /** The edges at node n are links[starts[n]] … links[starts[n + 1] - 1]. */
  starts: Int32Array;
  links: Int32Array;
  /** Bit k is set where an edge of kind k ends. */
  kindsAt: Uint8Array;
}

const CELL = 250;

export interface PlannedEdge {
  a: number;
  b: number;
  kind: Kind;
  /** How far it strays from the straight way, as a share of its length. */
  wiggle: number;
}

/** Nodes and edges while a network grows. */
export class NetworkPlan {
  readonly x: number[] = [];
  readonly y: number[] = [];
  readonly edges: PlannedEdge[] = [];
  readonly #cells = new Map<number, number[]>();
  readonly #linked = new Set<number>();

  node(x: number, y: number): number {
    const key = cellKey(Math.floor(x / CELL), Math.floor(y / CELL));
    const cell = this.#cells.get(key);
    if (cell) cell.push(this.x.length);
    else this.#cells.set(key, [this.x.length]);
    this.y.push(y);
    return this.x.push(x) - 1;
  }

  /** Joins two nodes, once. */
  link(a: number, b: number, kind: Kind, wiggle = 0): void {
    const key = Math.min(a, b) * 2 ** 26 + Math.max(a, b);
    if (a === b || this.#linked.has(key)) return;
    this.#linked.add(key);
    this.edges.push({ a, b, kind, wiggle });
  }

  /** The nearest node within `reach` metres that `fits`; -1 if there is none. */
  nearest(x: number, y: number, reach: number, fits: (node: number) => boolean = () => true): number {
    let best = -1;
    let least = reach * reach;
    const spread = Math.ceil(reach / CELL);
    const column = Math.floor(x / CELL);
    const row = Math.floor(y / CELL);
    for (let cx = column - spread; cx <= column + spread; cx++) {
      for (let cy = row - spread; cy <= row + spread; cy++) {
        for (const node of this.#cells.get(cellKey(cx, cy)) ?? []) {
          const square = (this.x[node] - x) ** 2 + (this.y[node] - y) ** 2;
          if (square < least && fits(node)) {
            least = square;
            best = node;
          }
        }
      }
    }
    return best;
  }
}

function cellKey(column: number, row: number): number {
  return (column + 2 ** 20) * 2 ** 22 + row + 2 ** 20;
}

/** The finished network: dead ends that lead nowhere and islands go, and every edge gets its shape. */
export function finishNetwork(
  plan: NetworkPlan,
  shapesOf: (plan: NetworkPlan, edges: PlannedEdge[]) => Float64Array[],
): Network {
  const kept = withoutIslands(plan, withoutDeadEnds(plan));
  const shapes = shapesOf(plan, kept);
  const numbers = new Map<number, number>();
  const number = (node: number) => {
    const known = numbers.get(node);
    if (known !== undefined) return known;
    numbers.set(node, numbers.size);
    return numbers.size - 1;
  };
  const edges: Edge[] = kept.map(({ a, b, kind }, at) => ({
    a: number(a),
    b: number(b),
    kind: KINDS.indexOf(kind),
    length: lengthOf(shapes[at]),
    shape: shapes[at],
  }));
  const count = numbers.size;
  const x = new Float64Array(count);
  const y = new Float64Array(count);
  const starts = new Int32Array(count + 1);
  const kindsAt = new Uint8Array(count);
  for (const { a, b, kind, shape } of edges) {
    [x[a], y[a], x[b], y[b]] = [shape[0], shape[1], shape[shape.length - 2], shape[shape.length - 1]];
    starts[a + 1]++;
    starts[b + 1]++;
    kindsAt[a] |= 1 << kind;
    kindsAt[b] |= 1 << kind;
  }
  for (let node = 0; node < count; node++) starts[node + 1] += starts[node];
  const links = new Int32Array(edges.length * 2);
  const used = starts.slice();
  edges.forEach(({ a, b }, at) => {
    links[used[a]++] = at;
    links[used[b]++] = at;
  });
  return { x, y, edges, starts, links, kindsAt };
}

function lengthOf(shape: Float64Array): number {
  let metres = 0;
  for (let at = 2; at < shape.length; at += 2) {
    metres += Math.hypot(shape[at] - shape[at - 2], shape[at + 1] - shape[at - 1]);
  }
  return metres;
}

/** Trails may end at a summit; streets that end are left out, since nobody rides through them. */
function withoutDeadEnds(plan: NetworkPlan): PlannedEdge[] {
  let edges = plan.edges;
  for (;;) {
    const degree = new Uint16Array(plan.x.length);
    for (const { a, b } of edges) {
      degree[a]++;
      degree[b]++;
    }
    const kept = edges.filter(({ a, b, kind }) => kind === 'trail' || (degree[a] > 1 && degree[b] > 1));
    if (kept.length === edges.length) return kept;
    edges = kept;
  }
}

function withoutIslands(plan: NetworkPlan, edges: PlannedEdge[]): PlannedEdge[] {
  const parent = Int32Array.from(plan.x, (_, at) => at);
  const rootOf = (node: number) => {
    let root = node;
    while (parent[root] !== root) {
      parent[root] = parent[parent[root]];
      root = parent[root];
    }
    return root;
  };
  for (const { a, b } of edges) parent[rootOf(a)] = rootOf(b);
  const sizes = new Map<number, number>();
  for (const { a } of edges) sizes.set(rootOf(a), (sizes.get(rootOf(a)) ?? 0) + 1);
  const [largest] = [...sizes].reduce((best, one) => (one[1] > best[1] ? one : best), [-1, 0]);
  return edges.filter(({ a }) => rootOf(a) === largest);
}
