import type { SharedCounts } from '../../server/shares/facts.ts';
import type { Share, ShareWords } from '../../server/shares/shares.ts';
import { ask, send } from '../api.ts';

export type { SharedCounts } from '../../server/shares/facts.ts';
export type { ShareLook } from '../../server/shares/look.ts';
export type { FilterWords, Share, ShareWords } from '../../server/shares/shares.ts';

export interface MadeShare extends Share {
  /** Both are told this once. */
  key: string;
  url: string;
}

export const fetchShares = async () => (await ask<{ shares: Share[] }>('/api/shares')).shares;

export const fetchSharing = () => ask<SharedCounts>('/api/sharing');

/** `expiresIn`: seconds from now; null: never. */
export const makeShare = (words: ShareWords & { expiresIn: number | null }) =>
  send<MadeShare>('POST', '/api/shares', words);

/** Without `expiresIn` it ends when it would have. In force everywhere once it is answered. */
export const changeShare = (id: string, words: ShareWords & { expiresIn?: number | null }) =>
  send<Share>('PATCH', pathOf(id), words);

export const revokeShare = (id: string) => send<void>('DELETE', pathOf(id));

const pathOf = (id: string) => `/api/shares/${encodeURIComponent(id)}`;
