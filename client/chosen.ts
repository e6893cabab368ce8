/** What is chosen on the map: in words, as a share has it, and as the query of a tile elsewhere. */
import type { FilterWords, ShareLook } from './api/shares.ts';
import { isPinned } from './heat.ts';
import {
  type Chosen,
  filterQuery,
  type Look,
  lookParameters,
  parseState,
  showsVirtual,
  type ViewState,
} from './state.ts';
import { CHOSEN } from './words/common.ts';
import { sportName, WORDS } from './words.ts';

/** Sports named one by one. */
const MOST_NAMED = 4;

type Colours = Pick<Look, 'color' | 'gradient'>;

/** Which activities: 'Ride, Run, since 2024-01-01'. */
export function filterInWords(chosen: Chosen): string {
  const { sports, from, to, commute, visibility } = chosen;
  const named = sports.slice(0, sports.length > MOST_NAMED + 1 ? MOST_NAMED : sports.length).map(sportName);
  if (named.length < sports.length) named.push(CHOSEN.more(sports.length - named.length));
  const virtual = showsVirtual(chosen) && !sports.some((sport) => sport.startsWith('Virtual'));
  const days =
    from && to ? CHOSEN.between(from, to) : from ? CHOSEN.since(from) : to ? CHOSEN.until(to) : null;
  return [
    ...(named.length > 0 ? named : [CHOSEN.all]),
    days,
    commute === null ? null : CHOSEN.commute[commute ? 'only' : 'none'],
    virtual ? CHOSEN.virtual : null,
    visibility && CHOSEN.visibility[visibility],
  ]
    .filter((part) => part !== null)
    .join(', ');
}

/** 'in Glacier'. */
export function coloursInWords({ color, gradient }: Colours): string {
  return gradient === null ? CHOSEN.colours(WORDS.palettes[color]) : CHOSEN.ownColours;
}

/** What of a choice can be shared: of what others may see, all. */
export function shareable<Some extends Chosen>(chosen: Some): Some {
  return { ...chosen, visibility: null };
}

/** How all of it is drawn: 'in Glacier, brighter, half transparent'. */
export function lookInWords(look: Look): string {
  const { light, opacity, bySport } = look;
  return [
    bySport ? CHOSEN.bySport : coloursInWords(look),
    light === 0 || isPinned(look) ? null : light > 0 ? CHOSEN.brighter : CHOSEN.darker,
    opacity === 1 ? null : CHOSEN.opacity(WORDS.percent(opacity)),
  ]
    .filter((part) => part !== null)
    .join(', ');
}

/** What a share shows and how, as the map would be told; its words are those of the address. */
export function stateOf({ filter, palette }: { filter: FilterWords; palette: ShareLook }): ViewState {
  const words = Object.entries({ ...filter, ...palette }).map(([name, value]) => [name, String(value)]);
  return parseState(new URLSearchParams(words).toString());
}

/** The filter as the server takes it, in the words of a query. */
export function filterAsked(chosen: Chosen): FilterWords {
  return Object.fromEntries(new URLSearchParams(filterQuery(chosen)));
}

/** The query of a tile, with its filter and its colours; empty when nothing is chosen. */
export function tileQuery(state: Chosen & Look): string {
  const { color, gradient } = lookParameters(state);
  const colours = new URLSearchParams(gradient ? { gradient } : color ? { color } : {}).toString();
  return [filterQuery(state), colours].filter((part) => part !== '').join('&');
}
