import pg from 'pg';

export interface NoticeOptions {
  /** A PostgreSQL URL. */
  url: string;
  onRevision(athleteId: string, revision: string): void;
  /** An athlete was deleted; with an import's id, what was uploaded for that import has to go too. */
  onDeleted?(athleteId: string, importId: string | null): void;
  /** Listening again after a gap (and at first): notices may have been lost. */
  onResumed(): void;
  warn(message: string, details: Record<string, unknown>): void;
}

const FIRST_DELAY = 100;
const LONGEST_DELAY = 5000;

/**
 * Listens for the notices that every write of an athlete's activities sends (`revision`, "athleteId:revision") and
 * that deleting an athlete sends (`deleted`, "athleteId" or "athleteId:importId"), on a connection of its own that is
 * made anew whenever it breaks. Returns a function that ends it.
 */
export function listenForNotices(options: NoticeOptions): () => Promise<void> {
  const { url, onRevision, onDeleted, onResumed, warn } = options;
  let closed = false;
  let delay = FIRST_DELAY;
  let client: pg.Client | null = null;
  let timer: NodeJS.Timeout | undefined;

  const listen = async () => {
    const mine = new pg.Client({ connectionString: url, keepAlive: true });
    client = mine;
    // 'error' alone would end the process; 'end' follows it
    mine.on('error', (error) => warn('the connection for notices broke', { error: error.message }));
    mine.on('end', again);
    mine.on('notification', ({ channel, payload = '' }) => {
      const [athleteId, what] = payload.split(':');
      if (!/^\d+$/.test(athleteId)) return;
      if (channel === 'deleted') onDeleted?.(athleteId, what ?? null);
      else if (/^\d+$/.test(what ?? '')) onRevision(athleteId, what);
    });
    try {
      await mine.connect();
      await mine.query('listen deleted');
      await mine.query('listen revision');
    } catch (error) {
      await mine.end().catch(() => {});
      throw error;
    }
    delay = FIRST_DELAY;
    onResumed();
  };

  const again = () => {
    if (closed || timer) return;
    timer = setTimeout(() => {
      timer = undefined;
      start();
    }, delay);
    delay = Math.min(delay * 2, LONGEST_DELAY);
  };

  const start = () => {
    listen().catch((error) => {
      warn('no notices for now', { error: String(error) });
      again();
    });
  };

  start();
  return async () => {
    closed = true;
    clearTimeout(timer);
    await client?.end().catch(() => {});
  };
}
