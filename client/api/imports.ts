import type { FilePage, Outcome } from '../../server/activities/import-outcomes.ts';
import { ask } from '../api.ts';

export type { ListedFile, Outcome } from '../../server/activities/import-outcomes.ts';

/** In the order of finding; `outcome` null: all. */
export const fetchImportedFiles = (importId: string, outcome: Outcome | null, cursor: number | null) => {
  const asked = new URLSearchParams();
  if (outcome !== null) asked.set('outcome', outcome);
  if (cursor !== null) asked.set('cursor', String(cursor));
  return ask<FilePage>(`/api/imports/${encodeURIComponent(importId)}/files?${asked}`);
};
