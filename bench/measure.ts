/**
 * Timing in one process: warm-up, then counted runs; alternatives measured turn by turn in the same run,
 * so that a machine whose speed drifts does not favour one of them.
 */

/** Spread of one measured figure; every value in milliseconds. */
export interface Spread {
  runs: number;
  min: number;
  median: number;
  p99: number;
  max: number;
}

/** Reads a spread off raw samples (any unit). Throws RangeError when there are none. */
export function spread(samples: readonly number[]): Spread {
  if (samples.length === 0) throw new RangeError('no samples');
  const sorted = Float64Array.from(samples).sort();
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)];
  return {
    runs: sorted.length,
    min: sorted[0],
    median: at(0.5),
    p99: at(0.99),
    max: sorted[sorted.length - 1],
  };
}

/**
 * Runs each candidate in turn (A B A B …) and returns the spread of each, in milliseconds.
 * `warmup` rounds are not counted.
 */
export async function measure<Name extends string>(
  candidates: Record<Name, () => unknown>,
  { runs, warmup = 2 }: { runs: number; warmup?: number },
): Promise<Record<Name, Spread>> {
  const names = Object.keys(candidates) as Name[];
  const samples = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = -warmup; round < runs; round++) {
    for (const name of names) {
      const start = performance.now();
      await candidates[name]();
      if (round >= 0) samples[name].push(performance.now() - start);
    }
  }
  return Object.fromEntries(names.map((name) => [name, spread(samples[name])])) as Record<Name, Spread>;
}
