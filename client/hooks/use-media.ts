import { useEffect, useState } from 'preact/hooks';
import { PHONE } from './use-room.ts';

/** Whether the screen is as narrow as a phone's. */
export function usePhone(): boolean {
  const [isPhone, setPhone] = useState(() => matchMedia(PHONE).matches);
  useEffect(() => {
    const media = matchMedia(PHONE);
    const follow = () => setPhone(media.matches);
    media.addEventListener('change', follow);
    return () => media.removeEventListener('change', follow);
  }, []);
  return isPhone;
}
