/** The heat over Google's map: what is seen, and what takes its place once it is there. */
import type { Heat } from './contract.ts';
import { fadeMs } from './fade.ts';
import type { Over, TileAt } from './google-layer.ts';
import { drawnOf, GoogleSheet } from './google-sheet.ts';
import { type Answer, PictureWatch } from './picture-watch.ts';
import { RETRY_MS } from './tile-answers.ts';

export interface StageOptions {
  /** The tiles that Google shows now. */
  inView(): readonly TileAt[];
  /** Told whenever it may have changed: what is to be shown is waited for. */
  onBusy(isBusy: boolean): void;
  onSignedOut(): void;
}

export class GoogleStage {
  readonly #over: Over;
  readonly #options: StageOptions;
  readonly #watch: PictureWatch;
  readonly #stops = new AbortController();
  readonly #fade = fadeMs();
  #seen: GoogleSheet | null = null;
  #coming: GoogleSheet | null = null;
  /** Tells whoever prepared what comes that it is there; null: it is shown then. */
  #onThere: (() => void) | null = null;
  #retry: ReturnType<typeof setTimeout> | null = null;

  constructor(over: Over, options: StageOptions) {
    this.#over = over;
    this.#options = options;
    this.#watch = new PictureWatch(over.map.getDiv(), (answers) => this.#hear(answers));
    addEventListener('online', () => this.#askAgain(), { signal: this.#stops.signal });
  }

  /** Shows a heat; what is seen stays until it is there. null: none. */
  show(heat: Heat | null) {
    const drawn = heat && drawnOf(heat);
    if (heat && this.#seen?.drawn === drawn) {
      this.#drop();
      this.#seen?.dim(heat.opacity);
    } else if (heat && this.#coming?.drawn === drawn) {
      this.#release();
      this.#coming?.dim(heat.opacity);
    } else {
      this.#drop();
      this.#coming = heat && this.#put(heat);
    }
    if (!heat) this.#unveil(this.#fade);
    this.#follow();
  }

  /** Gets another heat ready, unseen. Resolves when all of it that is in view is there, or when it is given up. */
  prepare(heat: Heat): Promise<void> {
    this.#drop();
    this.#coming = this.#put(heat);
    return new Promise((resolve) => {
      this.#onThere = resolve;
      this.#follow();
    });
  }

  /** Shows what was prepared, faded over `ms`, and answers what it is; null: nothing was. */
  swap(ms: number): Heat | null {
    if (!this.#onThere) return null;
    this.#release();
    this.#unveil(ms);
    return this.#seen?.heat ?? null;
  }

  /** Looks at what is in view by now, and what became of it. */
  moved() {
    this.#watch.catchUp();
    this.#plan();
    this.#follow();
  }

  remove() {
    this.#stops.abort();
    this.#watch.stop();
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#drop();
    this.#seen?.remove();
  }

  get #sheets(): GoogleSheet[] {
    return [this.#seen, this.#coming].filter((sheet) => sheet !== null);
  }

  #put(heat: Heat): GoogleSheet {
    return new GoogleSheet(this.#over, heat, () => {
      // what failed is known by now
      this.#watch.catchUp();
      this.#follow();
    });
  }

  /** Gives up what was to come. */
  #drop() {
    this.#release();
    this.#coming?.remove();
    this.#coming = null;
  }

  /** Lets go of whoever waits for what was prepared: what comes is shown when it is there. */
  #release() {
    this.#onThere?.();
    this.#onThere = null;
  }

  /** What comes takes the place of what is seen. */
  #unveil(ms: number) {
    this.#seen?.leave(ms);
    this.#coming?.enter(ms);
    [this.#seen, this.#coming] = [this.#coming, null];
  }

  /** Does what is to be done now that something has come, or failed, or was waited for long enough. */
  #follow() {
    const inView = this.#options.inView();
    const coming = this.#coming;
    if (coming && this.#onThere) {
      if (coming.isWhole(inView) || (coming.isOverdue && !coming.isLacking(inView))) this.#onThere();
    } else if (coming) {
      // where nothing is seen yet the first of it is welcome
      const isEnough = coming.isWhole(inView) || coming.isOverdue || (!this.#seen && coming.hasSome);
      if (isEnough) this.#unveil(this.#fade);
    }
    const isAwaited = this.#coming !== null && !this.#onThere;
    this.#options.onBusy(isAwaited || this.#sheets.some((sheet) => sheet.isLacking(inView)));
  }

  #hear(answers: readonly Answer[]) {
    const isRefused = this.#sheets.map((sheet) => sheet.hear(answers)).includes(true);
    if (isRefused) this.#options.onSignedOut();
    this.#plan();
    this.#follow();
  }

  /** Tiles that failed are asked for again after a pause, or as soon as there is a network. */
  #plan() {
    const inView = this.#options.inView();
    if (this.#retry === null && this.#sheets.some((sheet) => sheet.isDue(inView)))
      this.#retry = setTimeout(() => this.#askAgain(), RETRY_MS);
  }

  #askAgain() {
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#retry = null;
    const inView = this.#options.inView();
    for (const sheet of this.#sheets) sheet.retry(inView);
  }
}
