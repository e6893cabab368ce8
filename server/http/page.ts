import { readFile } from 'node:fs/promises';

/** The viewer as it was built: its page and assets. */
export const DIST = new URL('../../client/dist/', import.meta.url);

/** What is answered in the page's place before it is built, with status 503. */
export const NOT_BUILT = 'The viewer is not built yet. Please run: npm run build\n';

/**
 * The page; with the nonces of one answer where Google's map is offered, whose script gives those of the page's own
 * script and style to whatever it adds.
 */
export async function readPage(nonce?: { script: string; style: string }): Promise<string> {
  const page = await readFile(new URL('index.html', DIST), 'utf8');
  if (!nonce) return page;
  return page
    .replace('<script ', `<script nonce="${nonce.script}" `)
    .replace('<link rel="stylesheet" ', `<link rel="stylesheet" nonce="${nonce.style}" `);
}
