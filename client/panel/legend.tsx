import { useMemo } from 'preact/hooks';
import { stopsOf } from '../heat.ts';
import { hotAt, legend } from '../legend.ts';
import type { Ground } from '../map/contract.ts';
import { tileZoomOf } from '../map/zoom.ts';
import { formatVisits } from '../numbers.ts';
import type { Look } from '../state.ts';
import { WORDS } from '../words.ts';

interface LegendProps {
  look: Look;
  /** Visits drawn hottest, by the zoom of the tile. */
  exposure: readonly number[];
  /** Of the map. */
  zoom: number;
  ground: Ground;
}

/** What the colours in view mean. */
export function Legend({ look, exposure, zoom, ground }: LegendProps) {
  const { color, gradient, light } = look;
  const hot = hotAt(exposure[tileZoomOf(zoom)] ?? 2, light);
  const { ticks, bar } = useMemo(
    () => legend(stopsOf({ color, gradient }, ground), hot),
    [color, gradient, hot, ground],
  );
  const words = ticks.map(({ visits }) => formatVisits(visits));
  const last = ticks.length - 1;
  return (
    <figure class="legend" aria-label={WORDS.legendLabel(words[0], words[last])}>
      <figcaption>{WORDS.legend}</figcaption>
      <div class="legend-scale">
        <div class="legend-bar" style={{ backgroundImage: bar }} />
        <ul class="legend-ticks" aria-hidden="true">
          {ticks.map(({ visits, at }, index) => (
            <li key={visits} class={placeOf(at)} style={{ left: `${at * 100}%` }}>
              {words[index]}
              {index === last && '+'}
            </li>
          ))}
        </ul>
      </div>
    </figure>
  );
}

/** The numbers at the ends stay within the bar. */
function placeOf(at: number): string {
  if (at === 0) return 'is-first';
  return at === 1 ? 'is-last' : '';
}
