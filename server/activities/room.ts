/** Limits what is under way at once by its weight. Who came first goes first; one too heavy for it goes alone. */
export class Room {
  readonly #capacity: number;
  #inside = 0;
  readonly #waiting: { weight: number; enter: () => void }[] = [];

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Runs `body` once there is room for its weight. */
  async within<T>(weight: number, body: () => Promise<T>): Promise<T> {
    if (this.#waiting.length > 0 || !this.#fits(weight)) {
      await new Promise<void>((enter) => this.#waiting.push({ weight, enter }));
    } else this.#inside += weight;
    try {
      return await body();
    } finally {
      this.#inside -= weight;
      this.#admit();
    }
  }

  #fits(weight: number): boolean {
    return this.#inside === 0 || this.#inside + weight <= this.#capacity;
  }

  #admit(): void {
    while (this.#waiting.length > 0 && this.#fits(this.#waiting[0].weight)) {
      const { weight, enter } = this.#waiting.shift()!;
      this.#inside += weight;
      enter();
    }
  }
}
