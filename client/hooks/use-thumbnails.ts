import { useEffect, useMemo, useState } from 'preact/hooks';
import { latToWorldY, lngToWorldX, WORLD_SIZE } from '../../server/geo/mercator.ts';
import { PALETTES } from '../../server/heat/gradient.ts';
import type { Me } from '../api.ts';
import { stopsOf } from '../heat.ts';
import { hotAt } from '../legend.ts';
import type { Ground } from '../map/contract.ts';
import { plainPath } from '../map/heat-tiles.ts';
import { painted, paintOf } from '../map/paint.ts';
import type { PaletteName } from '../state.ts';

/** At which a tile shows a town and the roads around it. */
const ZOOM = 12;

export type Thumbnails = ReadonlyMap<PaletteName | 'own', string>;

interface ThumbnailChoice {
  home: Me['home'];
  exposure: readonly number[] | null;
  gradient: string | null;
  ground: Ground;
}

/** A tile of home in each palette, as pictures to be shown: URLs. None until there is a tile. */
export function useThumbnails({ home, exposure, gradient, ground }: ThumbnailChoice): Thumbnails {
  const [png, setPng] = useState<ArrayBuffer | null>(null);
  const tile = home && tileAt(home);
  const hot = hotAt(exposure?.[ZOOM] ?? 2, 0);

  useEffect(() => {
    if (!tile) return setPng(null);
    let isGone = false;
    fetch(plainPath(tile, ''))
      .then((answer) => (answer.ok ? answer.arrayBuffer() : null))
      .then((bytes) => !isGone && setPng(bytes))
      .catch(() => undefined);
    return () => {
      isGone = true;
    };
  }, [tile]);

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

function tileAt({ lng, lat }: { lng: number; lat: number }): string {
  const across = (world: number) => Math.min(2 ** ZOOM - 1, Math.floor((world / WORLD_SIZE) * 2 ** ZOOM));
  return `${ZOOM}/${across(lngToWorldX(lng))}/${across(latToWorldY(lat))}`;
}
