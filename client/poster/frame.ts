/** What of the map is on a poster: it begins with what is in view, and is moved and zoomed from there. */
import { latToWorldY, lngToWorldX, WORLD_SIZE, worldXToLng, worldYToLat } from '../../server/geo/mercator.ts';
import type { Layout } from '../../server/posters/layout.ts';
import type { Place } from '../state.ts';

export interface Frame {
  place: Place;
  /** Steps wider than on the map: each shows twice as much either way. */
  wider: number;
}

/** Steps in either direction. */
export const MOST_WIDER = 3;

/** The frame whose picture lies so many of the layout's pixels further right and down. */
export function moved(frame: Frame, { scale }: Pick<Layout, 'scale'>, right: number, down: number): Frame {
  const { lng, lat } = frame.place;
  const x = lngToWorldX(lng) - right / scale;
  const y = Math.min(WORLD_SIZE, Math.max(0, latToWorldY(lat) - down / scale));
  const place = { ...frame.place, lng: worldXToLng(within(x, 0)), lat: worldYToLat(y) };
  return { ...frame, place };
}

/** The frame so many steps wider, in which a point so many pixels from the middle of the map stays where it is. */
export function zoomed(
  frame: Frame,
  layout: Pick<Layout, 'scale'>,
  steps: number,
  right = 0,
  down = 0,
): Frame {
  const wider = Math.min(MOST_WIDER, Math.max(-MOST_WIDER, frame.wider + steps));
  const grown = 2 ** (wider - frame.wider) - 1;
  return { ...moved(frame, layout, right * grown, down * grown), wider };
}

/** What a map has to be moved by, in shares of its width and height, and then scaled by, from its north-western corner. */
export interface Shift {
  x: number;
  y: number;
  scale: number;
}

/** What makes the map of a picture drawn in one layout show what another shows; null: nothing has to, or nothing can. */
export function shiftBetween(drawn: Layout, wanted: Layout): Shift | null {
  const isAlike = (['x', 'y', 'width', 'height'] as const).every(
    (side) => drawn.map[side] === wanted.map[side],
  );
  if (!isAlike || drawn.width !== wanted.width || drawn.height !== wanted.height) return null;
  const middleOf = ({ minX, map, scale }: Layout) => minX + map.width / scale / 2;
  const apart = middleOf(drawn) - middleOf(wanted);
  // whichever way round the world is shorter
  const turns = within(apart, -WORLD_SIZE / 2) - apart;
  const scale = wanted.scale / drawn.scale;
  const x = ((drawn.minX + turns - wanted.minX) * wanted.scale) / wanted.map.width;
  const y = ((drawn.minY - wanted.minY) * wanted.scale) / wanted.map.height;
  return Math.max(Math.abs(x), Math.abs(y), Math.abs(scale - 1)) < 1e-6 ? null : { x, y, scale };
}

/** The same place of the world, from `least` on. */
function within(x: number, least: number): number {
  return ((((x - least) % WORLD_SIZE) + WORLD_SIZE) % WORLD_SIZE) + least;
}
