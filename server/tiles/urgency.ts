/** How soon a tile is wanted: live, or in the background until somebody live asks for the same. */
export class Urgency {
  #live: boolean;
  #onRaised: (() => void)[] = [];

  constructor(live: boolean) {
    this.#live = live;
  }

  get live(): boolean {
    return this.#live;
  }

  /** Somebody live waits for it now. */
  raise(): void {
    if (this.#live) return;
    this.#live = true;
    for (const raised of this.#onRaised.splice(0)) raised();
  }

  /** Calls back when it is raised; never when it is live already. */
  onRaised(raised: () => void): void {
    if (!this.#live) this.#onRaised.push(raised);
  }
}
