import { createHmac } from 'node:crypto';
import type { Bounds } from '../geo/tile.ts';
import { cleanTrack } from '../tracks/clean.ts';
import { encodeTrack } from '../tracks/codec.ts';
import type { Kept } from '../tracks/kept.ts';
import { type Levels, makeLevels, packGeometry } from '../tracks/levels.ts';
import type { RawActivity, Track } from '../tracks/recording.ts';
import type { ExportRow } from '../tracks/strava-export.ts';

/** Where an activity came from. */
export type Provenance = 'upload' | 'bulk_export' | 'strava_api';

/** What is drawn of a track, ready to be sealed and stored. */
export interface Drawing {
  /** Packed geometry of the coarse levels and of the fine ones. */
  coarse: Uint8Array;
  fine: Uint8Array;
  /** Keyed 128-bit digest of both, unpacked: what a tile's address is summed from. */
  tag: Uint8Array;
  bounds: Bounds;
}

/** One activity, made from one recording, with all that costs time to make already made. */
export interface Prepared {
  digest: Uint8Array;
  provenance: Provenance;
  sport: string;
  name: string | null;
  /** Unix seconds. */
  startedAt: number | null;
  /** Seconds. */
  elapsed: number | null;
  /** Metres. */
  distance: number | null;
  commute: boolean;
  virtual: boolean;
  visibility: string;
  stravaId: string | null;
  /** Not to be drawn; false where it is left out. */
  hidden?: boolean;
  /** Only a rough outline, until the whole recording is read from Strava. */
  outline?: boolean;
  pointCount: number;
  /** The encoded track; null when nothing was recorded but that it took place (indoors, by hand). */
  source: Uint8Array | null;
  drawing: Drawing | null;
}

/** What is known of an activity beside its recording. */
export interface About {
  digest: Uint8Array;
  /** Keys the tags of this athlete's tracks. */
  tagKey: Uint8Array;
  provenance: Provenance;
  row?: ExportRow;
}

/** The word for a sport that nobody named. */
export const UNKNOWN_SPORT = 'Workout';

/** Cleans a recording and makes everything of it that is stored. What the export's row says wins over the file. */
export function prepare(raw: RawActivity, about: About): Prepared {
  const { row } = about;
  const track = cleanTrack(raw);
  const sport = row?.sport ?? raw.sport ?? UNKNOWN_SPORT;
  const prepared: Prepared = {
    ...basics(about),
    sport,
    name: row?.name ?? raw.name,
    startedAt: track.startedAt ?? raw.startedAt ?? row?.startedAt ?? null,
    elapsed: track.elapsed ?? row?.elapsed ?? null,
    distance: track.distance > 0 ? track.distance : (row?.distance ?? null),
    virtual: raw.virtual || isVirtual(sport),
    pointCount: track.pointCount,
    source: track.pointCount > 0 ? encodeTrack(track) : null,
    drawing: draw(track, about.tagKey),
  };
  return raw.kept && !row ? { ...prepared, ...asKept(raw.kept, prepared) } : prepared;
}

/** What an export of our own says is what was there: what came from Strava's API is still that. */
function asKept(kept: Kept, { distance }: Prepared): Partial<Prepared> {
  const { provenance, stravaId, commute, virtual, visibility, hidden, outline } = kept;
  const known = { provenance, stravaId, commute, virtual, visibility, hidden, outline };
  return { ...known, distance: kept.distance ?? distance };
}

/** An activity of which only the row in the export is left: written by hand, or its file is gone. */
export function prepareRow(row: ExportRow, about: Omit<About, 'row' | 'tagKey'>): Prepared {
  const sport = row.sport ?? UNKNOWN_SPORT;
  return {
    ...basics({ ...about, row }),
    sport,
    name: row.name,
    startedAt: row.startedAt,
    elapsed: row.elapsed,
    distance: row.distance,
    virtual: isVirtual(sport),
    pointCount: 0,
    source: null,
    drawing: null,
  };
}

/** Everything drawn of a track; null when it has no line. */
export function draw(track: Track, tagKey: Uint8Array): Drawing | null {
  const { bounds, ...levels } = makeLevels(track);
  return bounds && { ...drawn(levels, tagKey), bounds };
}

/** The levels of a track as they are stored. */
export function drawn({ coarse, fine }: Omit<Levels, 'bounds'>, tagKey: Uint8Array): Omit<Drawing, 'bounds'> {
  const tag = createHmac('sha256', tagKey).update(coarse).update(fine).digest().subarray(0, 16);
  return { coarse: packGeometry(coarse), fine: packGeometry(fine), tag };
}

function basics({ digest, provenance, row }: Omit<About, 'tagKey'>) {
  return {
    digest,
    provenance,
    commute: row?.commute ?? false,
    visibility: 'everyone',
    stravaId: row?.activityId ?? null,
  };
}

function isVirtual(sport: string): boolean {
  return sport.startsWith('Virtual');
}
