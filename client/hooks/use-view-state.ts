import { useCallback, useEffect, useState } from 'preact/hooks';
import { formatState, parseState, type ViewState } from '../state.ts';

/** The state of the view, kept in the address bar: a reload, or a bookmark, shows the same again. */
export function useViewState(): [ViewState, (change: Partial<ViewState>) => void] {
  const [state, setState] = useState(() => parseState(location.search));
  const change = useCallback(
    (part: Partial<ViewState>) => setState((before) => ({ ...before, ...part })),
    [],
  );

  useEffect(() => {
    const query = formatState(state);
    // browsers refuse more than some hundred changes in half a minute: a slider makes as many
    const timer = setTimeout(
      () => history.replaceState(null, '', query ? `?${query}` : location.pathname),
      80,
    );
    return () => clearTimeout(timer);
  }, [state]);

  useEffect(() => {
    const reread = () => setState(parseState(location.search));
    addEventListener('popstate', reread);
    return () => removeEventListener('popstate', reread);
  }, []);

  return [state, change];
}
