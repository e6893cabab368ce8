import { ask } from '../api.ts';

export const OUTCOMES = ['added', 'merged', 'known', 'failed'] as const;

/**
 * `added`: an activity that was not here before; `merged`: another recording of one that was; `known`: nothing new;
 * `failed`: it could not be imported.
 */
export type Outcome = (typeof OUTCOMES)[number];

/** A file of an import. */
export interface ImportedFile {
  /** Empty: the import as a whole. */
  name: string;
  outcome: Outcome;
  /** Activities in it that were not here before. */
  added: number;
  /** Why it failed, or what of it could be passed over. */
  code: string | null;
  /** Why it failed, in words. */
  message: string | null;
  /** The first of its activities, if it is still here. */
  activity: {
    id: string;
    name: string | null;
    sport: string;
    /** Unix seconds. */
    startedAt: number | null;
    hasTrack: boolean;
  } | null;
}

export interface FilePage {
  files: ImportedFile[];
  /** Where the next page begins; null after the last one. */
  next: number | null;
  /** Of the whole import. */
  counts: Record<Outcome, number>;
}

/** In the order of finding; `outcome` null: all. */
export const fetchImportedFiles = (importId: string, outcome: Outcome | null, cursor: number | null) => {
  const asked = new URLSearchParams();
  if (outcome !== null) asked.set('outcome', outcome);
  if (cursor !== null) asked.set('cursor', String(cursor));
  return ask<FilePage>(`/api/imports/${encodeURIComponent(importId)}/files?${asked}`);
};
