import type { GradientFault } from '../../server/heat/gradient.ts';
import type { ErrorCode } from '../../server/http/errors.ts';
import type { Problem } from '../../server/strava/problems.ts';

/** What the server says against a request, by its code; for a code that is not here the server's own words are shown. */
export const FAULTS: Record<string, string | undefined> = {
  bad_request: 'The request is not understood.',
  foreign_origin: 'Requests that change something have to come from the page itself.',
  foreign_host: 'This server does not answer under that name.',
  signed_out: 'Please sign in.',
  no_admin: 'This is for the operator, who has a token.',
  wrong_password: 'That is not the password.',
  not_found: 'There is nothing here.',
  too_slow: 'The request took too long to arrive.',
  not_connected: 'This map is not connected with Strava.',
  too_many: 'There are as many of these as there may be. Please remove one first.',
  too_large: 'That is more than this server takes at once.',
  unsupported_media: 'That is not a form of upload this server takes.',
  headers_too_large: 'The headers of the request are longer than this server takes.',
  too_many_requests: 'Too many attempts. Please wait a minute.',
  busy: 'The server is busy. Please try again in a moment.',
  disk_full: 'The disk of the server is full.',
  internal: 'Something went wrong on the server.',
} satisfies Record<ErrorCode, string>;

/** Why nothing is read from Strava. */
export const STRAVA_PROBLEMS: Record<string, string | undefined> = {
  scope:
    'Strava does not let Pathglow see your activities. Connect again and leave the box for activities ticked.',
  reconnect: 'The connection to Strava is lost. Please connect again; nothing of your map is.',
  other_app: 'The operator has registered another application at Strava. Please connect again.',
  unauthorized:
    'Strava refuses the connection for now. It is tried again; connecting again may mend it at once.',
  unavailable: 'Strava does not answer as it should. It is tried again by itself.',
  refused: 'Strava refuses what was asked. It is tried again later; please tell the operator.',
  internal: 'Something went wrong on this server. It is tried again by itself.',
  inactive:
    'Strava has switched the application off: its owner needs an active Strava subscription. The operator can reactivate it at strava.com/settings/api.',
  wrong_app:
    'Strava does not know the application. The operator has to check STRAVA_CLIENT_ID and STRAVA_CLIENT_SECRET.',
} satisfies Record<Problem, string>;

/** What is wrong with somebody's own colours, with the parts of them that are. */
export const GRADIENT_FAULTS: Record<GradientFault, (...parts: string[]) => string> = {
  empty: () => 'There is no colour yet.',
  too_long: () => 'That is more colours than can be told apart: 32 at most.',
  mixed: () => 'Either every colour has a count before it, or none has.',
  shrinking: (visits, before) => `Counts must grow: ${visits} comes after ${before}.`,
  no_count: (text) => `“${text}” is not a count of visits.`,
  no_colour: (text) => `“${text}” is not a colour: write it as f80, ff8800 or ff8800cc.`,
};
