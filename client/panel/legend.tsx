import { useMemo } from 'preact/hooks';
import { type Group, SPORT_COLOURS } from '../../server/heat/by-sport.ts';
import { stopsOf } from '../heat.ts';
import { hotOf, legend, preview } from '../legend.ts';
import type { Ground } from '../map/contract.ts';
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
  /** Drawn in colours of their own, where the look says so. */
  groups: readonly Group[];
}

/** What the colours in view mean. */
export function Legend(props: LegendProps) {
  return props.look.bySport ? <SportLegend {...props} /> : <VisitLegend {...props} />;
}

function VisitLegend({ look, exposure, zoom, ground }: LegendProps) {
  const { color, gradient, light } = look;
  const hot = hotOf(exposure, zoom, light);
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

function SportLegend({ ground, groups, exposure, zoom, look }: LegendProps) {
  const hot = formatVisits(hotOf(exposure, zoom, look.light));
  return (
    <figure class="legend is-sports" aria-label={WORDS.sportLegendLabel(hot)}>
      <ul>
        {groups.map((group) => (
          <li key={group}>
            <span class="legend-bar" style={{ backgroundImage: preview(SPORT_COLOURS[ground][group]) }} />
            {WORDS.groups[group]}
          </li>
        ))}
      </ul>
      <figcaption>{WORDS.sportLegend(hot)}</figcaption>
    </figure>
  );
}

/** The numbers at the ends stay within the bar. */
function placeOf(at: number): string {
  if (at === 0) return 'is-first';
  return at === 1 ? 'is-last' : '';
}
