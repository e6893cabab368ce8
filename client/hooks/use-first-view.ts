import { useEffect, useRef } from 'preact/hooks';
import type { Me } from '../api.ts';
import type { WorldMap } from '../map/contract.ts';

interface FirstView {
  map: WorldMap | null;
  me: Me | null;
  hasPlace: boolean;
}

/** Looks home as soon as there is one: at once when the page opens, in flight when the first activities arrive. */
export function useFirstView({ map, me, hasPlace }: FirstView) {
  const wasEmpty = useRef(false);
  const hasLooked = useRef(false);
  useEffect(() => {
    if (!map || !me || hasLooked.current) return;
    if (me.home === null) {
      wasEmpty.current = true;
      return;
    }
    hasLooked.current = true;
    if (wasEmpty.current || !hasPlace) map.goTo(me.home, wasEmpty.current);
  }, [map, me, hasPlace]);
}
