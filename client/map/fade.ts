const FADE_MS = 150;

/** Milliseconds in which heat comes in and goes: none for those who want no motion. */
export function fadeMs(): number {
  return matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : FADE_MS;
}
