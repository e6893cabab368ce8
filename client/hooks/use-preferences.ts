import { createContext } from 'preact';
import { useCallback, useContext, useEffect, useState } from 'preact/hooks';

export type Theme = 'system' | 'dark' | 'light';
export type Units = 'metric' | 'imperial';

/** What one person likes on one browser: kept there, and in no link. */
export interface Preferences {
  theme: Theme;
  units: Units;
}

export interface Preferred extends Preferences {
  /** The theme, with the system's put in for 'system'. */
  shown: 'dark' | 'light';
  prefer(change: Partial<Preferences>): void;
}

const KEY = 'pathglow';
/** Where people measure what they ride and run in miles. */
const MILES = /-(US|LR)$/;
const LIGHT = '(prefers-color-scheme: light)';

const Context = createContext<Preferred>({
  theme: 'system',
  units: 'metric',
  shown: 'dark',
  prefer: () => undefined,
});

export const PreferencesProvider = Context.Provider;

export const usePreferences = () => useContext(Context);

/** For the page's outermost part; the others have `usePreferences`. */
export function useKeptPreferences(): Preferred {
  const [kept, setKept] = useState(read);
  const [isLight, setLight] = useState(() => matchMedia(LIGHT).matches);
  const shown = kept.theme === 'system' ? (isLight ? 'light' : 'dark') : kept.theme;

  useEffect(() => {
    const media = matchMedia(LIGHT);
    const follow = () => setLight(media.matches);
    media.addEventListener('change', follow);
    return () => media.removeEventListener('change', follow);
  }, []);
  useEffect(() => {
    document.documentElement.dataset.theme = shown;
    const ground = getComputedStyle(document.documentElement).getPropertyValue('--ground').trim();
    document.querySelector('meta[name=theme-color]')?.setAttribute('content', ground);
  }, [shown]);

  const prefer = useCallback(
    (change: Partial<Preferences>) =>
      setKept((before) => {
        const after = { ...before, ...change };
        keep(after);
        return after;
      }),
    [],
  );
  return { ...kept, shown, prefer };
}

function keep(preferences: Preferences) {
  try {
    localStorage.setItem(KEY, JSON.stringify(preferences));
  } catch {
    // a browser whose storage is blocked or full keeps nothing: it holds until the page is left
  }
}

function read(): Preferences {
  const units = MILES.test(navigator.language) ? 'imperial' : 'metric';
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    return {
      theme: (['dark', 'light'] as const).find((one) => one === kept.theme) ?? 'system',
      units: (['metric', 'imperial'] as const).find((one) => one === kept.units) ?? units,
    };
  } catch {
    return { theme: 'system', units };
  }
}
