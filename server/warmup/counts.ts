import type { Tile, TileSize } from '../geo/tile.ts';
import type { Layer } from './layer.ts';

/** Requests by what they asked for; see `keyOf`. */
export type Counts = Map<string, number>;

/** An area is a tile this many zooms lower: eight by eight tiles, about a screen of them. */
const AREA = 3;

/** The share of requests that what is popular has carried. */
const SHARE = 0.9;

/** What a request counts for: its zoom and size, and the area it lies in. */
export function keyOf({ z, x, y }: Tile, size: TileSize): string {
  const up = Math.min(z, AREA);
  return `${z}/${size}/${x >> up}/${y >> up}`;
}

/** Adds counts to others. */
export function addCounts(to: Counts, from: ReadonlyMap<string, number>): void {
  for (const [key, count] of from) to.set(key, (to.get(key) ?? 0) + count);
}

/** Those most asked for, at most `limit` of them, most first. */
export function topCounts(counts: ReadonlyMap<string, number>, limit: number): [string, number][] {
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).slice(0, limit);
}

/**
 * The zooms, sizes and areas that carried nine of ten requests: the most asked for first, and of those as few as will
 * do. None when nothing was asked for.
 */
export function popularLayers(counts: ReadonlyMap<string, number>): Layer[] {
  let left = SHARE * [...counts.values()].reduce((sum, count) => sum + count, 0);
  const layers = new Map<string, Layer & { areas: Tile[] }>();
  for (const [key, count] of topCounts(counts, counts.size)) {
    if (left <= 0) break;
    left -= count;
    const [zoom, size, x, y] = key.split('/').map(Number);
    const name = `${zoom}/${size}`;
    if (!layers.has(name)) layers.set(name, { zoom, size: size as TileSize, areas: [] });
    layers.get(name)!.areas.push({ z: Math.max(0, zoom - AREA), x, y });
  }
  return [...layers.values()];
}

/** As they are stored, sealed. */
export function encodeCounts(counts: Iterable<[string, number]>): Buffer {
  return Buffer.from(JSON.stringify([...counts]));
}

export function decodeCounts(bytes: Buffer): Counts {
  return new Map(JSON.parse(bytes.toString()));
}
