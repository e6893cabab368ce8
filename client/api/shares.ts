import { ask, send } from '../api.ts';

/** A filter in the words of a query. */
export interface FilterWords {
  sport?: string;
  from?: string;
  to?: string;
  commute?: string;
  virtual?: string;
}

/** What a share shows, and what its visitors may. */
export interface ShareWords {
  name: string;
  filter: FilterWords;
  palette: { color?: string; gradient?: string };
  /** Whether visitors may filter further. */
  viewerFilters: boolean;
  /** Whether other sites may show it in a frame. */
  embed: boolean;
}

/** Times in Unix seconds. */
export interface Share extends ShareWords {
  id: string;
  createdAt: number;
  /** null: never. */
  expiresAt: number | null;
  lastUsedAt: number | null;
  views: number;
}

export interface MadeShare extends Share {
  /** Both are told this once. */
  key: string;
  url: string;
}

/** How many activities others see, and why not the others. */
export interface Sharing {
  shown: number;
  withinHidden: number;
  /** Still being made ready. */
  pending: number;
  hidden: number;
  notPublic: number;
  fromStravaApi: number;
}

export const fetchShares = async () => (await ask<{ shares: Share[] }>('/api/shares')).shares;

export const fetchSharing = () => ask<Sharing>('/api/sharing');

/** `expiresIn`: seconds from now; null: never. */
export const makeShare = (words: ShareWords & { expiresIn: number | null }) =>
  send<MadeShare>('POST', '/api/shares', words);

export const revokeShare = (id: string) => send<void>('DELETE', `/api/shares/${encodeURIComponent(id)}`);
