/** The key of the share whose page this is, by its path; null: the page is its athlete's own. */
export function shareKeyOf(path: string): string | null {
  return /^\/s\/([^/]+)\/?$/.exec(path)?.[1] ?? null;
}
