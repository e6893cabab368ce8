import { useEffect, useRef, useState } from 'preact/hooks';
import { stopsOf } from '../heat.ts';
import { preview } from '../legend.ts';
import { faultOfGradient, PALETTE_NAMES } from '../state.ts';
import { WORDS } from '../words.ts';
import { Part } from './choices.tsx';
import type { PartProps } from './panel.tsx';

/** Five palettes, and one's own. */
export function Colours({ state, change, ground }: PartProps) {
  const { color, gradient } = state;
  const own =
    gradient ??
    stopsOf({ color, gradient: null }, ground)
      .map((stop) => stop.colour.slice(1))
      .join('; ');
  return (
    <Part title={WORDS.colours}>
      <div class="palettes">
        {PALETTE_NAMES.map((name) => (
          <Swatch
            key={name}
            label={WORDS.palettes[name]}
            bar={preview(stopsOf({ color: name, gradient: null }, ground))}
            isOn={gradient === null && color === name}
            onChoose={() => change({ color: name, gradient: null })}
          />
        ))}
        <Swatch
          label={WORDS.ownGradient}
          bar={preview(stopsOf({ color, gradient: own }, ground))}
          isOn={gradient !== null}
          onChoose={() => change({ gradient: own })}
        />
      </div>
      {gradient !== null && (
        <GradientField gradient={gradient} onGradient={(text) => change({ gradient: text })} />
      )}
    </Part>
  );
}

function Swatch({
  label,
  bar,
  isOn,
  onChoose,
}: {
  label: string;
  bar: string;
  isOn: boolean;
  onChoose(): void;
}) {
  return (
    <label class="swatch">
      <input type="radio" class="unseen" name="palette" checked={isOn} onChange={onChoose} />
      <span class="swatch-bar" style={{ backgroundImage: bar }} />
      <span class="swatch-name">{label}</span>
    </label>
  );
}

/** Judged while it is typed; drawn as soon as it can be. */
function GradientField({ gradient, onGradient }: { gradient: string; onGradient(text: string): void }) {
  const [text, setText] = useState(gradient);
  const fault = faultOfGradient(text);
  const shown = useRef(gradient);
  // from elsewhere: the browser's back button, another choice
  useEffect(() => {
    if (shown.current === gradient) return;
    shown.current = gradient;
    setText(gradient);
  }, [gradient]);

  const type = (typed: string) => {
    setText(typed);
    if (faultOfGradient(typed) !== null) return;
    shown.current = typed.trim();
    onGradient(typed.trim());
  };

  return (
    <label class="field">
      <span>{WORDS.gradient}</span>
      <input
        type="text"
        value={text}
        maxLength={1000}
        spellcheck={false}
        autocomplete="off"
        aria-invalid={fault !== null}
        aria-describedby="gradient-note"
        onInput={(event) => type(event.currentTarget.value)}
      />
      <span id="gradient-note" class={fault === null ? 'note' : 'note fault'} role="status">
        {fault === null ? WORDS.gradientHelp : `${fault[0].toUpperCase()}${fault.slice(1)}.`}
      </span>
    </label>
  );
}
