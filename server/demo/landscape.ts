/** A region's network of ways: a town with its streets, roads from village to village, trails in the hills. */
import { finishNetwork, type Kind, type Network, NetworkPlan } from './network.ts';
import { type Chance, waves } from './random.ts';
import type { Region } from './regions.ts';
import { type Bend, shapes } from './shapes.ts';
import { buildTown } from './town.ts';

export interface Landscape {
  region: Region;
  network: Network;
  /** Metres above the sea. */
  altitude: (x: number, y: number) => number;
}

export function landscape(region: Region, random: Chance): Landscape {
  const plan = new NetworkPlan();
  const ground = groundOf(region, random);
  river(plan, region, random);
  buildTown(plan, region.town, random);
  const inTown = plan.x.length;
  roads(plan, region, ground, random);
  const beforeTrails = plan.x.length;
  trails(plan, region, ground, random);
  joinTrails(plan, beforeTrails, random);
  joinRiver(plan, inTown, region);
  const bend = bends(random);
  const network = finishNetwork(plan, (_, edges) => shapes(plan, edges, bend, random));
  return { region, network, altitude: ground.altitude };
}

interface Ground {
  altitude: (x: number, y: number) => number;
  /** 0 plain, 1 in the hills. */
  hilly: (x: number, y: number) => number;
  /** Metres from the valley's floor, side valleys included; 0 in open land. */
  aside: (x: number, y: number) => number;
}

function groundOf(region: Region, random: Chance): Ground {
  const rough = waves(random, 9000);
  const fine = waves(random, 1600);
  const valleyFloor = waves(random, 16_000);
  const [along, across] = [Math.cos(region.river), Math.sin(region.river)];
  const aside = (x: number, y: number) => {
    if (region.valley === null) return 0;
    const far = x * along + y * across;
    const main = Math.abs(-x * across + y * along - 900 * valleyFloor(far, 0));
    // two side valleys come down to the river at a slant
    const sides = [-9000, 7000].map((from) => Math.abs(far - from - (-x * across + y * along) * 0.5) + 900);
    return Math.min(main, ...sides);
  };
  const hilly = (x: number, y: number) => {
    const roughness = 0.35 * rough(x, y);
    if (region.valley !== null) return smooth((aside(x, y) - 900) / 4000 + 0.3 * roughness);
    const away = region.hills === null ? 0 : x * Math.cos(region.hills) + y * Math.sin(region.hills);
    return smooth((away - region.town * 0.75) / 5000 + 0.15 + roughness);
  };
  const altitude = (x: number, y: number) =>
    region.altitude + hilly(x, y) * region.relief * (0.7 + 0.3 * rough(y, x) + 0.06 * fine(x, y));
  return { altitude, hilly, aside };
}

function smooth(t: number): number {
  const clamped = Math.min(1, Math.max(0, t));
  return clamped * clamped * (3 - 2 * clamped);
}

/** Large and small bends of everything, so that no street is ruled and no ring is round. */
function bends(random: Chance): Bend {
  const fields = [
    [11_000, 900],
    [2600, 190],
    [700, 22],
  ].map(([wavelength, metres]) => {
    const east = waves(random, wavelength);
    const north = waves(random, wavelength);
    return { east, north, metres };
  });
  return (x, y) => {
    let [toX, toY] = [x, y];
    for (const { east, north, metres } of fields) {
      toX += metres * east(x, y);
      toY += metres * north(x, y);
    }
    return [toX, toY];
  };
}

/** A way along the river, through the whole region and past the middle of the town. */
function river(plan: NetworkPlan, { river: angle, reach }: Region, random: Chance): void {
  const meander = waves(random, 5200);
  let last = -1;
  for (let far = -reach * 0.8; far <= reach * 0.8; far += 160) {
    const off = 520 + 480 * meander(far, 0);
    const node = plan.node(
      far * Math.cos(angle) - off * Math.sin(angle),
      far * Math.sin(angle) + off * Math.cos(angle),
    );
    if (last >= 0) plan.link(last, node, 'path');
    last = node;
  }
}

/** Villages, close together near the town and far apart further out, and the roads from each to its neighbours. */
function roads(plan: NetworkPlan, region: Region, ground: Ground, random: Chance): void {
  const gates = gatesOf(plan, region.town);
  const sites = gates.map((node) => node);
  const spacing = (x: number, y: number) =>
    (region.valley === null ? 950 : 700) + Math.hypot(x, y) * 0.05 + ground.hilly(x, y) * 500;
  scatter(plan, sites, spacing, random, 9000, () => {
    const far = region.town * 1.05 + (region.reach - region.town) * random.next() ** 0.75;
    const angle = random.between(0, 2 * Math.PI);
    const [x, y] = [far * Math.cos(angle), far * Math.sin(angle)];
    const tooHigh = region.valley !== null && ground.aside(x, y) > region.valley;
    return tooHigh || (region.valley === null && random.happens(ground.hilly(x, y) * 0.5)) ? null : [x, y];
  });
  for (const { a, b, length } of neighbours(plan, sites, 4600)) {
    if (random.happens(0.1)) continue;
    const hilly = ground.hilly((plan.x[a] + plan.x[b]) / 2, (plan.y[a] + plan.y[b]) / 2);
    plan.link(a, b, 'road', (0.035 + 0.05 * hilly) * Math.min(1, 1500 / length));
  }
}

/** Trails where the land is hilly, winding more than any road. */
function trails(plan: NetworkPlan, region: Region, ground: Ground, random: Chance): void {
  const sites: number[] = [];
  const spacing = (x: number, y: number) => 420 + Math.hypot(x, y) * 0.03;
  scatter(plan, sites, spacing, random, 5000, () => {
    const far = region.trails * random.next() ** 0.6;
    const angle = random.between(0, 2 * Math.PI);
    const [x, y] = [far * Math.cos(angle), far * Math.sin(angle)];
    if (far < region.town * 0.9 || ground.aside(x, y) > 6500) return null;
    return random.happens(ground.hilly(x, y) * 1.6 - 0.15) ? [x, y] : null;
  });
  for (const { a, b } of neighbours(plan, sites, 1600)) {
    if (!random.happens(0.22)) plan.link(a, b, 'trail', 0.085);
  }
}

function joinTrails(plan: NetworkPlan, first: number, random: Chance): void {
  for (let node = first; node < plan.x.length; node++) {
    if (!random.happens(0.6)) continue;
    const road = plan.nearest(plan.x[node], plan.y[node], 900, (other) => other < first);
    if (road >= 0) plan.link(node, road, 'trail', 0.05);
  }
}

/** Bridges and lanes that lead down to the river, outside the town: inside, the streets do. */
function joinRiver(plan: NetworkPlan, inTown: number, region: Region): void {
  const count = Math.floor((region.reach * 1.6) / 160);
  for (let node = 0; node < count; node += 5) {
    const village = plan.nearest(plan.x[node], plan.y[node], 1300, (other) => other >= inTown);
    if (village >= 0) plan.link(node, village, 'road' satisfies Kind, 0.04);
  }
}

/** The outermost node of the town in each direction: where its streets become roads. */
function gatesOf(plan: NetworkPlan, town: number): number[] {
  const sectors = 26;
  const outermost = new Map<number, { node: number; far: number }>();
  for (let node = 0; node < plan.x.length; node++) {
    const far = Math.hypot(plan.x[node], plan.y[node]);
    if (far > town * 1.25) continue;
    const sector = Math.floor((Math.atan2(plan.y[node], plan.x[node]) / (2 * Math.PI) + 0.5) * sectors);
    if (far > (outermost.get(sector)?.far ?? 0)) outermost.set(sector, { node, far });
  }
  return [...outermost.values()].map(({ node }) => node);
}

/** Adds places one by one, none closer to another than the spacing there. */
function scatter(
  plan: NetworkPlan,
  sites: number[],
  spacing: (x: number, y: number) => number,
  random: Chance,
  tries: number,
  place: () => [number, number] | null,
): void {
  const among = new Set(sites);
  for (let at = 0; at < tries; at++) {
    const found = place();
    if (!found) continue;
    const [x, y] = found;
    const reach = spacing(x, y) * random.between(0.85, 1.15);
    if (plan.nearest(x, y, reach, (node) => among.has(node)) >= 0) continue;
    const node = plan.node(x, y);
    among.add(node);
    sites.push(node);
  }
}

/** Gabriel's graph: two places are neighbours if no third lies in the circle between them. No two edges cross. */
function neighbours(plan: NetworkPlan, sites: readonly number[], longest: number) {
  const pairs: { a: number; b: number; length: number }[] = [];
  const own = new NetworkPlan();
  for (const site of sites) own.node(plan.x[site], plan.y[site]);
  for (let i = 0; i < sites.length; i++) {
    for (let j = i + 1; j < sites.length; j++) {
      const [dx, dy] = [own.x[j] - own.x[i], own.y[j] - own.y[i]];
      const length = Math.hypot(dx, dy);
      if (length > longest) continue;
      const between = own.nearest(
        own.x[i] + dx / 2,
        own.y[i] + dy / 2,
        length / 2,
        (other) => other !== i && other !== j,
      );
      if (between < 0) pairs.push({ a: sites[i], b: sites[j], length });
    }
  }
  return pairs;
}
