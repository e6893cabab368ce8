/** The map that is always there: land and borders of the whole world, bundled, without names. */

import type { Feature, FeatureCollection, MultiLineString } from 'geojson';
import type { StyleSpecification } from 'maplibre-gl';
import { feature, mesh } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import worldUrl from 'world-atlas/countries-50m.json?url';
import type { Ground } from './contract.ts';
import { cutLine, unwrapped } from './unwrap.ts';

type World = Topology<{ countries: GeometryCollection; land: GeometryCollection }>;

interface Tints {
  sea: string;
  land: string;
  /** Both, where one looks so closely that a coast at 1:50 million would be wrong by streets. */
  near: string;
  coast: string;
  border: string;
}

const TINTS: Record<Ground, Tints> = {
  dark: { sea: '#090c11', land: '#161b24', near: '#0e1218', coast: '#2a3341', border: '#262e3b' },
  light: { sea: '#dbe4ec', land: '#f6f4ef', near: '#f3f1ec', coast: '#b4c1cd', border: '#d6d0c5' },
};

/**
 * The style. Its coasts give way to an even ground between zoom 8 and 11, so that a promenade by the sea does not
 * seem to lie in it.
 */
export async function landStyle(ground: Ground): Promise<StyleSpecification> {
  const tints = TINTS[ground];
  const answer = await fetch(worldUrl);
  if (!answer.ok) throw new Error(`the land map: ${answer.status}`);
  const world = (await answer.json()) as World;
  const land = unwrapped(feature(world, world.objects.land) as FeatureCollection);
  const inner = mesh(world, world.objects.countries, (a, b) => a !== b);
  const borders: Feature = {
    type: 'Feature',
    properties: {},
    geometry: {
      type: 'MultiLineString',
      coordinates: inner.coordinates.flatMap(cutLine),
    } satisfies MultiLineString,
  };
  const closer = (far: string): ['interpolate', ['linear'], ['zoom'], ...(number | string)[]] => [
    'interpolate',
    ['linear'],
    ['zoom'],
    8,
    far,
    11,
    tints.near,
  ];
  const faded: ['interpolate', ['linear'], ['zoom'], ...number[]] = [
    'interpolate',
    ['linear'],
    ['zoom'],
    8,
    1,
    11,
    0,
  ];
  return {
    version: 8,
    sources: {
      land: { type: 'geojson', data: land, attribution: 'Natural Earth', tolerance: 0.2 },
      borders: { type: 'geojson', data: borders, tolerance: 0.2 },
    },
    layers: [
      {
        id: 'sea',
        type: 'background',
        paint: { 'background-color': closer(tints.sea) as unknown as string },
      },
      {
        id: 'land',
        type: 'fill',
        source: 'land',
        paint: { 'fill-color': closer(tints.land) as unknown as string },
      },
      {
        id: 'coast',
        type: 'line',
        source: 'land',
        paint: { 'line-color': tints.coast, 'line-width': 0.7, 'line-opacity': faded as unknown as number },
      },
      {
        id: 'borders',
        type: 'line',
        source: 'borders',
        paint: { 'line-color': tints.border, 'line-width': 0.8, 'line-opacity': faded as unknown as number },
      },
    ],
  };
}
