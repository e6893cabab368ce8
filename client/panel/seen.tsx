import type { Visibility } from '../../server/index/filter.ts';
import { WORDS } from '../words.ts';
import { Part, Segments } from './choices.tsx';
import type { PartProps } from './panel.tsx';

type Choice = Visibility | 'all';

const CHOICES = (['all', 'private', 'public'] as const).map((value) => ({ value, label: WORDS.seen[value] }));

/** Whether what others may see is drawn, or what they may not: asked of those who keep anything to themselves. */
export function Seen({ state, change, kinds }: PartProps) {
  const { visibility } = state;
  if (!kinds.has('private') && visibility === null) return null;
  return (
    <Part title={WORDS.seenBy}>
      <Segments<Choice>
        name="visibility"
        choices={CHOICES}
        value={visibility ?? 'all'}
        onChange={(to) => change({ visibility: to === 'all' ? null : to })}
      />
    </Part>
  );
}
