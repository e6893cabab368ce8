import { useEffect, useState } from 'preact/hooks';

/** Where the panel is a sheet at the bottom: as narrow as a phone's screen. */
export const PHONE = '(max-width: 640px)';
/** Where a finger points, however large the screen is. */
export const FINGER = '(pointer: coarse)';

/** Whether this holds of the screen, now and from now on. */
export function useMedia(query: string): boolean {
  const [holds, setHolds] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const media = matchMedia(query);
    const follow = () => setHolds(media.matches);
    media.addEventListener('change', follow);
    return () => media.removeEventListener('change', follow);
  }, [query]);
  return holds;
}
