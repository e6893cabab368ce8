import type { Filter, FilterQuery } from '../index/filter.ts';
import { both, EVERYTHING, parseFilter } from '../index/filter.ts';
import type { Subject } from '../index/subject.ts';
import type { Look } from './palettes.ts';

export type { Geometry, Subject } from '../index/subject.ts';

/** Fewer activities in any way, by sport, date and so on; some sports, all else as it is; or nothing. */
export type Asking = 'anything' | 'sports' | 'nothing';

/** What a tile URL names: `/tiles/me` the signed-in athlete's, `/tiles/token/{key}` the map that the key opens. */
export interface TileMap extends Subject {
  /** What it is called in TileJSON and WMTS: whoever holds the key reads it. */
  name: string;
  /** The activities it shows at the most. */
  only: Filter;
  /** What its visitors may ask for of them; all else that they ask for is passed over. */
  mayAsk: Asking;
  /** Its colours where a visitor asks for none. */
  look: Look;
}

/** The map that a key opens; null when it opens none (any more), for whatever reason. */
export type OpenKey = (key: string) => Promise<TileMap | null>;

/** All of an athlete's activities, whole, for themselves and for programs of theirs. */
export function ownMap(athleteId: string): TileMap {
  return {
    athleteId,
    geometry: 'own',
    name: 'Pathglow',
    only: { ...EVERYTHING, virtual: true },
    mayAsk: 'anything',
    look: {},
  };
}

/** All that others may see of an athlete's: for the athlete, to look at the map as they do. */
export function publicMap(athleteId: string): TileMap {
  return { ...ownMap(athleteId), geometry: 'public' };
}

/** The activities that a visitor sees who asks for these. Throws InvalidFilter where the asking counts. */
export function filterOf({ only, mayAsk }: TileMap, query: FilterQuery): Filter {
  if (mayAsk === 'nothing') return only;
  if (mayAsk === 'sports') return both(only, { ...parseFilter({ sport: query.sport }), virtual: true });
  return both(only, parseFilter(query));
}

/** Whether a parameter of a filter counts when a visitor asks for it. */
export function heeds({ mayAsk }: TileMap, parameter: string): boolean {
  return mayAsk === 'anything' || (mayAsk === 'sports' && parameter === 'sport');
}

/** The look that a visitor sees who asks for this one. */
export function lookOf({ look }: TileMap, asked: Look): Look {
  return asked.color || asked.gradient ? asked : look;
}
