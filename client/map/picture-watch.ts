/**
 * What becomes of the pictures that a map loads which tells nothing of them. The browser tells it, whoever asked for a
 * picture; those that do not tell the status of an answer say on the page's own elements which picture failed.
 */

/** What a picture of this server was answered. One that the browser keeps in memory is not asked for. */
export interface Answer {
  /** Path and query. */
  url: string;
  /** 0: there was no answer. */
  status: number;
}

export class PictureWatch {
  readonly #stops = new AbortController();
  readonly #tell: (answers: readonly Answer[]) => void;
  readonly #observer: PerformanceObserver | null = null;

  /** Tells of pictures from now on, of several at once; `within`: where they are put, for browsers that need it. */
  constructor(within: Element, tell: (answers: readonly Answer[]) => void) {
    this.#tell = tell;
    if ('responseStatus' in PerformanceResourceTiming.prototype) {
      this.#observer = new PerformanceObserver((list) => this.#hear(list.getEntries()));
      this.#observer.observe({ type: 'resource' });
    } else this.#listen(within);
  }

  /** Tells at once what has become known and was to be told next. */
  catchUp() {
    if (this.#observer) this.#hear(this.#observer.takeRecords());
  }

  stop() {
    this.#stops.abort();
    this.#observer?.disconnect();
  }

  #hear(entries: readonly PerformanceEntry[]) {
    const answers = (entries as readonly PerformanceResourceTiming[])
      // fetched by ourselves: no picture
      .filter(({ initiatorType }) => initiatorType !== 'fetch')
      .map(({ name, responseStatus }) => ({ url: name, status: responseStatus }));
    this.#pass(answers);
  }

  #pass(answers: readonly Answer[]) {
    const own = answers.filter(({ url }) => url.startsWith(`${location.origin}/`));
    if (own.length > 0)
      this.#tell(own.map(({ url, status }) => ({ url: url.slice(location.origin.length), status })));
  }

  #listen(within: Element) {
    const { signal } = this.#stops;
    const on = (name: 'load' | 'error', act: (url: string) => void) =>
      within.addEventListener(
        name,
        ({ target }) => target instanceof HTMLImageElement && act(target.src),
        // neither bubbles
        { capture: true, signal },
      );
    on('load', (url) => this.#pass([{ url, status: 200 }]));
    on('error', async (url) => {
      const status = await fetch(url, { signal }).then(
        // where it is to be had by now it is to be asked for again
        (answer) => (answer.ok ? 0 : answer.status),
        () => 0,
      );
      if (!signal.aborted) this.#pass([{ url, status }]);
    });
  }
}
