import { ask, send } from '../api.ts';

/** A key that opens its owner's whole map to programs. Times in Unix seconds. */
export interface OwnerKey {
  id: string;
  name: string;
  createdAt: number;
  /** null: never. */
  lastUsedAt: number | null;
}

export interface MadeKey extends OwnerKey {
  /** Told this once. */
  key: string;
}

export const fetchKeys = async () => (await ask<{ keys: OwnerKey[] }>('/api/keys')).keys;

export const makeKey = (name: string) => send<MadeKey>('POST', '/api/keys', { name });

export const renameKey = (id: string, name: string) => send<void>('PATCH', pathOf(id), { name });

export const revokeKey = (id: string) => send<void>('DELETE', pathOf(id));

const pathOf = (id: string) => `/api/keys/${encodeURIComponent(id)}`;
