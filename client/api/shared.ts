import { ask } from '../api.ts';
import type { ShareWords } from './shares.ts';

/** A map as whoever holds its link may see it. */
export interface Shared extends Omit<ShareWords, 'embed'> {
  /** What the URLs of its tiles begin with. */
  tiles: string;
  /** Where most of it is; null: there is nothing. */
  view: { lng: number; lat: number; zoom: number } | null;
  /** What there is to choose from, most first. */
  sports: string[];
  /** YYYY-MM-DD. */
  firstDay: string | null;
  lastDay: string | null;
}

export const fetchShared = (key: string) => ask<Shared>(`/api/shared/${encodeURIComponent(key)}`);
