import { useEffect, useMemo, useState } from 'preact/hooks';
import { latToWorldY, lngToWorldX, WORLD_SIZE } from '../../server/geo/mercator.ts';
import { PALETTES } from '../../server/heat/gradient.ts';
import { hotAt } from '../../server/heat/light.ts';
import { stopsOf } from '../heat.ts';
import type { Ground } from '../map/contract.ts';
import { plainPath } from '../map/heat-tiles.ts';
import { painted, paintOf } from '../map/paint.ts';
import type { PaletteName } from '../state.ts';
import type { DrawnFor } from './use-drawn.ts';

/** At which a tile shows a town and the roads around it. */
const TOWN_ZOOM = 12;

export interface Thumbnails {
  pictures: ReadonlyMap<PaletteName | 'own', string>;
  /** What of a picture matters most, as far down it as that: 0 to 1. */
  middle: number;
}

interface ThumbnailChoice {
  drawn: DrawnFor | null;
  gradient: string | null;
  /** Stops more than automatic. */
  light: number;
  ground: Ground;
}

/** A tile, the visits drawn hottest where it was taken from, and how far down it that is. */
interface Sample {
  png: ArrayBuffer;
  exposure: number;
  middle: number;
}

/**
 * A tile in each palette, as pictures to be shown: URLs. It is where most of what is drawn is, or of all of that where
 * it is little, and as bright as that: what is chosen is what one sees in other colours. None until there is a tile.
 */
export function useThumbnails({ drawn, gradient, light, ground }: ThumbnailChoice): Thumbnails {
  const [sample, setSample] = useState<Sample | null>(null);

  useEffect(() => {
    const spot = drawn && spotOf(drawn);
    if (!spot) return setSample(null);
    const { query, tiles } = drawn;
    const exposure = drawn.exposure[spot.zoom];
    const { path, middle } = tileAt(spot);
    const gone = new AbortController();
    fetch(plainPath(path, query, tiles), { signal: gone.signal })
      .then(async (answer) => answer.ok && setSample({ png: await answer.arrayBuffer(), exposure, middle }))
      // the one before stays: what is drawn next asks again
      .catch(() => undefined);
    return () => gone.abort();
  }, [drawn]);

  const png = sample?.png ?? null;
  const hot = hotAt(sample?.exposure, light);
  const named = useMemo(() => {
    const names = Object.keys(PALETTES) as PaletteName[];
    return names.map((name) => [name, urlOf(png, { color: name, gradient: null }, ground, hot)] as const);
  }, [png, ground, hot]);
  const own = useMemo(
    () => (gradient === null ? null : urlOf(png, { color: 'fire', gradient }, ground, hot)),
    [png, gradient, ground, hot],
  );
  useEffect(
    () => () => {
      for (const [, url] of named) if (url) URL.revokeObjectURL(url);
    },
    [named],
  );
  useEffect(() => () => void (own && URL.revokeObjectURL(own)), [own]);

  const pictures = useMemo(
    () =>
      new Map(
        [...named, ['own', own] as const].filter((one): one is [PaletteName, string] => one[1] !== null),
      ),
    [named, own],
  );
  return { pictures, middle: sample?.middle ?? 0.5 };
}

function urlOf(
  png: ArrayBuffer | null,
  look: { color: PaletteName; gradient: string | null },
  ground: Ground,
  hot: number,
): string | null {
  if (!png) return null;
  return URL.createObjectURL(
    new Blob([painted(png, paintOf(stopsOf(look, ground), hot))], { type: 'image/png' }),
  );
}

interface Spot {
  lng: number;
  lat: number;
  zoom: number;
}

/** Where to look, so that there is something to see: one ride alone may but touch the tile where most of it is. */
function spotOf({ center, home }: DrawnFor): Spot | null {
  if (center && center[2] > TOWN_ZOOM - 2) {
    const [lng, lat, zoom] = center;
    return { lng, lat, zoom: Math.min(TOWN_ZOOM, zoom - 1) };
  }
  return home ? { lng: home[0], lat: home[1], zoom: TOWN_ZOOM } : null;
}

function tileAt({ lng, lat, zoom }: Spot): { path: string; middle: number } {
  const across = (world: number) => Math.min(2 ** zoom - 1e-9, (world / WORLD_SIZE) * 2 ** zoom);
  const [x, y] = [across(lngToWorldX(lng)), across(latToWorldY(lat))];
  return { path: `${zoom}/${Math.floor(x)}/${Math.floor(y)}`, middle: y % 1 };
}
