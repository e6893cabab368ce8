import type { Me } from '../api.ts';
import { type Days, daysOf, daysOfYear, PRESETS, sameDays, today, yearsBetween } from '../dates.ts';
import { formatCount } from '../numbers.ts';
import { parseDay } from '../state.ts';
import { WORDS } from '../words.ts';
import { Chip, Part } from './choices.tsx';
import type { PartProps } from './panel.tsx';

/** Nobody recorded a position before; while a year is being typed it passes through the Roman ones. */
const EARLIEST = '1970-01-01';
/** More bars than this are too thin to be touched. */
const MOST_BARS = 16;

/** From when to when: at a touch, by year, or day by day. */
export function Dates({ me, state, change }: PartProps) {
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
      <Years years={yearsBetween(me.years).slice(-MOST_BARS)} chosen={chosen} change={change} />
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

/** Each year a bar, as high as it was busy. */
function Years({ years, chosen, change }: { years: Me['years']; chosen: Days; change: PartProps['change'] }) {
  if (years.length < 2) return null;
  const most = Math.max(...years.map(({ count }) => count));
  return (
    // biome-ignore lint/a11y/useSemanticElements: buttons in a row are no fieldset
    <div class="years" role="group" aria-label={WORDS.years}>
      {years.map(({ year, count }) => {
        const days = daysOfYear(year);
        const isOn = sameDays(chosen, days);
        const label = WORDS.yearLabel(year, formatCount(count), WORDS.activities(count));
        return (
          <button
            key={year}
            type="button"
            class={isWithin(year, chosen) ? 'year is-within' : 'year'}
            aria-pressed={isOn}
            aria-label={label}
            title={label}
            onClick={() => change(isOn ? daysOf('all', '') : days)}
          >
            <span
              class="year-bar"
              style={{ height: `${count === 0 ? 0 : Math.max(6, (count / most) * 100)}%` }}
            />
            <span class="year-name">{years.length > 8 ? `’${String(year).slice(2)}` : year}</span>
          </button>
        );
      })}
    </div>
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

function isWithin(year: number, { from, to }: Days): boolean {
  return (from === null || from <= `${year}-12-31`) && (to === null || to >= `${year}-01-01`);
}

/** The end that was not touched gives way. */
function ordered({ from, to }: Days, other: keyof Days): Days {
  return from !== null && to !== null && from > to ? { ...{ from, to }, [other]: null } : { from, to };
}
