import { parseNumber, parseTime } from './xml.ts';

/**
 * What Pathglow's own export says of an activity beside its name, sport and points: attributes of one element among the
 * extensions of a GPX track. Its points were cleaned already, and are taken as they are.
 *
 *     <pathglow:activity provenance="upload" started="2024-05-31T07:12:00.500Z" elapsed="3600.5" … />
 */
export interface Kept {
  provenance: 'upload' | 'bulk_export' | 'strava_api';
  stravaId: string | null;
  /** Unix seconds. */
  startedAt: number | null;
  /** Seconds. */
  elapsed: number | null;
  /** Metres. */
  distance: number | null;
  commute: boolean;
  virtual: boolean;
  visibility: string;
  hidden: boolean;
  /** Only a rough outline of the recording. */
  outline: boolean;
}

export const KEPT_NAMESPACE = 'urn:pathglow:activity:1';

const PROVENANCES = ['upload', 'bulk_export', 'strava_api'] as const;
const VISIBILITY = /^[a-z_]{1,30}$/;

/** The attributes that say it; what is unknown or usual has none. */
export function keptAttributes(kept: Kept): Record<string, string> {
  const { provenance, stravaId, startedAt, elapsed, distance, visibility } = kept;
  const attributes: Record<string, string> = { provenance, visibility };
  if (stravaId !== null) attributes['strava-id'] = stravaId;
  if (startedAt !== null) attributes.started = new Date(startedAt * 1000).toISOString();
  if (elapsed !== null) attributes.elapsed = String(elapsed);
  if (distance !== null) attributes.distance = String(distance);
  for (const name of ['commute', 'virtual', 'hidden', 'outline'] as const) {
    if (kept[name]) attributes[name] = 'true';
  }
  return attributes;
}

/** Reads such attributes, from whomever: what cannot be is taken as unknown or usual. */
export function readKept(attributes: Record<string, string>): Kept {
  const { provenance, visibility = '', started = '' } = attributes;
  const stravaId = attributes['strava-id'] ?? '';
  const number = (text: string | undefined) => {
    const value = parseNumber(text);
    return value >= 0 && value < 1e9 ? value : null;
  };
  const startedAt = parseTime(started);
  return {
    provenance: PROVENANCES.find((one) => one === provenance) ?? 'upload',
    stravaId: /^\d{1,20}$/.test(stravaId) ? stravaId : null,
    startedAt: Number.isNaN(startedAt) ? null : startedAt,
    elapsed: number(attributes.elapsed),
    distance: number(attributes.distance),
    commute: attributes.commute === 'true',
    virtual: attributes.virtual === 'true',
    visibility: VISIBILITY.test(visibility) ? visibility : 'everyone',
    hidden: attributes.hidden === 'true',
    outline: attributes.outline === 'true',
  };
}
