import type { Choices } from '../../server/shares/facts.ts';
import { ask } from '../api.ts';
import type { ShareWords } from './shares.ts';

/** A map as whoever holds its link may see it, and what there is to choose where they may choose. */
export interface Shared extends Omit<ShareWords, 'embed'>, Choices {
  /** What the URLs of its tiles begin with. */
  tiles: string;
  /** Where most of it is; null: there is nothing. */
  view: { lng: number; lat: number; zoom: number } | null;
}

export const fetchShared = (key: string) => ask<Shared>(`/api/shared/${encodeURIComponent(key)}`);
