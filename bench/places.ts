/** Tiles worth measuring: around the made-up athlete's home, and along a line. */
import { cover } from '../server/geo/cover.ts';
import { latToWorldY, lngToWorldX, WORLD_SIZE } from '../server/geo/mercator.ts';
import type { Tile } from '../server/geo/tile.ts';
import { MAX_ZOOM } from '../server/geo/tile.ts';
import type { BenchActivity } from './athlete.ts';
import { HOMES } from './athlete.ts';

/** A tile within 4 km of home; its very middle without dice. */
export function homeTile(z: number, random = () => 0.5): Tile {
  const [{ lat, lng }] = HOMES;
  const spread = 8000 * 80;
  const at = (centre: number) => Math.floor(((centre + (random() - 0.5) * spread) / WORLD_SIZE) * 2 ** z);
  return { z, x: at(lngToWorldX(lng)), y: at(latToWorldY(lat)) };
}

/** What a screen of 1,920 × 1,080 points shows. */
export function viewportAtHome(): Tile[] {
  const { z, x, y } = homeTile(11);
  return Array.from({ length: 15 }, (_, at) => ({ z, x: x - 2 + (at % 5), y: y - 1 + Math.floor(at / 5) }));
}

/** Every tile that the line touches or comes near, of all zooms. */
export function pyramidAlong({ track }: BenchActivity): Tile[] {
  const [{ lng, lat }] = track.lines;
  const xy = new Float64Array(lng.length * 2);
  for (let at = 0; at < lng.length; at++) {
    xy[at * 2] = lngToWorldX(lng[at] / 1e7);
    xy[at * 2 + 1] = latToWorldY(lat[at] / 1e7);
  }
  return Array.from({ length: MAX_ZOOM + 1 }, (_, z) => cover(xy, z, WORLD_SIZE / 2 ** (z + 1))).flat();
}
