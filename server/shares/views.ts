import type { Knex } from 'knex';

/** Milliseconds for which views are gathered, to be written together. */
const GATHERED = 1000;

/** How often the pages of shares were opened: counted here and added up in the database. */
export class Views {
  readonly #db: Knex;
  readonly #onFailed: (error: unknown) => void;
  #gathered = new Map<string, number>();
  #timer: NodeJS.Timeout | null = null;

  constructor(db: Knex, onFailed: (error: unknown) => void) {
    this.#db = db;
    this.#onFailed = onFailed;
  }

  note(id: string): void {
    this.#gathered.set(id, (this.#gathered.get(id) ?? 0) + 1);
    this.#timer ??= setTimeout(() => void this.flush(), GATHERED).unref();
  }

  /** Writes what was gathered. Never rejects: a view that is not counted harms nobody. */
  async flush(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const gathered = this.#gathered;
    this.#gathered = new Map();
    for (const [id, views] of gathered) {
      await this.#db('shares').where({ id }).increment('views', views).catch(this.#onFailed);
    }
  }
}
