import type { Months } from '../calendar.ts';

const HEIGHT = 100;

/** Activities a month, each a bar; those within the chosen span are bright. Months may be parts: days were chosen. */
export function Histogram({ months, span }: { months: Months; span: readonly [number, number] }) {
  const { first, counts } = months;
  const most = Math.max(1, ...counts);
  // square roots: one busy month must not flatten all the others
  const high = (count: number) => (count === 0 ? 0 : Math.max(6, Math.sqrt(count / most) * HEIGHT));
  return (
    <svg
      class="histogram"
      viewBox={`0 0 ${counts.length} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
      focusable="false"
    >
      {counts.map((count, at) => {
        const isIn = first + at + 1 > span[0] && first + at < span[1];
        const height = high(count);
        return (
          <rect
            key={first + at}
            class={isIn ? 'is-in' : ''}
            x={at + 0.1}
            y={HEIGHT - height}
            width={0.8}
            height={height}
          />
        );
      })}
    </svg>
  );
}
