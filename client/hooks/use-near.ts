import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { fetchNear, fetchTrack, type Passing } from '../api.ts';
import type { Position, WorldMap } from '../map/contract.ts';
import { boundsOf } from '../map/cover.ts';
import { tileZoomOf } from '../map/zoom.ts';
import type { Place } from '../state.ts';

export interface NearHere {
  near: Passing | null;
  /** The activity that is highlighted. */
  pointed: string | null;
  ask(place: Place): void;
  /** Highlights one of them; null: none. */
  point(id: string | null): void;
  /** Highlights it, and brings all of it into view beside a box that lies over the map. */
  show(id: string, box: Element | null): void;
  close(): void;
}

/** A line may be missed by as much: fingers are wider than a pointer. */
const reach = () => (matchMedia('(pointer: coarse)').matches ? 9 : 4);

/**
 * Which activities pass a place, and what one of them looks like. What passes nowhere is said nothing of. `filter`: the
 * query of what is drawn.
 */
export function useNear(map: WorldMap | null, filter: string): NearHere {
  const [near, setNear] = useState<Passing | null>(null);
  const [pointed, setPointed] = useState<string | null>(null);
  const question = useRef<AbortController | null>(null);
  const zoom = useRef(0);
  const latest = useRef<string | null>(null);
  const tracks = useRef(new Map<string, Promise<readonly (readonly Position[])[]>>());

  const close = useCallback(() => {
    question.current?.abort();
    setNear(null);
    setPointed(null);
  }, []);

  const ask = useCallback(
    (place: Place) => {
      close();
      question.current = new AbortController();
      zoom.current = tileZoomOf(place.zoom);
      tracks.current.clear();
      fetchNear({ ...place, zoom: zoom.current }, reach(), filter, question.current.signal).then(
        (found) => found.count > 0 && setNear(found),
        () => undefined,
      );
    },
    [filter, close],
  );

  // what passed under another choice says nothing of this one
  useEffect(close, [filter, close]);

  const linesOf = (id: string) => {
    const known = tracks.current.get(id) ?? fetchTrack(id, zoom.current);
    tracks.current.set(id, known);
    return known;
  };
  const show = (id: string, box: Element | null) => {
    setPointed(id);
    latest.current = id;
    linesOf(id).then(
      (lines) => {
        const bounds = boundsOf(lines);
        if (bounds && latest.current === id) map?.goToBounds(bounds, box);
      },
      () => undefined,
    );
  };

  useEffect(() => {
    latest.current = pointed;
    if (!map || pointed === null) return;
    let isGone = false;
    linesOf(pointed).then(
      (lines) => !isGone && map.highlight(lines),
      () => tracks.current.delete(pointed),
    );
    return () => {
      isGone = true;
      map.highlight(null);
    };
  }, [map, pointed]);

  return { near, pointed, ask, point: setPointed, show, close };
}
