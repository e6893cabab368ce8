/** What a poster's map is made of: layers, each some of the activities in colours of their own. */
import { GROUP_NAMES, layersBySport, SPORT_COLOURS, type SportCount } from '../heat/by-sport.ts';
import type { GradientStop, Ground } from '../heat/gradient.ts';
import type { Filter } from '../index/filter.ts';
import { gradientOf, type Look } from '../tiles/palettes.ts';

export interface Layer {
  filter: Filter;
  gradient: readonly GradientStop[];
  /** What it is called on the poster; null: nothing need be said. */
  name: string | null;
}

/** Colours that are known to be some; `by` goes before them. */
export interface PosterLook extends Look {
  by?: 'sport' | undefined;
}

/**
 * The layers of what a filter lets through, lowest first, as the viewer stacks them. `sports`: with how many activities
 * each that there is, whatever the filter; not asked for where sports are all alike.
 */
export async function layersOf(
  filter: Filter,
  look: PosterLook,
  theme: Ground,
  sports: () => Promise<readonly SportCount[]>,
): Promise<Layer[]> {
  if (look.by !== 'sport') return [{ filter, gradient: gradientOf(look, theme)!, name: null }];
  return layersBySport(await sports(), filter.sports).map(({ group, sports: some }) => ({
    filter: { ...filter, sports: some.toSorted() },
    gradient: SPORT_COLOURS[theme][group],
    name: GROUP_NAMES[group],
  }));
}
