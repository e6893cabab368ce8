/** The map below the heat: the bundled one, a MapLibre style, or tiles by a template with {z}, {x} and {y}. */
export type Basemap =
  | { kind: 'land' }
  | { kind: 'style'; url: string }
  | { kind: 'raster'; url: string; attribution: string };
