/** Lines over everything, bright on their own shadow: the activity that somebody points at. */
import type { GeoJSONSource, Map as GlMap } from 'maplibre-gl';
import type { Ground, Position } from './contract.ts';
import { HIGHLIGHT, LINE_WIDTH, RIM_WIDTH } from './highlight-colours.ts';

const SOURCE = 'highlight';

export function highlightOn(map: GlMap, lines: readonly (readonly Position[])[] | null, ground: Ground) {
  const data = {
    type: 'Feature' as const,
    properties: {},
    geometry: {
      type: 'MultiLineString' as const,
      coordinates: (lines ?? []).map((line) => line.map(([lng, lat]) => [lng, lat])),
    },
  };
  const source = map.getSource<GeoJSONSource>(SOURCE);
  if (source) source.setData(data);
  else if (lines === null) return;
  else {
    map.addSource(SOURCE, { type: 'geojson', data, tolerance: 0.2 });
    const layout = { 'line-cap': 'round' as const, 'line-join': 'round' as const };
    map.addLayer({ id: 'highlight-rim', type: 'line', source: SOURCE, layout });
    map.addLayer({ id: 'highlight-line', type: 'line', source: SOURCE, layout });
    map.setPaintProperty('highlight-rim', 'line-width', RIM_WIDTH);
    map.setPaintProperty('highlight-rim', 'line-opacity', 0.85);
    map.setPaintProperty('highlight-line', 'line-width', LINE_WIDTH);
  }
  map.setPaintProperty('highlight-rim', 'line-color', HIGHLIGHT[ground].rim);
  map.setPaintProperty('highlight-line', 'line-color', HIGHLIGHT[ground].line);
}
