import { useEffect } from 'preact/hooks';
import { stopsOf } from '../heat.ts';
import type { Look } from '../state.ts';

/** The page's own bright colour is one of the heat's; of a gradient of one's own nobody knows whether it can be read. */
export function useAccent({ color }: Look, theme: 'dark' | 'light') {
  useEffect(() => {
    const stops = stopsOf({ color, gradient: null }, theme);
    const accent = stops[3].colour;
    document.documentElement.style.setProperty('--accent', accent);
  }, [color, theme]);
}
