/** How long things are on Google's map. Its own scale is told in what Google thinks fit. */
import type { Units } from '../hooks/use-preferences.ts';
import { METRES_PER_FOOT, METRES_PER_MILE } from '../numbers.ts';

/** In pixels. */
const MOST_WIDE = 90;
/** In metres, the longest first. */
const LENGTHS: Record<Units, readonly (readonly [name: string, metres: number])[]> = {
  metric: [
    ['km', 1000],
    ['m', 1],
  ],
  imperial: [
    ['mi', METRES_PER_MILE],
    ['ft', METRES_PER_FOOT],
  ],
};

/** A length in one digit, or in ten of a unit, and how many pixels it takes: as many as there is room for. */
export function scaleOf(metresPerPixel: number, units: Units): { text: string; width: number } {
  const most = metresPerPixel * MOST_WIDE;
  const [name, metres] = LENGTHS[units].find(([, unit]) => most >= unit) ?? LENGTHS[units][1];
  const ten = 10 ** Math.floor(Math.log10(most / metres));
  const count = [5, 3, 2, 1].find((digit) => digit * ten * metres <= most)! * ten;
  return { text: `${count} ${name}`, width: Math.round((count * metres) / metresPerPixel) };
}

export class GoogleScale {
  readonly element = document.createElement('div');
  #units: Units = 'metric';
  #metresPerPixel = 1;

  constructor() {
    this.element.className = 'map-scale';
  }

  measureIn(units: Units) {
    this.#units = units;
    this.#draw();
  }

  /** In the middle of the map. */
  follow(metresPerPixel: number) {
    this.#metresPerPixel = metresPerPixel;
    this.#draw();
  }

  #draw() {
    const { text, width } = scaleOf(this.#metresPerPixel, this.#units);
    this.element.textContent = text;
    this.element.style.width = `${width}px`;
  }
}
