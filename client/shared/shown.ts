import type { Shared } from '../api/shared.ts';
import { DEFAULT_STATE, PALETTE_NAMES, type ViewState } from '../state.ts';

/** What a visitor sees: their own choices where they may choose, in the colours that the share gives. */
export function shownOf({ palette, filter, viewerFilters }: Shared, chosen: ViewState): ViewState {
  const { sports, from, to } = chosen;
  return {
    ...DEFAULT_STATE,
    place: chosen.place,
    ...(viewerFilters && { sports, from, to, virtual: filter.virtual === 'true' }),
    color: PALETTE_NAMES.find((name) => name === palette.color) ?? DEFAULT_STATE.color,
    gradient: palette.gradient ?? null,
  };
}
