import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import Fastify from 'fastify';
import { DIST } from './page.ts';
import { viewerRoutes } from './viewer.ts';

const skip = !existsSync(DIST);

async function viewer() {
  const app = Fastify();
  await app.register(viewerRoutes, {
    basemap: { kind: 'land' },
    googleMapsKey: null,
    version: '1',
    signInByLink: async () => false,
  });
  return app;
}

test('page and assets are sent packed to those who can unpack them', { skip }, async (t) => {
  const app = await viewer();
  t.after(() => app.close());
  const plain = await app.inject('/');
  assert.equal(plain.headers['content-encoding'], undefined);
  const [, script] = /src="(\/assets\/[^"]+\.js)"/.exec(plain.body)!;
  for (const url of ['/', script]) {
    const { rawPayload: whole, headers: told } = await app.inject(url);
    for (const [encoding, unpack] of [
      ['gzip', gunzipSync],
      ['br', brotliDecompressSync],
    ] as const) {
      const { headers, rawPayload } = await app.inject({ url, headers: { 'accept-encoding': encoding } });
      assert.equal(headers['content-encoding'], encoding);
      assert.match(String(headers.vary), /accept-encoding/i);
      assert.deepEqual(
        [headers['content-type'], headers['cache-control']],
        [told['content-type'], told['cache-control']],
      );
      assert.ok(rawPayload.length < whole.length / 1.5);
      assert.deepEqual(unpack(rawPayload), whole);
    }
  }
});

test('what is named by its content is kept for ever, the page is asked for again', { skip }, async (t) => {
  const app = await viewer();
  t.after(() => app.close());
  const page = await app.inject('/');
  const [, script] = /src="(\/assets\/[^"]+\.js)"/.exec(page.body)!;
  assert.equal(page.headers['cache-control'], 'no-cache');
  assert.match(String((await app.inject(script)).headers['cache-control']), /immutable/);
});
