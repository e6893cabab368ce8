import { WORDS } from '../words.ts';
import { Part, Segments } from './choices.tsx';
import type { PartProps } from './panel.tsx';

const CHOICES = (['all', 'only', 'none'] as const).map((value) => ({ value, label: WORDS.commute[value] }));
const MEANS = { all: null, only: true, none: false } as const;

/** Whether the ways to work count. */
export function Commutes({ state, change }: PartProps) {
  const value = state.commute === null ? 'all' : state.commute ? 'only' : 'none';
  return (
    <Part title={WORDS.commutes}>
      <Segments
        name="commute"
        choices={CHOICES}
        value={value}
        onChange={(to) => change({ commute: MEANS[to] })}
      />
    </Part>
  );
}
