import type { Basemap } from './basemap.ts';

/** What the page may load, by directive of the Content-Security-Policy header. */
export type ContentSecurity = Record<string, string[]>;

const GOOGLE = ['https://*.googleapis.com', 'https://*.gstatic.com', 'https://*.google.com'];

/**
 * Nothing but this server, unless the map below comes from elsewhere. Google's script is let in where its map is
 * wanted, as Google's guide to this header asks: with a nonce for the styles that it writes into the page.
 */
export function contentSecurity(basemap: Basemap, withGoogle: boolean): ContentSecurity {
  const elsewhere = basemap.kind === 'land' ? [] : [new URL(basemap.url.replace(/[{}]/g, '')).origin];
  // a style names further hosts for its tiles, letters and signs
  if (basemap.kind === 'style') elsewhere.push('https:');
  const google = withGoogle ? GOOGLE : [];
  return {
    'default-src': ["'self'"],
    'script-src': ["'self'", ...google, ...(withGoogle ? ['blob:', "'wasm-unsafe-eval'"] : [])],
    'style-src': ["'self'", ...(withGoogle ? ['https://fonts.googleapis.com'] : [])],
    'worker-src': ["'self'", ...(withGoogle ? ['blob:'] : [])],
    'img-src': [
      "'self'",
      'data:',
      'blob:',
      ...elsewhere,
      ...google,
      ...(withGoogle ? ['https://*.googleusercontent.com'] : []),
    ],
    'connect-src': ["'self'", ...elsewhere, ...google, ...(withGoogle ? ['data:', 'blob:'] : [])],
    ...(withGoogle && { 'font-src': ["'self'", 'https://fonts.gstatic.com'] }),
    ...(withGoogle && { 'frame-src': ['https://*.google.com'] }),
    'object-src': ["'none'"],
    'base-uri': ["'none'"],
    'form-action': ["'self'"],
    'frame-ancestors': ["'none'"],
  };
}
