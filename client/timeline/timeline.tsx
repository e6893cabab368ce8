import { useRef } from 'preact/hooks';
import { chosenMonths, daysOfMonths, type Months, monthOf, spanOf } from '../calendar.ts';
import { type Days, daysOfYear, sameDays } from '../dates.ts';
import type { Remembered } from '../hooks/use-view-state.ts';
import { formatMonth } from '../numbers.ts';
import { WORDS } from '../words.ts';
import { type Drag, dragged, type Hold, keyed, type Span } from './brush.ts';
import { Histogram } from './histogram.tsx';

interface TimelineProps {
  months: Months;
  chosen: Days;
  onDays(days: Days, how: Remembered): void;
}

/** Pixels within which an end is taken hold of: fingers are wider than a pointer. */
const nearEnd = (pointer: string) => (pointer === 'touch' ? 22 : 10);
/** Years whose names fit beside each other. */
const LEAST_YEAR_PX = 34;

/** When: bars to drag over, two ends to move, and a button for each year. */
export function Timeline({ months, chosen, onDays }: TimelineProps) {
  const track = useRef<HTMLDivElement>(null);
  const drag = useRef<(Drag & { hasMoved: boolean }) | null>(null);
  const { first, counts } = months;
  const all: Span = { from: first, to: first + counts.length - 1 };
  const range = spanOf(chosen, months);
  const span = wholeSpan(chosen, months);
  const place = (month: number) => `${Math.min(100, Math.max(0, ((month - first) / counts.length) * 100))}%`;

  const choose = ({ from, to }: Span, how: Remembered) => {
    const days = chosenMonths(from, to, months);
    if (!sameDays(days, chosen)) onDays(days, how);
  };
  const monthAt = (clientX: number) => {
    const { left, width } = track.current!.getBoundingClientRect();
    return Math.floor(first + ((clientX - left) / width) * counts.length);
  };
  const holdAt = ({ clientX, pointerType }: PointerEvent): Hold => {
    const { left, width } = track.current!.getBoundingClientRect();
    const off = range.map((month) => clientX - (left + ((month - first) / counts.length) * width));
    const [fromStart, fromEnd] = off.map(Math.abs);
    if (Math.min(fromStart, fromEnd) < nearEnd(pointerType)) return fromStart < fromEnd ? 'from' : 'to';
    const isEverything = chosen.from === null && chosen.to === null;
    return !isEverything && off[0] > 0 && off[1] < 0 ? 'whole' : 'new';
  };

  return (
    <div class="timeline-track">
      <div
        ref={track}
        class="timeline-bars"
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          const start = monthAt(event.clientX);
          drag.current = { hold: holdAt(event), start, before: span, hasMoved: false };
        }}
        onPointerMove={(event) => {
          if (!drag.current) return;
          const month = monthAt(event.clientX);
          if (!drag.current.hasMoved && month === drag.current.start) return;
          choose(dragged(drag.current, month, all), drag.current.hasMoved ? 'quietly' : 'step');
          drag.current.hasMoved = true;
        }}
        onPointerUp={() => {
          // touched, and not dragged: that month
          const { hasMoved, start, hold } = drag.current ?? { hasMoved: true, start: 0, hold: 'new' };
          drag.current = null;
          if (!hasMoved && (hold === 'new' || hold === 'whole')) choose({ from: start, to: start }, 'step');
        }}
        onPointerCancel={() => {
          drag.current = null;
        }}
      >
        <Histogram months={months} span={range} />
        <div
          class="timeline-span"
          style={{ left: place(range[0]), right: `calc(100% - ${place(range[1])})` }}
        />
        {(['from', 'to'] as const).map((end) => (
          <div
            key={end}
            class="timeline-end"
            role="slider"
            tabIndex={0}
            aria-label={end === 'from' ? WORDS.timelineFrom : WORDS.timelineTo}
            aria-valuemin={all.from}
            aria-valuemax={all.to}
            aria-valuenow={span[end]}
            aria-valuetext={monthName(span[end])}
            style={{ left: place(range[end === 'from' ? 0 : 1]) }}
            onKeyDown={(event) => {
              const next = keyed(event.key, end, span, all);
              if (!next) return;
              event.preventDefault();
              choose(next, 'quietly');
            }}
          />
        ))}
      </div>
      <Years months={months} chosen={chosen} onDays={onDays} />
    </div>
  );
}

/** A button for each year, where there is room: every second, or fifth, else. */
function Years({ months: { first, counts }, chosen, onDays }: TimelineProps) {
  const from = Math.floor(first / 12);
  const to = Math.floor((first + counts.length - 1) / 12);
  const room = Math.max(1, Math.floor(innerWidth / 1.5 / LEAST_YEAR_PX));
  const every = [1, 2, 5, 10].find((step) => (to - from + 1) / step <= room) ?? 20;
  // the first and the last year are seldom whole
  const hasRoom = (months: number) => months * room >= counts.length;
  const years = Array.from({ length: to - from + 1 }, (_, at) => from + at);
  return (
    // biome-ignore lint/a11y/useSemanticElements: buttons in a row are no fieldset
    <div class="timeline-years" role="group" aria-label={WORDS.years}>
      {years.map((year) => {
        const days = daysOfYear(year);
        const isOn = sameDays(chosen, days);
        const start = Math.max(first, year * 12);
        const end = Math.min(first + counts.length, year * 12 + 12);
        return (
          <button
            key={year}
            type="button"
            aria-pressed={isOn}
            style={{ flexGrow: end - start }}
            onClick={() => onDays(isOn ? { from: null, to: null } : days, 'step')}
          >
            <span class={hasRoom(end - start) && year % every === 0 ? '' : 'unseen'}>{year}</span>
          </button>
        );
      })}
    </div>
  );
}

/** The months that some days touch. */
export function wholeSpan(chosen: Days, months: Months): Span {
  const [start, end] = spanOf(chosen, months);
  const last = months.first + months.counts.length - 1;
  const from = Math.min(last, Math.max(months.first, Math.floor(start)));
  return { from, to: Math.max(from, Math.min(last, Math.ceil(end) - 1)) };
}

export function monthName(month: number): string {
  return formatMonth(daysOfMonths(month, month).from);
}

/** The days in words: Mar 2021 – Oct 2024. */
export function rangeName(chosen: Days, months: Months): string {
  const all = { from: months.first, to: months.first + months.counts.length - 1 };
  const from = chosen.from === null ? all.from : monthOf(chosen.from);
  const to = chosen.to === null ? all.to : monthOf(chosen.to);
  // what was chosen at one end alone may lie beyond all there is
  if (from > to) return chosen.to === null ? WORDS.since(monthName(from)) : WORDS.until(monthName(to));
  return from === to ? monthName(from) : WORDS.between(monthName(from), monthName(to));
}
