import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { formatState, parseState, type ViewState } from '../state.ts';
import { addressStep, addStep, onTravel, wentBack } from '../steps.ts';

/**
 * How a change is remembered: a choice is a step that the browser's back button undoes; moving the map, or a slider,
 * is none, or there would be hundreds.
 */
export type Remembered = 'step' | 'quietly';

export type Change = (part: Partial<ViewState>, how?: Remembered) => void;

/** Browsers refuse more than some hundred changes in half a minute: a slider makes as many. */
const WRITE_MS = 80;

/**
 * The state of the view, kept in the address bar: a reload, or a bookmark, shows the same again. `onBack`: the browser
 * went to another step, which shows this.
 */
export function useViewState(onBack: (state: ViewState) => void): [ViewState, Change] {
  const [state, setState] = useState(() => parseState(location.search));
  const isStep = useRef(false);
  const latest = useRef(state);
  latest.current = state;
  const back = useRef(onBack);
  back.current = onBack;

  const change = useCallback<Change>((part, how = 'step') => {
    if (how === 'step') isStep.current = true;
    setState((before) => ({ ...before, ...part }));
  }, []);

  useEffect(() => {
    const write = () => {
      const address = addressOf(state);
      const isNew = isStep.current && address !== (location.search || location.pathname);
      isStep.current = false;
      if (isNew) addStep(null, address);
      else addressStep(address);
    };
    if (isStep.current) return write();
    const timer = setTimeout(write, WRITE_MS);
    return () => clearTimeout(timer);
  }, [state]);

  useEffect(
    () =>
      onTravel((from, to) => {
        const there = parseState(location.search);
        const here = latest.current;
        const isAlike = formatState({ ...there, place: null }) === formatState({ ...here, place: null });
        // a window's step took no choice back: what was changed, or where the map was moved, meanwhile stays
        if (isAlike || (from.dialog !== null && wentBack(from, to))) return addressStep(addressOf(here));
        setState(there);
        back.current(there);
      }),
    [],
  );

  return [state, change];
}

function addressOf(state: ViewState): string {
  const query = formatState(state);
  return query ? `?${query}` : location.pathname;
}
