/** What the status of an answer to a request for a tile means, whichever map asked. */

/** After which a tile that failed is asked for again. */
export const RETRY_MS = 2000;

/** Whether the tile may come later: the server is busy or away, or there was no answer at all (0). */
export function isTemporary(status: number): boolean {
  return status === 0 || status === 429 || status >= 500;
}

/** Whether nobody is signed in any more, or the map is not shared any more. */
export function meansSignedOut(status: number): boolean {
  return status === 401 || status === 404;
}
