/** Where Google Maps finds the tiles of a layer of heat: by URL, coloured by the server. */
import { isValid } from '../../server/geo/tile.ts';
import { hotAt } from '../../server/heat/light.ts';
import type { Heat, HeatLayer } from './contract.ts';

/**
 * The URL of a tile; null where there is none. Google asks beyond the largest zoom of an overlay, for rows above and
 * below the world, and for columns of its copies left and right of it. `ratio` is that of the screen. A new revision
 * is a new URL, without which Google would not ask again.
 */
export function googleTileUrl(
  { x, y, z }: { x: number; y: number; z: number },
  { query, stops, exposure }: HeatLayer,
  { light, tiles, revision }: Pick<Heat, 'light' | 'tiles' | 'revision'>,
  ratio: number,
): string | null {
  const columns = 2 ** z;
  const tile = { z, x: ((x % columns) + columns) % columns, y };
  if (!isValid(tile)) return null;
  const gradient = stops
    .map(({ visits, colour }) => `${visits === undefined ? '' : `${visits}:`}${colour.slice(1)}`)
    .join(';');
  const look = new URLSearchParams({ gradient, hot: String(hotAt(exposure[z], light)), as: revision });
  const name = `${z}/${tile.x}/${tile.y}${ratio > 1 ? '@2x' : ''}`;
  return `${tiles}/${name}.png?${query && `${query}&`}${look}`;
}
