/**
 * The thread that owns the disk cache's SQLite file, so that no checkpoint or slow disk holds up a request.
 * A file that SQLite calls damaged, or another version's, is thrown away and begun anew: it is only a cache.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { StatementSync } from 'node:sqlite';
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';

export interface DiskWorkerData {
  path: string;
  /** Bytes the file may take. */
  limit: number;
}

export type DiskRequest =
  | { id: number; op: 'get' | 'has' | 'delete'; key: string }
  | { id: number; op: 'set'; key: string; value: Uint8Array }
  | { id: number; op: 'clear' | 'close' };

export interface DiskAnswer {
  id: number;
  value?: Uint8Array | null;
  error?: string;
  /** What is kept takes so many bytes, as of the last write. */
  bytes: number;
  /** The file was damaged and has been begun anew. */
  renewed?: string;
}

const VERSION = 1;
/** Uses are noted this many at a time, or this many milliseconds after the first. */
const NOTED_AT_ONCE = 500;
const NOTED_AFTER = 2000;
/** Entries evicted at once: some milliseconds. */
const EVICTED_AT_ONCE = 64;
/** What is evicted goes on until this share of the limit is free. */
const SLACK = 0.03;

// SQLite's result codes for a file that is damaged, or no database at all
const CORRUPT = new Set([11, 26]);

const { path, limit } = workerData as DiskWorkerData;
const port = parentPort!;

let store: Store | null = null;
let bytes = 0;
let used = new Set<string>();
let noting: NodeJS.Timeout | undefined;

interface Store {
  database: DatabaseSync;
  get: StatementSync;
  has: StatementSync;
  set: StatementSync;
  delete: StatementSync;
  use: StatementSync;
  evict: StatementSync;
  pages: StatementSync;
}

port.on('message', (request: DiskRequest) => {
  const answer: Omit<DiskAnswer, 'bytes'> = { id: request.id };
  try {
    answer.value = perform(request);
  } catch (error) {
    if (CORRUPT.has(codeOf(error))) answer.renewed = renew(error);
    else answer.error = String(error);
  }
  port.postMessage(
    { ...answer, bytes } satisfies DiskAnswer,
    answer.value ? [answer.value.buffer as ArrayBuffer] : [],
  );
  if (request.op === 'close') port.close();
});

function perform(request: DiskRequest): Uint8Array | null {
  if (request.op === 'close') {
    noteUses();
    store?.database.close();
    store = null;
    return null;
  }
  if (!store) {
    store = open();
    bytes = sizes(store.pages).live;
  }
  switch (request.op) {
    case 'get': {
      const row = store.get.get(request.key);
      if (row) use(request.key);
      return row ? (row.value as Uint8Array) : null;
    }
    case 'has': {
      const there = store.has.get(request.key) !== undefined;
      if (there) use(request.key);
      return there ? new Uint8Array(1) : null;
    }
    case 'set':
      store.set.run(request.key, request.value, Date.now());
      evict(store);
      return null;
    case 'delete':
      store.delete.run(request.key);
      return null;
    case 'clear':
      store.database.exec('delete from tiles');
      return null;
  }
}

function open(): Store {
  mkdirSync(dirname(path), { recursive: true });
  const database = new DatabaseSync(path, { timeout: 1000 });
  try {
    database.exec('pragma auto_vacuum = incremental; pragma journal_mode = wal; pragma synchronous = normal');
    database.exec('pragma journal_size_limit = 4194304');
    const { user_version: version } = database.prepare('pragma user_version').get()!;
    if (version !== 0 && version !== VERSION)
      throw Object.assign(new Error('another version'), { errcode: 26 });
    database.exec(`
      create table if not exists tiles (address text not null unique, value blob not null, used integer not null);
      create index if not exists tiles_used on tiles (used);
      pragma user_version = ${VERSION}`);
    return {
      database,
      get: database.prepare('select value from tiles where address = ?'),
      has: database.prepare('select 1 from tiles where address = ?'),
      set: database.prepare(
        `insert into tiles (address, value, used) values (?, ?, ?)
         on conflict (address) do update set value = excluded.value, used = excluded.used`,
      ),
      delete: database.prepare('delete from tiles where address = ?'),
      use: database.prepare('update tiles set used = ? where address = ?'),
      evict: database.prepare(
        `delete from tiles where rowid in (select rowid from tiles order by used limit ${EVICTED_AT_ONCE})`,
      ),
      pages: database.prepare(
        `select page_count * page_size as total, (page_count - freelist_count) * page_size as live
         from pragma_page_count, pragma_freelist_count, pragma_page_size`,
      ),
    };
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Least recently used first, until there is room again. */
function evict({ evict, pages, database }: Store) {
  let { live, total } = sizes(pages);
  bytes = live;
  if (live <= limit && total <= limit) return;
  while (live > limit * (1 - SLACK)) {
    // what was just read must not look old
    noteUses();
    if (evict.run().changes === 0) break;
    ({ live, total } = sizes(pages));
  }
  bytes = live;
  // the limit was lowered since the file grew
  if (total > limit) database.exec('pragma incremental_vacuum(256)');
}

function sizes(pages: StatementSync): { live: number; total: number } {
  return pages.get() as { live: number; total: number };
}

function use(key: string) {
  used.add(key);
  if (used.size >= NOTED_AT_ONCE) noteUses();
  else noting ??= setTimeout(noteUses, NOTED_AFTER).unref();
}

function noteUses() {
  clearTimeout(noting);
  noting = undefined;
  if (!store || used.size === 0) return;
  const keys = used;
  used = new Set();
  const now = Date.now();
  try {
    store.database.exec('begin');
    for (const key of keys) store.use.run(now, key);
    store.database.exec('commit');
  } catch {
    // when it was used is only a hint; what is wrong shows at the next write
    try {
      store.database.exec('rollback');
    } catch {}
  }
}

/** Throws the damaged file away; the next request begins a new one. */
function renew(cause: unknown): string {
  try {
    store?.database.close();
  } catch {}
  store = null;
  bytes = 0;
  used.clear();
  for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
  return String(cause);
}

function codeOf(error: unknown): number {
  const code = (error as { errcode?: unknown }).errcode;
  // extended codes carry the plain one in their low byte
  return typeof code === 'number' ? code & 0xff : -1;
}
