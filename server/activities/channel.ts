/**
 * A bounded queue between asynchronous loops: who adds waits while it is full, who takes waits while it is empty.
 * What is weighed bounds it, so that a few large things and many small ones take the same memory.
 */
export class Channel<T> {
  readonly #capacity: number;
  readonly #weigh: (value: T) => number;
  #values: T[] = [];
  #weight = 0;
  #closed = false;
  #failure: { error: unknown } | null = null;
  #waiting: (() => void)[] = [];

  constructor(capacity: number, weigh: (value: T) => number = () => 1) {
    this.#capacity = capacity;
    this.#weigh = weigh;
  }

  /** Adds a value once there is room; one heavier than the whole capacity is let in alone. */
  async push(value: T): Promise<void> {
    const weight = this.#weigh(value);
    while (this.#values.length > 0 && this.#weight + weight > this.#capacity) await this.#change();
    this.#check();
    this.#values.push(value);
    this.#weight += weight;
    this.#wake();
  }

  /** Takes the values there are, one at least and `most` at most; none once the channel is closed and empty. */
  async take(most: number): Promise<T[]> {
    while (this.#values.length === 0 && !this.#closed) await this.#change();
    this.#check();
    const taken = this.#values.splice(0, most);
    for (const value of taken) this.#weight -= this.#weigh(value);
    this.#wake();
    return taken;
  }

  /** Nothing more will come. */
  close(): void {
    this.#closed = true;
    this.#wake();
  }

  /** Makes every push and take, waiting ones too, reject. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#wake();
  }

  #check(): void {
    if (this.#failure) throw this.#failure.error;
  }

  async #change(): Promise<void> {
    this.#check();
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
