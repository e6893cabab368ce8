import { basesOf } from '../bases.ts';
import type { BaseName } from '../state.ts';
import { WORDS } from '../words.ts';
import { Part, Segments } from './choices.tsx';
import type { PartProps } from './panel.tsx';

/** The map below the heat. */
export function BaseMap({ viewer, state, change }: PartProps) {
  const bases = basesOf(viewer);
  const value = state.base !== null && bases.includes(state.base) ? state.base : bases[0];
  return (
    <Part title={WORDS.below}>
      <Segments<BaseName>
        name="base"
        choices={bases.map((base) => ({ value: base, label: WORDS.bases[base] }))}
        value={value}
        onChange={(to) => change({ base: to === bases[0] ? null : to })}
      />
    </Part>
  );
}
