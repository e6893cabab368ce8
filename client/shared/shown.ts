import type { Shared } from '../api/shared.ts';
import { stateOf } from '../chosen.ts';
import { EVERYTHING, type ViewState } from '../state.ts';

/** What a visitor sees: their own choices where they may choose, drawn as the share says. */
export function shownOf(shared: Shared, { place, sports, from, to, commute }: ViewState): ViewState {
  const { virtual, ...rest } = stateOf(shared);
  const chosen = shared.viewerFilters ? { sports, from, to, commute, virtual } : { virtual: false };
  // what the share shows at the most, its tiles know by themselves
  return { ...rest, ...EVERYTHING, ...chosen, place };
}
