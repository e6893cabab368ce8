/** One heat over Google's map, all its layers as one: it comes in softly, and goes so. */
import type { Heat } from './contract.ts';
import { GoogleLayer, type Over, type TileAt } from './google-layer.ts';
import type { Answer } from './picture-watch.ts';

/** Google promises no word of the tiles where some never come: then what has come is enough. */
const PATIENCE_MS = 5000;

export class GoogleSheet {
  readonly heat: Heat;
  readonly drawn: string;
  readonly #layers: GoogleLayer[];
  readonly #late: ReturnType<typeof setTimeout>;
  #opacity: number;
  /** So much of its opacity is seen, 0 to 1. */
  #share = 0;
  #frame = 0;
  #isLate = false;

  /** Puts it unseen over all that is there; `onLoaded`: there may be more of it than before. */
  constructor(over: Over, heat: Heat, onLoaded: () => void) {
    this.heat = heat;
    this.drawn = drawnOf(heat);
    this.#opacity = heat.opacity;
    this.#layers = heat.layers.map((layer) => new GoogleLayer(over, layer, heat, onLoaded));
    this.#late = setTimeout(() => {
      this.#isLate = true;
      onLoaded();
    }, PATIENCE_MS);
  }

  /** Whether any of it has come. */
  get hasSome(): boolean {
    return this.#layers.some((layer) => layer.hasSome);
  }

  /** Whether it was waited for long enough to do with the part that has come. */
  get isOverdue(): boolean {
    return this.#isLate && (this.hasSome || this.#layers.every((layer) => !layer.hasAsked));
  }

  /** Whether all of it in view has come. */
  isWhole(inView: readonly TileAt[]): boolean {
    return this.#layers.every((layer) => layer.isLoaded) && !this.isLacking(inView);
  }

  isLacking(inView: readonly TileAt[]): boolean {
    return this.#layers.some((layer) => layer.isLacking(inView));
  }

  isDue(inView: readonly TileAt[]): boolean {
    return this.#layers.some((layer) => layer.isDue(inView));
  }

  /** Takes note of what became of pictures. Answers whether a tile of its own was refused to somebody unknown. */
  hear(answers: readonly Answer[]): boolean {
    return this.#layers.map((layer) => layer.hear(answers)).includes(true);
  }

  retry(inView: readonly TileAt[]) {
    for (const layer of this.#layers) layer.retry(inView);
  }

  /** Lies over the map as opaque as this, from now on. */
  dim(opacity: number) {
    this.#opacity = opacity;
    this.#apply();
  }

  enter(ms: number) {
    this.#fade(1, ms);
  }

  leave(ms: number) {
    this.#fade(0, ms, () => this.remove());
  }

  remove() {
    clearTimeout(this.#late);
    cancelAnimationFrame(this.#frame);
    for (const layer of this.#layers) layer.remove();
  }

  #fade(to: number, ms: number, then?: () => void) {
    cancelAnimationFrame(this.#frame);
    const [from, start] = [this.#share, performance.now()];
    const step = () => {
      // a page that nobody sees draws no frames
      const part = ms === 0 || document.hidden ? 1 : Math.min(1, (performance.now() - start) / ms);
      this.#share = from + (to - from) * part;
      this.#apply();
      if (part < 1) this.#frame = requestAnimationFrame(step);
      else then?.();
    };
    step();
  }

  #apply() {
    for (const layer of this.#layers) layer.setOpacity(this.#opacity * this.#share);
  }
}

/** What names the tiles of a heat: all of it but how it lies over the map. */
export function drawnOf({ layers, light, tiles, revision }: Heat): string {
  return JSON.stringify([layers, light, tiles, revision]);
}
