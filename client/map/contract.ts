/**
 * What the page wants of a map, whoever draws it. Two do: MapLibre GL (gl-map.ts) and Google Maps (google-map.ts).
 * Zooms are MapLibre's, at which the world is 512 px wide at 0; Google counts one more.
 */
import type { GradientStop, Ground } from '../../server/heat/gradient.ts';
import type { Basemap } from '../api.ts';
import type { Units } from '../hooks/use-preferences.ts';
import type { Place } from '../state.ts';

/** Some of the activities, and the colours they are drawn in. */
export interface HeatLayer {
  /** Which activities: the query of a tile, without its colours. */
  query: string;
  stops: readonly GradientStop[];
  /** Visits drawn hottest, by the zoom of the tile. */
  exposure: readonly number[];
}

/** What lies over the map. */
export interface Heat {
  /** The last one uppermost. */
  layers: readonly HeatLayer[];
  /** Stops of light more than automatic. */
  light: number;
  /** 0 to 1. */
  opacity: number;
  /** What the URLs of the tiles begin with. */
  tiles: string;
  /** Changes with the activities: tiles are asked for again. */
  revision: string;
  /** Who is to be named at the map's edge while it is shown; null: nobody. */
  credit: string | null;
}

export type { Ground } from '../../server/heat/gradient.ts';

/** The map below the heat. */
export type Below = Basemap | { kind: 'none' } | { kind: 'google'; view: 'roadmap' | 'satellite' };

/** Room that the panels take of the map, in pixels: what is shown is shown beside them. */
export interface Room {
  left: number;
  bottom: number;
}

/** Longitude and latitude, in degrees. */
export type Position = readonly [lng: number, lat: number];

export interface MapOptions {
  container: HTMLElement;
  below: Below;
  ground: Ground;
  /** null: the world. */
  place: Place | null;
  /** Somebody moved the map; not told when it was moved by `goTo`. */
  onPlace(place: Place): void;
  onZoom(zoom: number): void;
  onBusy(isBusy: boolean): void;
  /** Somebody clicked, or tapped, where nothing but the map is. */
  onClick(place: Place): void;
  /** A tile was refused, because nobody is signed in any more, or the map is not shared any more. */
  onSignedOut(): void;
  /** The map below is not to be had; another lies in its place. */
  onBasemapGone(): void;
  /** Google does not take the key: there is no map of theirs. */
  onKeyRefused(): void;
  /** The map below turned out to be dark, or light. */
  onGround(ground: Ground): void;
}

/** Google does not take the key. */
export class KeyRefused extends Error {
  override name = 'KeyRefused';
}

export interface WorldMap {
  /** Draws this heat, at once or as soon as there is a map; what is in view stays until the new is there. */
  show(heat: Heat | null): void;
  /**
   * Asks the server for what these heats need in view, in their order, so that it is there when they are prepared. What
   * was still to come of others is given up.
   */
  fetchAhead(heats: readonly Heat[]): void;
  /** Gets another heat ready, unseen. Resolves when all of it that is in view could be shown. */
  prepare(heat: Heat): Promise<void>;
  /** Shows what was prepared in place of what is shown: faded over `ms`. */
  swap(ms: number): void;
  /** Another map below the heat. */
  dress(below: Below, ground: Ground): void;
  /** Where it looks now: the middle of what is seen beside the panels. */
  place(): Place;
  /** Looks elsewhere; `fly` says whether the way there is shown. */
  goTo(place: Place, fly: boolean): void;
  /** All of it in view: west, south, east, north; beside or above a box that lies over the map. */
  goToBounds(bounds: readonly [number, number, number, number], box?: Element | null): void;
  zoomBy(levels: number): void;
  /** What its scale is told in. */
  measureIn(units: Units): void;
  /** Keeps what is shown beside the panels. */
  makeRoom(room: Room, glide: boolean): void;
  /** Draws these lines over everything; null: none. */
  highlight(lines: readonly (readonly Position[])[] | null): void;
  remove(): void;
}
