import { AthleteIndex } from './athlete-index.ts';
import { Slices } from './slices.ts';
import type { Store, StoredActivity } from './stored.ts';
import { openActivity, openGeometry, readActivities, readChanges, readCoarse, readFine } from './stored.ts';

/** Where an athlete's tracks come from. */
export interface Source extends Store {
  /** The athlete's data key. */
  key: Buffer;
  /** Told of each track that cannot be opened or is damaged; the others are drawn without it. */
  onDamaged(activityId: string, error: unknown): void;
}

const COARSE_ROWS = 200;
// About 20 kB a row: what the driver parses in one go should stay within some milliseconds.
const FINE_ROWS = 24;

/**
 * An index with all coarse parts: enough for the zooms whose tiles take longest to find otherwise. It stands at
 * the athlete's revision read first; what was written while it loaded is caught up with like any later change.
 */
export async function loadCoarse(source: Source, revision: string): Promise<AthleteIndex> {
  const index = new AthleteIndex(revision);
  const slices = new Slices();
  let rows = await readCoarse(source, '0', COARSE_ROWS);
  while (rows.length > 0) {
    // the next rows are on their way while these are opened
    const next =
      rows.length < COARSE_ROWS ? [] : ahead(readCoarse(source, rows.at(-1)!.activityId, COARSE_ROWS));
    await takeAll(source, rows, slices, (row) => index.append(openActivity(source.key, row)));
    rows = await next;
  }
  for (const _ of index.plant('coarse')) await slices.pause();
  return index;
}

/** The fine parts of everything in the index; what has changed since the coarse part was read is left to `catchUp`. */
export async function loadFine(source: Source, index: AthleteIndex): Promise<void> {
  const ids = index.withoutFine();
  const slices = new Slices();
  const read = (from: number) => ahead(readFine(source, ids.slice(from, from + FINE_ROWS)));
  let next = ids.length > 0 ? read(0) : Promise.resolve([]);
  for (let from = 0; from < ids.length; from += FINE_ROWS) {
    const rows = await next;
    if (from + FINE_ROWS < ids.length) next = read(from + FINE_ROWS);
    await takeAll(source, rows, slices, ({ activityId, tag, fine }) =>
      index.appendFine(activityId, tag, openGeometry(source.key, fine)),
    );
  }
  for (const _ of index.plant('fine')) await slices.pause();
}

/**
 * Brings the index to the athlete's present revision: activities in the order of their last change, then those
 * removed. Returns how many changed; null when the athlete is gone, `outdated` when the index holds public geometry
 * that was cut before what the athlete hides has changed: it is not to be used any more.
 */
export async function catchUp(source: Source, index: AthleteIndex): Promise<number | 'outdated' | null> {
  const changes = await readChanges(source, index.revision);
  if (!changes) return null;
  if (source.geometry === 'public' && BigInt(changes.hidingRevision) > BigInt(index.revision))
    return 'outdated';
  const slices = new Slices();
  for (const activityId of changes.removed) index.remove(activityId);
  for (let from = 0; from < changes.changed.length; from += FINE_ROWS) {
    const ids = changes.changed.slice(from, from + FINE_ROWS);
    const drawn = new Map((await readActivities(source, ids)).map((row) => [row.activityId, row]));
    for (const activityId of ids) if (!drawn.has(activityId)) index.remove(activityId);
    await takeAll(source, [...drawn.values()], slices, (row) => update(source, index, row));
  }
  index.revision = changes.revision;
  return changes.changed.length + changes.removed.length;
}

/** Geometry that did not change need not be opened again when only the name or the sport did. */
function update({ key }: Source, index: AthleteIndex, row: StoredActivity) {
  if (index.relabel(row)) return;
  // first, as what follows may find the new geometry damaged
  index.remove(row.activityId);
  index.add(openActivity(key, row));
}

/** Lets a read run ahead: should it fail before it is awaited, that is no unhandled rejection. */
function ahead<Rows>(read: Promise<Rows>): Promise<Rows> {
  read.catch(() => {});
  return read;
}

async function takeAll<Row extends { activityId: string }>(
  source: Source,
  rows: Row[],
  slices: Slices,
  take: (row: Row) => void,
): Promise<void> {
  for (const row of rows) {
    try {
      take(row);
    } catch (error) {
      source.onDamaged(row.activityId, error);
    }
    await slices.pause();
  }
}
