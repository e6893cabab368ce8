/**
 * Colours between colours, mixed in OKLab, where equal steps look equal and mixtures stay clean.
 * Matrices: Björn Ottosson, https://bottosson.github.io/posts/oklab/
 */

/** Lightness 0 to 1, green–red, blue–yellow, opacity 0 to 1. */
export type Lab = readonly [l: number, a: number, b: number, alpha: number];

/** From #rrggbb or #rrggbbaa. */
export function fromHex(colour: string): Lab {
  const [r, g, b, alpha] = [1, 3, 5, 7].map(
    (at) => Number.parseInt(colour.slice(at, at + 2) || 'ff', 16) / 255,
  );
  const [red, green, blue] = [r, g, b].map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  const l = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
  const m = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
  const s = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
    alpha,
  ];
}

/** Red, green, blue and opacity, 0 to 255. */
export function toBytes([lightness, a, b, alpha]: Lab): [number, number, number, number] {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const byte = (linear: number) => {
    const c = linear <= 0.0031308 ? linear * 12.92 : 1.055 * linear ** (1 / 2.4) - 0.055;
    return Math.round(Math.min(1, Math.max(0, c)) * 255);
  };
  return [
    byte(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    byte(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    byte(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
    Math.round(alpha * 255),
  ];
}

/** `share` 0 gives `from`, 1 gives `to`. */
export function mix(from: Lab, to: Lab, share: number): Lab {
  const at = (index: number) => from[index] + (to[index] - from[index]) * share;
  return [at(0), at(1), at(2), at(3)];
}
