import { useEffect, useRef } from 'preact/hooks';
import type { Basemap } from '../api.ts';
import type { WorldMap, WorldMapOptions } from '../map/world-map.ts';
import type { Place } from '../state.ts';
import { WORDS } from '../words.ts';

interface MapViewProps extends Pick<WorldMapOptions, 'onPlace' | 'onZoom' | 'onBusy' | 'onSignedOut'> {
  basemap: Basemap;
  /** Where it looks at first; later it is moved through the map itself. */
  place: Place | null;
  onMap(map: WorldMap | null): void;
  onFault(text: string): void;
}

/** The page's one map, made once. */
export function MapView(props: MapViewProps) {
  const container = useRef<HTMLDivElement>(null);
  const latest = useRef(props);
  latest.current = props;
  const { basemap } = props;

  useEffect(() => {
    let map: WorldMap | null = null;
    let isGone = false;
    const make = async () => {
      // the map library is most of what there is to load: the panel need not wait for it
      const { WorldMap } = await import('../map/world-map.ts');
      if (isGone) return;
      map = new WorldMap({
        container: container.current!,
        basemap,
        place: latest.current.place,
        onPlace: (place) => latest.current.onPlace(place),
        onZoom: (zoom) => latest.current.onZoom(zoom),
        onBusy: (isBusy) => latest.current.onBusy(isBusy),
        onSignedOut: () => latest.current.onSignedOut(),
        onBasemapGone: () => latest.current.onFault(WORDS.basemapGone),
      });
      latest.current.onMap(map);
    };
    make().catch(() => latest.current.onFault(WORDS.noWebGl));
    return () => {
      isGone = true;
      latest.current.onMap(null);
      map?.remove();
    };
  }, [basemap]);

  return <div class="map" ref={container} />;
}
