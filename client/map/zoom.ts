import { latToWorldY, metresPerWorldUnit, WORLD_SIZE } from '../../server/geo/mercator.ts';
import { MAX_ZOOM } from '../../server/geo/tile.ts';
import { NARROW } from './cover.ts';

/** No place is brought closer into view by itself. */
export const CLOSEST = 15;

/** The zoom of the tiles that fill a view: they are 256 px wide, where places are reckoned with 512. */
export function tileZoomOf(mapZoom: number): number {
  return Math.min(MAX_ZOOM, Math.max(0, Math.round(mapZoom + 1)));
}

/** True metres along the ground of a pixel of the map at a place: its world is 512 px wide at zoom 0. */
export function metresPerPixel({ lat, zoom }: { lat: number; zoom: number }): number {
  return (metresPerWorldUnit(latToWorldY(lat)) * WORLD_SIZE) / (512 * 2 ** zoom);
}

/** A whole zoom, at which a pixel of a tile is a pixel of the screen. On a phone rather the smaller one. */
export function crisp(zoom: number, width: number): number {
  return width < NARROW ? Math.floor(zoom) : Math.round(zoom);
}

/** At which the world just fills the width, or a little less of it on a phone. */
export function worldZoom(container: HTMLElement): number {
  return Math.max(0.6, Math.log2(container.clientWidth / 512));
}
