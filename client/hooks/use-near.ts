import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { fetchNear, type Passing } from '../api.ts';
import type { WorldMap } from '../map/contract.ts';
import { tileZoomOf } from '../map/zoom.ts';
import type { Place } from '../state.ts';
import { FINGER } from './use-media.ts';
import { type Pointing, type Spot, usePointing } from './use-pointing.ts';

export interface NearHere extends Pick<Pointing, 'point' | 'show'> {
  near: Passing | null;
  /** The activity that is highlighted. */
  pointed: string | null;
  ask(place: Place, isByKey: boolean): void;
  close(): void;
}

/** A line may be missed by as many pixels: fingers are wider than a pointer, and the keyboard moves the map by steps. */
const reachOf = (isByKey: boolean) => (isByKey ? 16 : matchMedia(FINGER).matches ? 9 : 4);

/**
 * Which activities pass a place, and what one of them looks like. What passes nowhere is said nothing of. `zoom`: of the
 * map; `filter`: the query of what is drawn.
 */
export function useNear(map: WorldMap | null, zoom: number, filter: string): NearHere {
  const [near, setNear] = useState<Passing | null>(null);
  const [pointed, setPointed] = useState<string | null>(null);
  const question = useRef<AbortController | null>(null);
  const [spot, setSpot] = useState<Spot | null>(null);
  const pointing = usePointing(map, zoom, near && spot);
  const latest = useRef(pointing);
  latest.current = pointing;

  const point = useCallback((id: string | null) => {
    setPointed(id);
    latest.current.point(id);
  }, []);
  const show = useCallback((id: string, box: Element | null) => {
    setPointed(id);
    latest.current.show(id, box);
  }, []);
  const close = useCallback(() => {
    question.current?.abort();
    setNear(null);
    setPointed(null);
    latest.current.clear();
  }, []);

  const ask = useCallback(
    (place: Place, isByKey: boolean) => {
      close();
      question.current = new AbortController();
      const there = { ...place, zoom: tileZoomOf(place.zoom) };
      fetchNear(there, reachOf(isByKey), filter, question.current.signal).then(
        (found) => {
          if (found.count === 0) return;
          setSpot({ lng: place.lng, lat: place.lat });
          setNear(found);
        },
        () => undefined,
      );
    },
    [filter, close],
  );

  // what passed under another choice says nothing of this one
  useEffect(close, [filter, close]);

  return { near, pointed, ask, point, show, close };
}
