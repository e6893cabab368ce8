import { useEffect, useMemo, useState } from 'preact/hooks';
import { latToWorldY, lngToWorldX, WORLD_SIZE } from '../../server/geo/mercator.ts';
import { PALETTES } from '../../server/heat/gradient.ts';
import { stopsOf } from '../heat.ts';
import { hotAt } from '../legend.ts';
import type { Ground } from '../map/contract.ts';
import { plainPath } from '../map/heat-tiles.ts';
import { painted, paintOf } from '../map/paint.ts';
import type { PaletteName } from '../state.ts';
import type { DrawnFor } from './use-drawn.ts';

/** At which a tile shows a town and the roads around it. */
const ZOOM = 12;

export type Thumbnails = ReadonlyMap<PaletteName | 'own', string>;

interface ThumbnailChoice {
  drawn: DrawnFor | null;
  gradient: string | null;
  /** Stops more than automatic. */
  light: number;
  ground: Ground;
}

/** A tile, and the visits drawn hottest where it was taken from. */
interface Sample {
  png: ArrayBuffer;
  exposure: number;
}

/**
 * A tile in each palette, as pictures to be shown: URLs. It is where most of what is drawn is, and as bright as that:
 * what is chosen is what one sees in other colours. None until there is a tile.
 */
export function useThumbnails({ drawn, gradient, light, ground }: ThumbnailChoice): Thumbnails {
  const [sample, setSample] = useState<Sample | null>(null);

  useEffect(() => {
    if (!drawn?.home) return setSample(null);
    const { query, tiles } = drawn;
    const exposure = drawn.exposure[ZOOM];
    const gone = new AbortController();
    fetch(plainPath(tileAt(drawn.home), query, tiles), { signal: gone.signal })
      .then(async (answer) => answer.ok && setSample({ png: await answer.arrayBuffer(), exposure }))
      // the one before stays: what is drawn next asks again
      .catch(() => undefined);
    return () => gone.abort();
  }, [drawn]);

  const png = sample?.png ?? null;
  const hot = hotAt(sample?.exposure ?? 2, light);
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

  return useMemo(
    () =>
      new Map(
        [...named, ['own', own] as const].filter((one): one is [PaletteName, string] => one[1] !== null),
      ),
    [named, own],
  );
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

function tileAt([lng, lat]: readonly [number, number]): string {
  const across = (world: number) => Math.min(2 ** ZOOM - 1, Math.floor((world / WORLD_SIZE) * 2 ** ZOOM));
  return `${ZOOM}/${across(lngToWorldX(lng))}/${across(latToWorldY(lat))}`;
}
