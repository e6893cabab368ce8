/** A small picture of the heat, in which palettes are shown: where it comes from, and what of that is seen. */
import { latToWorldY, lngToWorldX, WORLD_SIZE } from '../server/geo/mercator.ts';
import type { Drawn } from './api.ts';
import { TILE_SIDE } from './map/tones.ts';

/** At which the ways around a town are told apart. */
const TOWN_ZOOM = 11;

/** Of a thumbnail, in pixels of a tile. */
export const WIDTH = 144;
export const HEIGHT = 60;

/** Four tiles that meet in a corner. */
export interface Sight {
  zoom: number;
  /** 'z/x/y': upper left, upper right, lower left, lower right. */
  tiles: string[];
}

/** Where to look: at all of it where that is little, or around the place where most of it is. */
export function sightOf({ center, home }: Pick<Drawn, 'center' | 'home'>): Sight | null {
  if (center && center[2] >= TOWN_ZOOM) return sightAround(center);
  return home ? sightAround([...home, TOWN_ZOOM]) : null;
}

/** What is half a tile around a place lies within the tiles. */
function sightAround([lng, lat, zoom]: readonly [number, number, number]): Sight {
  const across = 2 ** zoom;
  const left = Math.round((lngToWorldX(lng) / WORLD_SIZE) * across) - 1;
  const below = Math.round((latToWorldY(lat) / WORLD_SIZE) * across);
  const top = Math.min(across - 2, Math.max(0, below - 1));
  const tiles = [0, 1, 2, 3].map((at) => {
    const x = (left + (at % 2) + across) % across;
    return `${zoom}/${x}/${top + Math.floor(at / 2)}`;
  });
  return { zoom, tiles };
}

/** The part of four tiles around which there is most heat: WIDTH × HEIGHT tones, row by row. */
export function hottestPart(tiles: readonly Uint8Array[]): Uint8Array {
  const side = 2 * TILE_SIDE;
  const tones = new Uint8Array(side * side);
  for (const [at, tile] of tiles.entries()) {
    const corner = (at % 2) * TILE_SIDE + Math.floor(at / 2) * TILE_SIDE * side;
    for (let row = 0; row < TILE_SIDE; row++) {
      tones.set(tile.subarray(row * TILE_SIDE, (row + 1) * TILE_SIDE), corner + row * side);
    }
  }
  // summed twice each way, what lies in the middle weighs most: of a thumbnail that holds it all, it is in the middle
  let sums: Grid = { columns: side, rows: side, values: Float64Array.from(tones) };
  const [across, down] = [WIDTH / 2, HEIGHT / 2];
  for (const span of [across, down, across + 1, down + 1]) sums = sumsAlong(sums, span);
  const most = sums.values.reduce((best, sum, at, all) => (sum > all[best] ? at : best), 0);
  const from = Math.floor(most / sums.columns) * side + (most % sums.columns);
  const part = new Uint8Array(WIDTH * HEIGHT);
  for (let row = 0; row < HEIGHT; row++) {
    part.set(tones.subarray(from + row * side, from + row * side + WIDTH), row * WIDTH);
  }
  return part;
}

interface Grid {
  columns: number;
  rows: number;
  /** Row by row. */
  values: Float64Array;
}

/** Of each so many neighbours in a row their sum; with rows and columns exchanged. */
function sumsAlong({ columns, rows, values }: Grid, span: number): Grid {
  const sums = new Float64Array((columns - span + 1) * rows);
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (let column = 0; column < columns; column++) {
      sum += values[row * columns + column];
      const first = column - span + 1;
      if (first < 0) continue;
      sums[first * rows + row] = sum;
      sum -= values[row * columns + first];
    }
  }
  return { columns: rows, rows: columns - span + 1, values: sums };
}
