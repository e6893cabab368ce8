import { levelFor } from '../geo/levels.ts';
import { latToWorldY, lngToWorldX, WORLD_SIZE } from '../geo/mercator.ts';
import { lineWidth } from '../heat/width.ts';
import type { Level } from './level.ts';
import type { Window } from './window.ts';

/** An activity that passes somewhere. */
export interface Nearby {
  activityId: string;
  /** Unix seconds. */
  startedAt: number | null;
}

/** A place on a drawn map. */
export interface Place {
  lng: number;
  lat: number;
  /** Of the tiles that are drawn there: 0 to 20. */
  zoom: number;
  /** Pixels of a 256-px tile by which a drawn line may miss the place: what a finger needs. */
  px: number;
}

/** The level that lines are drawn from where tiles of 512 px of a zoom are shown, as viewers do. */
export function drawnLevel(zoom: number): number {
  return levelFor(zoom + 1);
}

/**
 * The windows through which the drawn lines that cover a place are seen: one, and beside the antimeridian, where lines
 * are cut, another on its far side.
 */
export function windowsAt({ lng, lat, zoom, px }: Place): Window[] {
  const pixel = WORLD_SIZE / 2 ** (zoom + 8);
  const reach = (lineWidth(zoom) / 2 + px) * pixel;
  const level = drawnLevel(zoom);
  const x = ((lngToWorldX(lng) % WORLD_SIZE) + WORLD_SIZE) % WORLD_SIZE;
  const y = latToWorldY(lat);
  const sides = [x, x + WORLD_SIZE, x - WORLD_SIZE].filter(
    (side) => side > -reach && side < WORLD_SIZE + reach,
  );
  return sides.map((side) => ({ level, area: { minX: side, minY: y, maxX: side, maxY: y }, reach }));
}

/** The slots, of those that a mask lets through, which have a segment within the window's reach. */
export function slotsNear(level: Level, window: Window, mask: Uint8Array): number[] {
  const slots: number[] = [];
  const found = new Uint8Array(mask.length);
  const owners = level.slots;
  level.visit(window.area, window.reach, (chunk) => {
    const slot = owners[chunk];
    if (mask[slot] !== 0 && found[slot] === 0 && level.touches(chunk, window)) {
      found[slot] = 1;
      slots.push(slot);
    }
    return true;
  });
  return slots;
}

/** Whether there is any such slot: stops at the first. */
export function isAnythingNear(level: Level, window: Window, mask: Uint8Array): boolean {
  let found = false;
  level.visit(window.area, window.reach, (chunk, inside) => {
    found = mask[level.slots[chunk]] === 1 && (inside || level.touches(chunk, window));
    return !found;
  });
  return found;
}
