import { useEffect, useRef, useState } from 'preact/hooks';
import type { Viewer } from '../api.ts';
import { belowOf } from '../bases.ts';
import { type Ground, KeyRefused, type MapOptions, type WorldMap } from '../map/contract.ts';
import type { BaseName, Place } from '../state.ts';
import { WORDS } from '../words.ts';
import type { Fault } from './notice.tsx';

type Told = Pick<MapOptions, 'onPlace' | 'onZoom' | 'onBusy' | 'onSignedOut' | 'onGround'>;

interface MapViewProps extends Told {
  viewer: Viewer;
  /** What is to lie below the heat; null: what the server names. */
  base: BaseName | null;
  /** What the page would have below the heat, where the map leaves the choice. */
  ground: Ground;
  /** Where it looks at first; later it is moved through the map itself. */
  place: Place | null;
  /** Somebody clicked or tapped; with the keyboard it is the middle of what is seen. */
  onClick(place: Place, isByKey: boolean): void;
  onMap(map: WorldMap | null): void;
  onFault(fault: Fault): void;
}

/**
 * The page's one map: made anew when another program is to draw it, dressed anew when another map is to lie below.
 * Where Google's is not to be had the server's own lies there until something else is chosen. The choice stays in the
 * address: a page loaded anew asks Google again.
 */
export function MapView(props: MapViewProps) {
  const holder = useRef<HTMLDivElement>(null);
  const made = useRef<WorldMap | null>(null);
  const { viewer, base, ground } = props;
  const [isGoogleGone, setGoogleGone] = useState(false);
  // who chooses again asks again
  useEffect(() => setGoogleGone(false), [base]);
  const chosen = belowOf(viewer, base);
  const isStandIn = isGoogleGone && chosen.kind === 'google';
  const below = isStandIn ? belowOf(viewer, null) : chosen;
  const isGoogle = below.kind === 'google';
  const given = { ...props, below, isStandIn };
  const latest = useRef(given);
  latest.current = given;
  // Google takes dark or light only at the start
  const maker = isGoogle ? `google-${ground}` : 'maplibre';
  const worn = useRef('');
  const dress = JSON.stringify([below, ground]);
  const wear = () => {
    const { below: wanted, ground: lit } = latest.current;
    const now = JSON.stringify([wanted, lit]);
    if (worn.current === now || !made.current) return;
    worn.current = now;
    made.current.dress(wanted, lit);
  };

  useEffect(() => {
    let isGone = false;
    const container = document.createElement('div');
    holder.current!.append(container);
    const { current: now } = latest;
    const fail = (error: unknown) => {
      if (isGone) return;
      if (isGoogle) setGoogleGone(true);
      latest.current.onFault(faultOf(error, isGoogle, () => setGoogleGone(false)));
    };
    const options: MapOptions = {
      container,
      below: now.below,
      ground: now.ground,
      place: now.place,
      onPlace: (place) => latest.current.onPlace(place),
      onZoom: (zoom) => latest.current.onZoom(zoom),
      onBusy: (isBusy) => latest.current.onBusy(isBusy),
      onClick: (place) => latest.current.onClick(place, false),
      onSignedOut: () => latest.current.onSignedOut(),
      onGround: (turnedOut) => latest.current.onGround(turnedOut),
      onBasemapGone: () => {
        // what it stands in for has been said to be gone already
        if (!latest.current.isStandIn) latest.current.onFault({ text: WORDS.basemapGone });
      },
      onKeyRefused: () => fail(new KeyRefused()),
    };
    container.addEventListener('keydown', (event) => {
      const { key, target } = event;
      const isMap = target instanceof Element && !target.closest('a, button');
      if (key !== 'Enter' || !isMap || !made.current) return;
      // the key is spent: it might send the form that gets the focus now
      event.preventDefault();
      latest.current.onClick(made.current.place(), true);
    });
    worn.current = JSON.stringify([now.below, now.ground]);
    make(options, now.viewer.googleMapsKey).then((map) => {
      if (isGone) return map.remove();
      made.current = map;
      wear();
      latest.current.onMap(map);
    }, fail);
    return () => {
      isGone = true;
      latest.current.onMap(null);
      made.current?.remove();
      made.current = null;
      container.remove();
    };
  }, [maker]);

  useEffect(wear, [dress]);

  return <div class={isGoogle ? 'map is-beside' : 'map'} ref={holder} />;
}

/** The libraries are most of what there is to load: the panel need not wait for them. */
async function make(options: MapOptions, googleMapsKey: string | null): Promise<WorldMap> {
  if (options.below.kind === 'google' && googleMapsKey !== null) {
    const { makeGoogleMap } = await import('../map/google-map.ts').catch(notLoaded);
    return makeGoogleMap(googleMapsKey, options);
  }
  const { MapLibreMap } = await import('../map/gl-map.ts').catch(notLoaded);
  return new MapLibreMap(options);
}

/** The program that draws the map did not come: the line broke, or the server has a newer one by now. */
class NotLoaded extends Error {
  override name = 'NotLoaded';
}

function notLoaded(cause: unknown): never {
  throw new NotLoaded('the program that draws the map did not come', { cause });
}

function faultOf(error: unknown, isGoogle: boolean, again: () => void): Fault {
  // browsers keep a module that failed as failed, and only a page loaded anew knows the newer one's name
  if (error instanceof NotLoaded) return { text: WORDS.mapNotLoaded, again: () => location.reload() };
  if (error instanceof KeyRefused) return { text: WORDS.googleRefused };
  return isGoogle ? { text: WORDS.googleGone, again } : { text: WORDS.noWebGl };
}
