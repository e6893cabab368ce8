import type { NetworkPlan } from './network.ts';
import { type Chance, waves } from './random.ts';

/**
 * A town around 0, 0: rings and roads out of town first, then quarter by quarter a grid of streets, each quarter
 * with its own direction, older and denser towards the middle, with parks left open.
 */
export function buildTown(plan: NetworkPlan, radius: number, random: Chance): void {
  const outline = waves(random, radius * 1.4);
  const parks = waves(random, 1500);
  const within = (x: number, y: number) => Math.hypot(x, y) < radius * (0.88 + 0.22 * outline(x, y));
  arterials(plan, radius, random);
  const quarters = quartersOf(radius, random);
  for (const quarter of quarters) {
    streets(plan, quarter, random, (x, y) => {
      if (!within(x, y) || parks(x, y) > 0.85) return false;
      return quarters.every((other) => distance(quarter, x, y) <= distance(other, x, y));
    });
  }
}

function arterials(plan: NetworkPlan, radius: number, random: Chance): void {
  for (const [mean, spread] of [
    [Math.min(480, radius * 0.25), 90],
    [radius * 0.62, radius * 0.11],
  ]) {
    const uneven = waves(random, mean * 1.8);
    const count = Math.round((2 * Math.PI * mean) / 130);
    const nodes = Array.from({ length: count }, (_, at) => {
      const angle = (at / count) * 2 * Math.PI;
      const far = mean + spread * uneven(mean * Math.cos(angle), mean * Math.sin(angle));
      return placeOrNear(plan, far * Math.cos(angle), far * Math.sin(angle));
    });
    nodes.forEach((node, at) => {
      plan.link(node, nodes[(at + 1) % count], 'arterial');
    });
  }
  const ways = radius > 3000 ? 8 : 6;
  for (let way = 0; way < ways; way++) {
    let heading = ((way + random.between(-0.25, 0.25)) / ways) * 2 * Math.PI;
    let far = Math.min(480, radius * 0.25);
    let [x, y] = [far * Math.cos(heading), far * Math.sin(heading)];
    let last = plan.nearest(x, y, 200);
    while (far < radius * 1.08) {
      x += 125 * Math.cos(heading);
      y += 125 * Math.sin(heading);
      heading += 0.09 * random.bell();
      far = Math.hypot(x, y);
      const node = placeOrNear(plan, x, y);
      if (last >= 0) plan.link(last, node, 'arterial');
      last = node;
    }
  }
}

/** Ways that meet share the junction. */
function placeOrNear(plan: NetworkPlan, x: number, y: number): number {
  const near = plan.nearest(x, y, 62);
  return near >= 0 ? near : plan.node(x, y);
}

interface Quarter {
  x: number;
  y: number;
  angle: number;
  /** Metres between its streets, one way and the other. */
  wide: number;
  deep: number;
}

function quartersOf(radius: number, random: Chance): Quarter[] {
  const count = Math.round(5 + radius / 350);
  return Array.from({ length: count }, (_, at) => {
    const far = radius * 0.95 * Math.sqrt((at + 0.3) / count);
    // by the golden angle they spread evenly
    const angle = at * 2.39996 + random.between(-0.4, 0.4);
    const wide = 82 + 55 * (far / radius) + random.between(0, 30);
    return {
      x: far * Math.cos(angle),
      y: far * Math.sin(angle),
      angle: random.between(0, Math.PI / 2),
      wide,
      deep: wide * random.between(1, 1.7),
    };
  });
}

function distance(quarter: Quarter, x: number, y: number): number {
  return Math.hypot(x - quarter.x, y - quarter.y);
}

function streets(
  plan: NetworkPlan,
  quarter: Quarter,
  random: Chance,
  within: (x: number, y: number) => boolean,
): void {
  const { wide, deep, angle } = quarter;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const first = plan.x.length;
  const nodes = new Map<string, number>();
  const size = 26;
  const at = (i: number, j: number) => {
    const [u, v] = [i * wide, j * deep];
    return [quarter.x + u * cos - v * sin, quarter.y + u * sin + v * cos] as const;
  };
  for (let i = -size; i <= size; i++) {
    for (let j = -size; j <= size; j++) {
      const [cx, cy] = at(i, j);
      const x = cx + 0.07 * wide * random.bell();
      const y = cy + 0.07 * wide * random.bell();
      if (!within(x, y) || plan.nearest(x, y, wide * 0.62, (node) => node < first) >= 0) continue;
      nodes.set(`${i} ${j}`, plan.node(x, y));
    }
  }
  for (const [key, node] of nodes) {
    const [i, j] = key.split(' ').map(Number);
    for (const [di, dj] of [
      [1, 0],
      [0, 1],
      [-1, 0],
      [0, -1],
    ]) {
      const beside = nodes.get(`${i + di} ${j + dj}`);
      if (beside !== undefined) {
        if (di + dj > 0 && random.happens(0.86)) plan.link(node, beside, 'street');
        continue;
      }
      // at the quarter's edge a street goes on to the road that bounds it, or into the next quarter
      const [x, y] = at(i + di * 0.95, j + dj * 0.95);
      const other = plan.nearest(x, y, wide * 0.8, (one) => one < first);
      if (other >= 0) plan.link(node, other, 'street');
    }
  }
}
