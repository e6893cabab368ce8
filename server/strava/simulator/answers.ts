/** What Strava says when it does not do as it is asked: the envelopes of its answers, as they were recorded. */

/** An answer that is not the usual one. A string is sent as it is, anything else as JSON. */
export interface Answer {
  status: number;
  body: unknown;
  headers?: Record<string, string>;
}

/** Thrown by a route: ends the request with that answer. */
export class Refused extends Error {
  readonly answer: Answer;
  constructor(answer: Answer) {
    super(`answered ${answer.status}`);
    this.name = 'Refused';
    this.answer = answer;
  }
}

const MESSAGES: Record<number, string> = {
  400: 'Bad Request',
  401: 'Authorization Error',
  403: 'Forbidden',
  429: 'Rate Limit Exceeded',
};

function envelope(status: number, resource: string, field: string, code: string): Answer {
  return { status, body: { message: MESSAGES[status], errors: [{ resource, field, code }] } };
}

/** Every answer of Strava's that says no, by what it means. */
export const ANSWERS = {
  unknownClient: envelope(400, 'Application', 'client_id', 'invalid'),
  missingClient: envelope(400, 'Application', 'client_id', 'missing'),
  wrongRedirect: envelope(400, 'Application', 'redirect_uri', 'invalid'),
  wrongScope: envelope(400, 'Authorize', 'scope', 'invalid'),
  wrongResponseType: envelope(400, 'Authorize', 'response_type', 'invalid'),
  wrongCode: envelope(400, 'AuthorizationCode', 'code', 'invalid'),
  /** As it was called until 2023. */
  wrongCodeOfOld: envelope(400, 'RequestToken', 'code', 'invalid'),
  wrongGrantType: envelope(400, 'Application', 'grant_type', 'invalid'),
  deadRefreshToken: envelope(400, 'RefreshToken', 'refresh_token', 'invalid'),
  future: (field: string) => envelope(400, 'Application', field, 'future'),
  invalid: (field: string) => envelope(400, 'Application', field, 'invalid'),
  callbackNot200: envelope(
    400,
    'PushSubscription',
    'callback url',
    'GET to callback URL does not return 200',
  ),
  callbackNotVerifiable: envelope(400, 'PushSubscription', 'callback url', 'not verifiable'),
  alreadySubscribed: envelope(400, 'PushSubscription', '', 'already exists'),
  /** The access token is expired, or was never one. */
  wrongToken: envelope(401, 'Athlete', 'access_token', 'invalid'),
  missingScope: envelope(401, 'AccessToken', 'activity:read_permission', 'missing'),
  /** The token is another app's, or was revoked; or the app's secret is wrong. */
  wrongApp: envelope(401, 'Application', '', 'invalid'),
  inactiveApp: envelope(403, 'Application', 'Status', 'Inactive'),
  noRecord: { status: 404, body: { message: 'Record Not Found', errors: [] } },
  noResource: { status: 404, body: { message: 'Resource Not Found', errors: [] } },
  nothing: { status: 404, body: '' },
  tooMany: envelope(429, 'Application', 'rate limit', 'exceeded'),
  broken: { status: 500, body: { message: 'error' } },
  /** Not by Strava's servers but by what stands before them. */
  badGateway: {
    status: 502,
    body: '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n',
    headers: { 'content-type': 'text/html' },
  },
  emptyBody: { status: 200, body: '' },
} as const satisfies Record<string, Answer | ((field: string) => Answer)>;
