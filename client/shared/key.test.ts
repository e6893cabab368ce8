import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shareKeyOf } from './key.ts';

test('the path says whether the page is a shared one', () => {
  assert.equal(shareKeyOf('/s/abcDEF123'), 'abcDEF123');
  assert.equal(shareKeyOf('/s/abcDEF123/'), 'abcDEF123');
  assert.equal(shareKeyOf('/'), null);
  assert.equal(shareKeyOf('/s/'), null);
  assert.equal(shareKeyOf('/s/a/preview.png'), null);
});
