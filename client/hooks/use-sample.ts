import { useEffect, useState } from 'preact/hooks';
import { plainPath } from '../map/heat-tiles.ts';
import { tonesOf } from '../map/tones.ts';
import { hottestPart, sightOf } from '../thumbnail.ts';
import type { DrawnFor } from './use-drawn.ts';

/** Some of the heat, in which palettes are shown. */
export interface Sample {
  /** As a thumbnail has them. */
  tones: Uint8Array;
  /** The visits drawn hottest where it was taken from. */
  exposure: number;
}

/** A part of what is drawn, where most of that is; null until there is any. */
export function useSample(drawn: DrawnFor | null): Sample | null {
  const [sample, setSample] = useState<Sample | null>(null);

  useEffect(() => {
    const sight = drawn && sightOf(drawn);
    if (!sight) return setSample(null);
    const { query, tiles, exposure } = drawn;
    const gone = new AbortController();
    const fetchTones = async (tile: string) => {
      const answer = await fetch(plainPath(tile, query, tiles), { signal: gone.signal });
      if (!answer.ok) throw new Error(`the server answered with status ${answer.status}`);
      return tonesOf(await answer.arrayBuffer());
    };
    Promise.all(sight.tiles.map(fetchTones)).then(
      (all) => {
        if (!gone.signal.aborted) setSample({ tones: hottestPart(all), exposure: exposure[sight.zoom] });
      },
      // the one before stays: what is drawn next asks again
      () => undefined,
    );
    return () => gone.abort();
  }, [drawn]);

  return sample;
}
