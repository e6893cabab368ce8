/** Where everything lies on a poster: paper, margins, the map and the words below it. Pixels, from the top left. */
import { latToWorldY, lngToWorldX, WORLD_SIZE } from '../geo/mercator.ts';

/** Millimetres, upright. */
export const PAPERS = {
  a5: [148, 210],
  a4: [210, 297],
  a3: [297, 420],
  a2: [420, 594],
  '30x40': [300, 400],
  '50x70': [500, 700],
  square: [300, 300],
} as const satisfies Record<string, readonly [number, number]>;

export type Paper = keyof typeof PAPERS;

/** Degrees; `west` may be greater than `east` where the area crosses the 180th meridian. */
export interface Area {
  west: number;
  south: number;
  east: number;
  north: number;
}

export interface LayoutOptions {
  paper: Paper;
  landscape: boolean;
  /** Dots an inch. */
  dpi: number;
  /** What has to be in view, all of it. */
  area: Area;
  /** Whether there are words below the map. */
  hasWords: boolean;
}

export interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Layout {
  width: number;
  height: number;
  map: Rectangle;
  /** Null where nothing is written. */
  words: Rectangle | null;
  /** World units of the map's north-west corner; may lie outside the world. */
  minX: number;
  minY: number;
  /** Pixels a world unit. */
  scale: number;
  /** Of a drawn line: the same share of the paper as on a screen, whatever the resolution. */
  lineWidth: number;
}

const INCH = 25.4;
/** Shares of the paper's shorter side. */
const MARGIN = 0.06;
const WORDS = 0.16;
const LINE = 1 / 700;

/** Lays a poster out. Throws RangeError when the area is none. */
export function layOut({ paper, landscape, dpi, area, hasWords }: LayoutOptions): Layout {
  const [short, long] = PAPERS[paper].map((millimetres) => Math.round((millimetres / INCH) * dpi));
  const width = landscape ? long : short;
  const height = landscape ? short : long;
  const margin = Math.round(short * MARGIN);
  const wordsHeight = hasWords ? Math.round(short * WORDS) : 0;
  const map = { x: margin, y: margin, width: width - 2 * margin, height: height - 2 * margin - wordsHeight };
  const words = hasWords
    ? { x: margin, y: map.y + map.height, width: map.width, height: wordsHeight + margin }
    : null;

  const west = lngToWorldX(area.west);
  const east = lngToWorldX(area.east) + (area.east < area.west ? WORLD_SIZE : 0);
  const north = latToWorldY(area.north);
  const south = latToWorldY(area.south);
  if (!(east > west && south > north)) throw new RangeError('the area is empty');
  const scale = Math.min(map.width / (east - west), map.height / (south - north));
  return {
    width,
    height,
    map,
    words,
    minX: (west + east) / 2 - map.width / scale / 2,
    minY: (north + south) / 2 - map.height / scale / 2,
    scale,
    lineWidth: Math.max(1, Math.round(short * LINE * 10) / 10),
  };
}
