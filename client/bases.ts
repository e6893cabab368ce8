/** Which maps there are to choose from, to lie below the heat. */
import type { Viewer } from './api.ts';
import type { Below } from './map/contract.ts';
import type { BaseName } from './state.ts';

/** Those that this server offers; the first is what is shown when nobody chose. */
export function basesOf({ basemap, googleMapsKey }: Viewer): BaseName[] {
  return [
    ...(basemap.kind === 'land' ? [] : (['own'] as const)),
    'land',
    ...(googleMapsKey === null ? [] : (['google', 'satellite'] as const)),
    'none',
  ];
}

/** The map of a name; one that this server does not offer is its first. */
export function belowOf(viewer: Viewer, base: BaseName | null): Below {
  const bases = basesOf(viewer);
  const name = base !== null && bases.includes(base) ? base : bases[0];
  if (name === 'own') return viewer.basemap;
  if (name === 'google') return { kind: 'google', view: 'roadmap' };
  if (name === 'satellite') return { kind: 'google', view: 'satellite' };
  return { kind: name };
}
