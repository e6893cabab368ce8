import { ask, send } from '../api.ts';

/** Degrees, metres. */
export interface Circle {
  lng: number;
  lat: number;
  radius: number;
}

export interface Zone extends Circle {
  id: string;
  name: string;
}

/** A place that no zone covers, and how many activities begin or end there. */
export interface Suggestion extends Circle {
  activities: number;
}

/** Metres of each activity that others do not see. */
export interface HiddenEnds {
  hideFirst: number;
  hideLast: number;
}

export const fetchZones = async () => (await ask<{ zones: Zone[] }>('/api/zones')).zones;

export const fetchSuggestions = async () =>
  (await ask<{ suggestions: Suggestion[] }>('/api/zones/suggestions')).suggestions;

/** Without an id it is made, else changed. */
export const saveZone = ({ id, ...words }: Omit<Zone, 'id'> & { id: string | null }) =>
  id === null
    ? send<Zone>('POST', '/api/zones', words)
    : send<Zone>('PATCH', `/api/zones/${encodeURIComponent(id)}`, words);

export const deleteZone = (id: string) => send<void>('DELETE', `/api/zones/${encodeURIComponent(id)}`);

export const fetchHiddenEnds = () => ask<HiddenEnds>('/api/me/privacy');

export const saveHiddenEnds = (ends: HiddenEnds) => send<HiddenEnds>('PATCH', '/api/me/privacy', ends);
