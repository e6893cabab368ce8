import { useCallback, useMemo, useRef } from 'preact/hooks';
import type { Me } from '../api.ts';
import type { Days } from '../dates.ts';
import { heatOf } from '../heat.ts';
import type { Ground, Heat } from '../map/contract.ts';
import { filterQuery, type ViewState } from '../state.ts';
import type { DrawnFor } from './use-drawn.ts';

interface HeatChoice {
  /** With how many activities each has: what is drawn in colours of its own, and in which order. */
  sports: Me['sports'];
  state: ViewState;
  drawn: DrawnFor | null;
  ground: Ground;
}

export interface HeatChosen {
  /** What is to be shown; null: nobody is signed in, or nothing is known yet. */
  now: Heat | null;
  /** The same of other days, as bright: so that frames of a film can be compared. */
  of(days: Days): Heat | null;
}

/** The heat of what is chosen. */
export function useHeat({ sports: counts, state, drawn, ground }: HeatChoice): HeatChosen {
  const { color, gradient, light, opacity, bySport } = state;
  const chosen = filterQuery(state);
  const sports = JSON.stringify(counts);
  const shown = useRef<Heat | null>(null);
  const of = useCallback(
    (days: Days) =>
      drawn &&
      heatOf({
        state: { ...state, ...days },
        sports: JSON.parse(sports),
        drawn,
        ground,
        revision: drawn.revision,
      }),
    [drawn, chosen, sports, ground, color, gradient, light, opacity, bySport],
  );
  const now = useMemo(() => {
    // an exposure belongs to its filter: until the new one is known the old picture stays
    if (drawn && drawn.query !== chosen) return shown.current;
    return of(state);
  }, [of]);
  shown.current = now;
  return { now, of };
}
