/**
 * What an answer of Strava's that is none means for whoever asked:
 *
 * - `unauthorized`: the access token is worth nothing (any more)
 * - `scope`: the athlete did not allow it
 * - `dead_grant`: the refresh token is worth nothing: the athlete withdrew their consent
 * - `wrong_code`: the code of a sign-in was used before, or is too old
 * - `wrong_app`: the application's id or secret is not right
 * - `inactive`: Strava has switched the application off, for all athletes
 * - `gone`: there is no such thing (any more), or it has no streams
 * - `limited`: more was asked than Strava's limits allow
 * - `unavailable`: Strava is in trouble, slow, or its answer was broken off; later it may be another
 * - `refused`: anything else, which asking again does not mend
 */
export type FaultKind =
  | 'unauthorized'
  | 'scope'
  | 'dead_grant'
  | 'wrong_code'
  | 'wrong_app'
  | 'inactive'
  | 'gone'
  | 'limited'
  | 'unavailable'
  | 'refused';

/** An answer of Strava's that is none. Its message names no token, athlete or place. */
export class StravaFault extends Error {
  readonly kind: FaultKind;
  /** null: no whole answer came. */
  readonly status: number | null;
  constructor(
    kind: FaultKind,
    message: string,
    { status, cause }: { status?: number; cause?: unknown } = {},
  ) {
    super(`Strava: ${message}`, { cause });
    this.name = 'StravaFault';
    this.kind = kind;
    this.status = status ?? null;
  }
}

interface Complaint {
  resource: string;
  field: string;
  code: string;
}

/** What a status of 300 or more means, with the body that came with it, if that could be read. */
export function faultOf(status: number, body: unknown): StravaFault {
  const complaint = complaintOf(body);
  const { resource, field, code } = complaint;
  const told = [status, resource, field, code].filter((word) => word !== '').join(' ');
  return new StravaFault(kindOf(status, complaint), told, { status });
}

function kindOf(status: number, { resource, field, code }: Complaint): FaultKind {
  switch (status) {
    case 400:
      if (resource === 'RefreshToken') return 'dead_grant';
      if (field === 'code') return 'wrong_code';
      return field === 'client_id' || field === 'client_secret' ? 'wrong_app' : 'refused';
    case 401:
      return code === 'missing' ? 'scope' : 'unauthorized';
    case 403:
      return code === 'Inactive' ? 'inactive' : resource ? 'refused' : 'unavailable';
    case 404:
      return 'gone';
    case 429:
      return 'limited';
    default:
      return status >= 400 && status < 500 ? 'refused' : 'unavailable';
  }
}

/** The first of the body's complaints; empty words where it makes none. */
function complaintOf(body: unknown): Complaint {
  const { errors } = (body ?? {}) as { errors?: unknown };
  const [first] = Array.isArray(errors) ? errors : [];
  const word = (name: keyof Complaint) => {
    const value: unknown = first?.[name];
    // webhooks' complaints are sentences
    return typeof value === 'string' ? value.slice(0, 100) : '';
  };
  return { resource: word('resource'), field: word('field'), code: word('code') };
}
