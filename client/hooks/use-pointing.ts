import { useCallback, useEffect, useRef } from 'preact/hooks';
import { fetchTrack } from '../api.ts';
import type { Position, WorldMap } from '../map/contract.ts';
import { boundsOf } from '../map/cover.ts';
import { ringAround } from '../map/ring.ts';
import { tileZoomOf } from '../map/zoom.ts';

type Lines = readonly (readonly Position[])[];

export interface Pointing {
  /** Highlights one activity; null: none. */
  point(id: string | null): void;
  /** Highlights it, and brings it into view beside a box that lies over the map. */
  show(id: string, box: Element | null): void;
  /** Highlights none, whoever highlighted it; what was to be shown and has not come yet is not shown. */
  clear(): void;
}

/** So long a pointer rests before a track is asked for: a sweep over the list asks for none. */
const REST_MS = 90;
/** Tracks are asked for at this zoom at least, so that looking closer still shows their course. */
const LEAST_ZOOM = 12;

/** Where somebody asked who passed. */
export interface Spot {
  lng: number;
  lat: number;
}

/** A ring may be so much larger or smaller than it should be, as a power of two, before it is drawn anew. */
const RING_STEPS = 2;

/** What an activity looks like on the map. One without a track looks like nothing. `spot` is ringed all the while. */
export function usePointing(map: WorldMap | null, zoom: number, spot: Spot | null = null): Pointing {
  const tracks = useRef(new Map<string, Promise<Lines>>());
  const pointed = useRef<string | null>(null);
  /** The one that is to come into view, also when nothing points at it any more. */
  const wanted = useRef<string | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>();
  const lines = useRef<Lines>([]);
  const ring = spot && ringAround(spot, Math.round(zoom * RING_STEPS) / RING_STEPS);
  const draw = useRef((_: Lines) => {});
  draw.current = (shown) => {
    lines.current = shown;
    const all = ring ? [...shown, ring] : shown;
    map?.highlight(all.length > 0 ? all : null);
  };
  const level = Math.max(LEAST_ZOOM, tileZoomOf(zoom));

  const linesOf = (id: string) => {
    const name = `${id}/${level}`;
    const none = () => {
      // it may be had the next time
      tracks.current.delete(name);
      return [];
    };
    const known = tracks.current.get(name) ?? fetchTrack(id, level).catch(none);
    tracks.current.set(name, known);
    return known;
  };
  const highlight = async (id: string) => {
    const found = await linesOf(id);
    if (pointed.current === id) draw.current(found);
    return found;
  };
  const point = (id: string | null) => {
    if (pointed.current === id) return;
    clearTimeout(timer.current);
    pointed.current = id;
    if (id === null) draw.current([]);
    else timer.current = setTimeout(() => void highlight(id), REST_MS);
  };
  const show = async (id: string, box: Element | null) => {
    clearTimeout(timer.current);
    pointed.current = id;
    wanted.current = id;
    const bounds = boundsOf(await highlight(id));
    if (wanted.current !== id) return;
    wanted.current = null;
    if (bounds) map?.goToBounds(bounds, box);
  };
  const clear = useCallback(() => {
    clearTimeout(timer.current);
    pointed.current = null;
    wanted.current = null;
    lines.current = [];
    map?.highlight(null);
  }, [map]);
  useEffect(() => clear, [clear]);
  const ringed = JSON.stringify(ring);
  useEffect(() => {
    if (ring) draw.current(lines.current);
  }, [ringed]);
  return { point, show: (id, box) => void show(id, box), clear };
}
