import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { packed } from './packed.ts';

/**
 * The server to pass requests on to while developing: `npm start` in one terminal, `npx vite client` in another. Sign in
 * at the server: its session holds for every port of the host. It is told its own origin, as it takes changes from no other.
 */
const SERVER = process.env.PATHGLOW_SERVER ?? 'http://127.0.0.1:8080';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [packed()],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    // nothing inlined as data: the page's content security policy is strict
    assetsInlineLimit: 0,
    // the map library is one large file, loaded beside the page's own
    chunkSizeWarningLimit: 1500,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: Object.fromEntries(
      ['/api', '/auth', '/tiles'].map((path) => [
        path,
        { target: SERVER, changeOrigin: true, headers: { origin: SERVER } },
      ]),
    ),
  },
});
