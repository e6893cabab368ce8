import { Type } from 'typebox';
import type { Tile, TileSize } from '../geo/tile.ts';
import type { Palette } from '../heat/palette.ts';
import { InvalidGradient } from '../heat/palette.ts';
import { HttpError } from '../http/errors.ts';
import { FILTER_QUERY } from '../index/filter-query.ts';
import type { TileMap } from './map.ts';
import { heeds, lookOf } from './map.ts';
import type { Look } from './palettes.ts';
import { paletteOf } from './palettes.ts';

// Integers, written as integers are; whether there is such a tile is another question (404).
const COORDINATE = '(?:0|-?[1-9][0-9]{0,15})';

/** The last three parts of a tile's path. */
export const TILE_PARAMS = {
  z: Type.String({ pattern: `^${COORDINATE}$` }),
  x: Type.String({ pattern: `^${COORDINATE}$` }),
  y: Type.String({ pattern: `^${COORDINATE}(?:@2x)?\\.png$`, description: 'y.png, or y@2x.png for 512 px' }),
};

/** Everything about a map that can be asked for in a query. */
export const MapQuery = Type.Object({
  ...FILTER_QUERY,
  color: Type.Optional(Type.String({ maxLength: 40, description: 'a palette by name' })),
  gradient: Type.Optional(Type.String({ maxLength: 2000, description: 'a palette of your own' })),
  hot: Type.Optional(Type.Number({ minimum: 1, maximum: 1e6, description: 'visits drawn hottest' })),
});

/** The tile that a path asks for, which need not exist. */
export function tileOf({ z, x, y }: { z: string; x: string; y: string }): { tile: Tile; size: TileSize } {
  const size = y.endsWith('@2x.png') ? 512 : 256;
  return { tile: { z: Number(z), x: Number(x), y: Number.parseInt(y, 10) }, size };
}

/** The palette asked for, with `hot` visits drawn hottest. Throws HttpError. */
export function askedPalette(map: TileMap, asked: Look, hot: number): Palette {
  try {
    const palette = paletteOf(lookOf(map, asked), hot);
    if (palette) return palette;
  } catch (error) {
    if (!(error instanceof InvalidGradient)) throw error;
    throw new HttpError('bad_request', { parameter: 'gradient', message: error.message });
  }
  throw new HttpError('bad_request', { parameter: 'color', message: 'there is no palette of that name' });
}

/** What a query asks for and this map heeds, as a query again: empty, or `?` and the rest. */
export function queryOf(map: TileMap, query: Record<string, unknown>): string {
  const heeded = Object.entries(query).filter(
    ([name]) => name in MapQuery.properties && (!(name in FILTER_QUERY) || heeds(map, name)),
  );
  const text = new URLSearchParams(heeded.map(([name, value]) => [name, String(value)])).toString();
  return text && `?${text}`;
}
