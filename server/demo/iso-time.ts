/** As XML writes a moment (Unix seconds): in UTC, ending in Z. */
export function isoTime(unixSeconds: number): string {
  return new Date(unixSeconds * 1000).toISOString().replace('.000', '');
}
