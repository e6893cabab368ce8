import type { ComponentChildren } from 'preact';
import { type Days, daysOf, PRESETS, sameDays, today } from '../dates.ts';
import { parseDay } from '../state.ts';
import { WORDS } from '../words.ts';
import { Chip, Part } from './choices.tsx';
import type { PartProps } from './panel.tsx';

/** Nobody recorded a position before; while a year is being typed it passes through the Roman ones. */
const EARLIEST = '1970-01-01';

interface DatesProps extends Pick<PartProps, 'state' | 'change'> {
  /** The timeline, where there is no other place for it. */
  children?: ComponentChildren;
}

/** From when to when: at a touch, or day by day. */
export function Dates({ state, change, children }: DatesProps) {
  const chosen: Days = { from: state.from, to: state.to };
  const now = today();
  return (
    <Part title={WORDS.dates}>
      <div class="chips is-even">
        {PRESETS.map((preset) => (
          <Chip
            key={preset}
            label={WORDS.presets[preset]}
            isOn={sameDays(chosen, daysOf(preset, now))}
            onClick={() => change(daysOf(preset, now))}
          />
        ))}
      </div>
      {children}
      <div class="days">
        <Day
          label={WORDS.from}
          day={state.from}
          onDay={(from) => change(ordered({ from, to: state.to }, 'to'))}
        />
        <Day
          label={WORDS.to}
          day={state.to}
          onDay={(to) => change(ordered({ from: state.from, to }, 'from'))}
        />
      </div>
    </Part>
  );
}

function Day({ label, day, onDay }: { label: string; day: string | null; onDay(day: string | null): void }) {
  return (
    <label class="field">
      <span>{label}</span>
      <input
        type="date"
        class={day === null ? 'is-blank' : ''}
        value={day ?? ''}
        min={EARLIEST}
        onChange={({ currentTarget: { value, validity } }) => {
          if (validity.valid) onDay(parseDay(value));
        }}
      />
    </label>
  );
}

/** The end that was not touched gives way. */
function ordered({ from, to }: Days, other: keyof Days): Days {
  return from !== null && to !== null && from > to ? { ...{ from, to }, [other]: null } : { from, to };
}
