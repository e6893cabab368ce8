/** Every error a client can be told of: its status and its words. */
export const CATALOGUE = {
  bad_request: [400, 'The request is not understood.'],
  foreign_origin: [403, 'Requests that change something have to come from the page itself.'],
  foreign_host: [421, 'This server does not answer under that name.'],
  signed_out: [401, 'Please sign in.'],
  no_admin: [401, 'This is for the operator, who has a token.'],
  wrong_password: [401, 'That is not the password.'],
  not_found: [404, 'There is nothing here.'],
  too_slow: [408, 'The request took too long to arrive.'],
  not_connected: [409, 'This map is not connected with Strava.'],
  too_many: [409, 'There are as many of these as there may be. Please remove one first.'],
  too_large: [413, 'That is more than this server takes at once.'],
  unsupported_media: [415, 'That is not a form of upload this server takes.'],
  headers_too_large: [431, 'The headers of the request are longer than this server takes.'],
  too_many_requests: [429, 'Too many attempts. Please wait a minute.'],
  busy: [503, 'The server is busy. Please try again in a moment.'],
  disk_full: [507, 'The disk of the server is full.'],
  internal: [500, 'Something went wrong on the server.'],
} as const satisfies Record<string, readonly [number, string]>;

export type ErrorCode = keyof typeof CATALOGUE;
