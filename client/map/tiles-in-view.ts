import { latToWorldY, lngToWorldX, WORLD_SIZE } from '../../server/geo/mercator.ts';
import type { Bounds } from './cover.ts';
import { tileZoomOf } from './zoom.ts';

/** The tiles of 256 px that a map loads which shows these bounds at this zoom: 'z/x/y'. */
export function tilesInView([west, south, east, north]: Bounds, mapZoom: number): string[] {
  const z = tileZoomOf(mapZoom);
  const count = 2 ** z;
  const side = WORLD_SIZE / count;
  const top = Math.max(0, Math.floor(latToWorldY(north) / side));
  const bottom = Math.min(count - 1, Math.floor(latToWorldY(south) / side));
  const left = Math.floor(lngToWorldX(west) / side);
  // a world seen more than once has no more tiles than one
  const right = Math.min(left + count - 1, Math.floor(lngToWorldX(east) / side));
  const tiles: string[] = [];
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) tiles.push(`${z}/${((x % count) + count) % count}/${y}`);
  }
  return tiles;
}
