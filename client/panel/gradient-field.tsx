import { useEffect, useRef, useState } from 'preact/hooks';
import { faultOfGradient } from '../state.ts';
import { WORDS } from '../words.ts';

/** Judged while it is typed; drawn as soon as it can be. */
export function GradientField({
  gradient,
  onGradient,
}: {
  gradient: string;
  onGradient(text: string): void;
}) {
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
        {fault ?? WORDS.gradientHelp}
      </span>
    </label>
  );
}
