import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeUrlKey } from '../athletes/url-keys.ts';
import { withoutSecrets } from './logging.ts';

test('nothing that opens something is logged of any URL, and the rest of it is', () => {
  const key = makeUrlKey();
  for (const [url, logged] of [
    [`/tiles/token/${key}/11/1085/712@2x.png?hot=8`, '/tiles/token/…/11/1085/712@2x.png?hot=8'],
    [`/tiles/token/${key}/tile.json`, '/tiles/token/…/tile.json'],
    [`/tiles/token/${key}/wmts?sport=Ride`, '/tiles/token/…/wmts?sport=Ride'],
    ['/tiles/token/almost-a-key/wmts', '/tiles/token/…/wmts'],
    [`/tiles/%74oken/${key}/0/0/0.png`, '/tiles/%74oken/…/0/0/0.png'],
    [`/s/${key}`, '/s/…'],
    ['/webhooks/strava/a-secret?hub.verify_token=x&a=1', '/webhooks/strava/…?hub.verify_token=…&a=1'],
    ['/auth/strava/callback?state=a&code=b&scope=read', '/auth/strava/callback?state=…&code=…&scope=read'],
    [`/?key=${key}&other=1`, '/?key=…&other=1'],
    ['/tiles/me/11/1085/712.png', '/tiles/me/11/1085/712.png'],
  ]) {
    assert.equal(withoutSecrets(url), logged);
  }
});
