import type { StyleSpecification } from 'maplibre-gl';
import type { Below, Ground } from './contract.ts';
import { landStyle } from './land.ts';

/** Behind everything, and alone where there is no map below. */
export const BARE: Record<Ground, string> = { dark: '#0b0e13', light: '#f3f1ec' };

/** The style of the map below the heat: one of our own, or the URL of somebody else's. */
export async function styleOf(below: Below, ground: Ground): Promise<StyleSpecification | string> {
  switch (below.kind) {
    case 'land':
      return landStyle(ground);
    case 'style':
      return below.url;
    case 'raster':
      return rasterStyle(below.url, below.attribution, ground);
    default:
      return bareStyle(ground);
  }
}

export function bareStyle(ground: Ground): StyleSpecification {
  return {
    version: 8,
    sources: {},
    layers: [{ id: 'ground', type: 'background', paint: { 'background-color': BARE[ground] } }],
  };
}

/** Pictures made for daylight are greyed, and on a dark page dimmed: the heat is what shines. */
function rasterStyle(url: string, attribution: string, ground: Ground): StyleSpecification {
  const { layers, ...bare } = bareStyle(ground);
  const dimmed = { 'raster-saturation': -0.75, 'raster-brightness-max': 0.4, 'raster-contrast': 0.1 };
  const greyed = { 'raster-saturation': -0.6, 'raster-opacity': 0.75 };
  return {
    ...bare,
    sources: { below: { type: 'raster', tiles: [url], tileSize: 256, maxzoom: 19, attribution } },
    layers: [
      ...layers,
      { id: 'below', type: 'raster', source: 'below', paint: ground === 'dark' ? dimmed : greyed },
    ],
  };
}
