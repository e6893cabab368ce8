import { WORDS } from '../words.ts';
import { Check, Part, Segments } from './choices.tsx';
import type { PartProps } from './panel.tsx';

const CHOICES = (['all', 'only', 'none'] as const).map((value) => ({ value, label: WORDS.commute[value] }));
const MEANS = { all: null, only: true, none: false } as const;

/** Whether the ways to work count, and outings in virtual worlds: asked of those who have any. */
export function Kinds({ state, change, kinds }: Pick<PartProps, 'state' | 'change' | 'kinds'>) {
  const value = state.commute === null ? 'all' : state.commute ? 'only' : 'none';
  const asksCommutes = kinds.has('commute') || state.commute !== null;
  const asksVirtual = kinds.has('virtual') || state.virtual;
  if (!asksCommutes && !asksVirtual) return null;
  return (
    <Part title={asksCommutes ? WORDS.commutes : WORDS.virtual}>
      {asksCommutes && (
        <Segments
          name="commute"
          choices={CHOICES}
          value={value}
          onChange={(to) => change({ commute: MEANS[to] })}
        />
      )}
      {asksVirtual && (
        <Check
          label={asksCommutes ? WORDS.virtual : WORDS.commute.all}
          isOn={state.virtual}
          onChange={(virtual) => change({ virtual })}
        />
      )}
    </Part>
  );
}
