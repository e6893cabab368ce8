/** Chance that comes out the same for the same seed, on every machine. */
export interface Chance {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform in [low, high). */
  between(low: number, high: number): number;
  /** About normal: mean 0, deviation 1, never beyond 3.5. */
  bell(): number;
  /** True so often, 0 to 1. */
  happens(share: number): boolean;
  /** One of some. */
  pick<T>(some: readonly T[]): T;
}

export function chance(seed: number): Chance {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    between: (low, high) => low + next() * (high - low),
    bell: () => (next() + next() + next() + next() - 2) * Math.sqrt(3),
    happens: (share) => next() < share,
    pick: (some) => some[Math.floor(next() * some.length)],
  };
}

/** A smooth hilly field over the plane, about -1 to 1, whose hills are `wavelength` metres apart. */
export function waves(random: Chance, wavelength: number): (x: number, y: number) => number {
  const count = 6;
  const terms = Array.from({ length: count }, (_, at) => {
    const angle = ((at + random.next()) / count) * 2 * Math.PI;
    const k = (2 * Math.PI) / (wavelength * random.between(0.75, 1.35));
    return [Math.cos(angle) * k, Math.sin(angle) * k, random.between(0, 2 * Math.PI)] as const;
  });
  const scale = Math.sqrt(2 / count) / 1.6;
  return (x, y) => {
    let sum = 0;
    for (const [kx, ky, phase] of terms) sum += Math.sin(kx * x + ky * y + phase);
    return sum * scale;
  };
}
