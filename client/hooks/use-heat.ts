import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { Me } from '../api.ts';
import { heatOf } from '../heat.ts';
import type { Ground, Heat, WorldMap } from '../map/contract.ts';
import { grouped } from '../sports.ts';
import { filterQuery, type ViewState } from '../state.ts';
import type { DrawnFor } from './use-drawn.ts';

interface HeatChoice {
  map: WorldMap | null;
  me: Me | null;
  state: ViewState;
  drawn: DrawnFor | null;
  ground: Ground;
}

/** Keeps the heat on the map at what is chosen. null: nobody is signed in, or nothing is known yet. */
export function useHeat({ map, me, state, drawn, ground }: HeatChoice): Heat | null {
  const { color, gradient, light, opacity, bySport } = state;
  const chosen = filterQuery(state);
  const sports = JSON.stringify(me?.sports ?? []);
  const shown = useRef<Heat | null>(null);
  const heat = useMemo(() => {
    if (!drawn) return null;
    // an exposure belongs to its filter: until the new one is known the old picture stays
    if (drawn.query !== chosen) return shown.current;
    return heatOf({ state, groups: grouped(JSON.parse(sports)), drawn, ground, revision: drawn.revision });
  }, [drawn, chosen, sports, ground, color, gradient, light, opacity, bySport]);
  shown.current = heat;

  useEffect(() => map?.show(heat), [map, heat]);
  return heat;
}
