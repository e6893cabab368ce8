import { useRef, useState } from 'preact/hooks';
import { parseGradient } from '../../server/heat/gradient.ts';
import { barTo } from '../legend.ts';
import { formatVisits } from '../numbers.ts';
import { Icon } from '../parts/icon.tsx';
import { faultOfGradient } from '../state.ts';
import { WORDS } from '../words.ts';
import { GradientField } from './gradient-field.tsx';
import { endOf, movedTo, type PlacedStop, placed, textOf, visitsAt, withOneMore } from './gradient-stops.ts';

interface GradientEditorProps {
  gradient: string;
  /** Visits drawn hottest: the right end of the bar. */
  hot: number;
  onGradient(text: string): void;
}

/** Colours of one's own: stops on a bar, to be moved, coloured, added and removed; and the same as text. */
export function GradientEditor({ gradient, hot, onGradient }: GradientEditorProps) {
  const [chosen, setChosen] = useState(0);
  const bar = useRef<HTMLDivElement>(null);
  const parsed = parseGradient(gradient);
  const stops = placed(parsed, hot);
  const index = Math.min(chosen, stops.length - 1);
  const stop = stops[index];
  const more = withOneMore(stops, hot);
  const show = (next: readonly PlacedStop[]) => {
    const text = textOf(next);
    // where counts have no room left to grow, all stays as it is
    if (faultOfGradient(text) === null) onGradient(text);
  };
  const remove = (which: number) => {
    if (stops.length === 1) return;
    show(stops.toSpliced(which, 1));
    setChosen(Math.max(0, which - 1));
  };

  const drag = (which: number) => (event: PointerEvent) => {
    if (event.buttons !== 1 || !bar.current) return;
    const { left, width } = bar.current.getBoundingClientRect();
    const at = Math.min(1, Math.max(0, (event.clientX - left) / width));
    show(movedTo(stops, which, visitsAt(at, parsed, hot)));
  };
  const key = (which: number) => (event: KeyboardEvent) => {
    const factor = { ArrowRight: 1.1, ArrowUp: 1.1, ArrowLeft: 1 / 1.1, ArrowDown: 1 / 1.1 }[event.key];
    if (factor !== undefined) {
      const { visits } = stops[which];
      const step = factor > 1 ? Math.max(visits * factor, visits + (visits < 10 ? 0.1 : 1)) : visits * factor;
      show(movedTo(stops, which, step));
    } else if (event.key === 'Delete' || event.key === 'Backspace') remove(which);
    else return;
    event.preventDefault();
  };

  return (
    <div class="gradient">
      <div ref={bar} class="gradient-bar" style={{ backgroundImage: barTo(stops, endOf(parsed, hot)) }}>
        {stops.map(({ visits, at, colour }, which) => (
          <div
            key={which}
            class={which === index ? 'gradient-stop is-on' : 'gradient-stop'}
            role="slider"
            tabIndex={0}
            aria-label={WORDS.stop(formatVisits(visits))}
            aria-valuemin={1}
            aria-valuemax={1000000}
            aria-valuenow={visits}
            style={{ left: `${at * 100}%`, backgroundColor: colour.slice(0, 7) }}
            onPointerDown={(event) => {
              event.currentTarget.setPointerCapture(event.pointerId);
              setChosen(which);
            }}
            onPointerMove={drag(which)}
            onFocus={() => setChosen(which)}
            onKeyDown={key(which)}
          />
        ))}
      </div>
      <div class="gradient-tools">
        <label>
          <input
            type="color"
            value={stop.colour.slice(0, 7)}
            aria-label={WORDS.stopColour}
            onInput={({ currentTarget: { value } }) =>
              show(stops.with(index, { ...stop, colour: value + stop.colour.slice(7) }))
            }
          />
          <span>{WORDS.stop(formatVisits(stop.visits))}</span>
        </label>
        <button
          type="button"
          class="icon-button is-small"
          aria-label={WORDS.addStop}
          title={WORDS.addStop}
          disabled={more === null}
          onClick={() => {
            if (!more) return;
            show(more.stops);
            setChosen(more.index);
          }}
        >
          <Icon name="plus" />
        </button>
        <button
          type="button"
          class="icon-button is-small"
          aria-label={WORDS.removeStop}
          title={WORDS.removeStop}
          disabled={stops.length === 1}
          onClick={() => remove(index)}
        >
          <Icon name="bin" />
        </button>
      </div>
      <GradientField gradient={gradient} onGradient={onGradient} />
    </div>
  );
}
