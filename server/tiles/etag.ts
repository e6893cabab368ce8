/** The strong ETag of a coloured tile: its content's address and the palette that colours it. */
export function etagOf(address: string, paletteId: string): string {
  return `"${address}.${paletteId}"`;
}

/**
 * Whether a client's If-None-Match names this ETag: a list, weak or strong, or `*` (RFC 9110, 13.1.2: compared
 * weakly). Lists longer than any client of ours sends are taken for no match.
 */
export function isNotModified(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch === etag) return true;
  if (ifNoneMatch.length > 8192) return false;
  return ifNoneMatch.split(',').some((candidate) => {
    const tag = candidate.trim();
    return tag === '*' || tag === etag || tag === `W/${etag}`;
  });
}
