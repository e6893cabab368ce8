import { isPinned } from '../heat.ts';
import { LEAST_OPACITY, MOST_LIGHT } from '../state.ts';
import { WORDS } from '../words.ts';
import { Slider } from './choices.tsx';
import type { PartProps } from './panel.tsx';

/** How bright the heat is, and how much of the map shows through it. */
export function Light({ state, change }: PartProps) {
  const { light, opacity } = state;
  const pinned = isPinned(state);
  return (
    <div class="part is-pair">
      <Slider
        label={WORDS.brightness}
        min={-MOST_LIGHT}
        max={MOST_LIGHT}
        step={0.5}
        value={light}
        shown={pinned ? WORDS.pinned : light === 0 ? WORDS.automatic : WORDS.lighter(light)}
        isDisabled={pinned}
        onChange={(value) => change({ light: value }, 'quietly')}
        isCentred
      />
      <Slider
        label={WORDS.opacity}
        min={LEAST_OPACITY}
        max={1}
        step={0.05}
        value={opacity}
        shown={WORDS.percent(opacity)}
        onChange={(value) => change({ opacity: value }, 'quietly')}
      />
    </div>
  );
}
