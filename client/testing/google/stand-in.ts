/** Google's map on a page: its script is the stand-in beside this. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';

export const KEY = 'AIza-stand-in-for-a-key';

const SCRIPT = ['basics.js', 'maps.js']
  .map((name) => readFileSync(new URL(name, import.meta.url), 'utf8'))
  .join('\n');

/** What the stand-in was asked for: the tile, and where it was told to find it. */
export interface Asked {
  x: number;
  y: number;
  z: number;
  url: string | null;
}

export interface StandIn {
  asked: Asked[];
  /** All that were ever put on the map. */
  overlays: (google.maps.ImageMapType & { options: google.maps.ImageMapTypeOptions; opacities: number[] })[];
  map: google.maps.Map;
  /** On the map. */
  lines: google.maps.Polyline[];
  parameters: Record<string, string>;
}

/** Lets a page load the stand-in where it asks for Google's script. */
export async function withGoogle<Watched extends { page: Page }>(watched: Watched): Promise<Watched> {
  await watched.page.route('https://maps.googleapis.com/**', (route) =>
    route.fulfill({ contentType: 'text/javascript', body: SCRIPT }),
  );
  return watched;
}

/** What the stand-in on a page tells of itself; undefined where there is none yet. */
export function standIn<Told>(page: Page, tell: (standIn: StandIn) => Told): Promise<Told> {
  // what is to be told is worked out on the page
  return page.evaluate(`(${tell})(globalThis.standIn)`) as Promise<Told>;
}

/** What the stand-in was asked since `from`. */
export async function askedOf(page: Page, from = 0): Promise<Asked[]> {
  return (await standIn(page, ({ asked }) => asked)).slice(from);
}

/** Moves the stand-in's map, as a hand would. */
export async function moveMap(page: Page, camera: { center?: google.maps.LatLngLiteral; zoom?: number }) {
  await page.evaluate(
    (to) => (globalThis as unknown as { standIn: StandIn }).standIn.map.moveCamera(to),
    camera,
  );
}
