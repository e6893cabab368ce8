import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

interface PartProps {
  title: string;
  children: ComponentChildren;
  /** Beside the title, at the right. */
  aside?: ComponentChildren;
}

/** One group of choices under its title. */
export function Part({ title, children, aside }: PartProps) {
  const id = useId();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset's legend cannot share its line with anything
    <div class="part" role="group" aria-labelledby={id}>
      <div class="part-head">
        <h2 id={id}>{title}</h2>
        {aside}
      </div>
      {children}
    </div>
  );
}

interface ChipProps {
  label: string;
  count?: string;
  /** 'mixed': a part of what it stands for. */
  isOn: boolean | 'mixed';
  onClick(): void;
}

/** A choice that is on or off. */
export function Chip({ label, count, isOn, onClick }: ChipProps) {
  return (
    <button type="button" class="chip" aria-pressed={isOn} onClick={onClick}>
      {label}
      {count !== undefined && <span class="chip-count">{count}</span>}
    </button>
  );
}

interface CheckProps {
  label: string;
  isOn: boolean;
  onChange(isOn: boolean): void;
}

export function Check({ label, isOn, onChange }: CheckProps) {
  return (
    <label class="check">
      <input type="checkbox" checked={isOn} onChange={(event) => onChange(event.currentTarget.checked)} />
      <span>{label}</span>
    </label>
  );
}

interface SegmentsProps<T extends string> {
  name: string;
  choices: readonly { value: T; label: string }[];
  value: T;
  onChange(value: T): void;
}

/** One of a few, side by side. */
export function Segments<T extends string>({ name, choices, value, onChange }: SegmentsProps<T>) {
  return (
    <div class="segments">
      {choices.map((choice) => (
        <label key={choice.value}>
          <input
            type="radio"
            class="unseen"
            name={name}
            checked={choice.value === value}
            onChange={() => onChange(choice.value)}
          />
          <span>{choice.label}</span>
        </label>
      ))}
    </div>
  );
}

interface SliderProps {
  label: string;
  value: number;
  min: number;
  max: number;
  step: number;
  /** The value in words. */
  shown: string;
  onChange(value: number): void;
  /** Marks the middle, where it does nothing. */
  isCentred?: boolean;
  isDisabled?: boolean;
}

/** A number on a line. */
export function Slider(props: SliderProps) {
  const { label, value, min, max, step, shown, onChange, isCentred = false, isDisabled = false } = props;
  const id = useId();
  return (
    <div class="slider">
      <div class="part-head">
        <label for={id}>{label}</label>
        <output for={id}>{shown}</output>
      </div>
      <input
        id={id}
        type="range"
        class={isCentred ? 'is-centred' : ''}
        min={min}
        max={max}
        step={step}
        value={value}
        disabled={isDisabled}
        aria-valuetext={shown}
        onInput={(event) => onChange(event.currentTarget.valueAsNumber)}
      />
    </div>
  );
}
