import type { StyleSpecification } from 'maplibre-gl';
import type { Basemap } from '../api.ts';
import { landStyle } from './land.ts';

/** The style of the map below the heat: one of our own, or the URL of somebody else's. */
export async function styleOf(basemap: Basemap): Promise<StyleSpecification | string> {
  switch (basemap.kind) {
    case 'land':
      return landStyle();
    case 'style':
      return basemap.url;
    case 'raster':
      return rasterStyle(basemap.url, basemap.attribution);
  }
}

/** Pictures made for daylight are dimmed and greyed: the heat is what shines. */
function rasterStyle(url: string, attribution: string): StyleSpecification {
  return {
    version: 8,
    sources: { below: { type: 'raster', tiles: [url], tileSize: 256, maxzoom: 19, attribution } },
    layers: [
      { id: 'ground', type: 'background', paint: { 'background-color': '#0b0e13' } },
      {
        id: 'below',
        type: 'raster',
        source: 'below',
        paint: { 'raster-saturation': -0.75, 'raster-brightness-max': 0.4, 'raster-contrast': 0.1 },
      },
    ],
  };
}
