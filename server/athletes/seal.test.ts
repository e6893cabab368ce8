import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { deriveKey, open, SealError, seal } from './seal.ts';

const key = randomBytes(32);

test('what was sealed opens with its key and context, and twice the same is never the same', () => {
  for (const length of [0, 1, 16, 100_000]) {
    const plain = randomBytes(length);
    const sealed = seal(key, plain, 'source');
    assert.deepEqual(open(key, sealed, 'source'), plain);
    assert.notDeepEqual(seal(key, plain, 'source'), sealed);
    if (length > 16) assert.equal(sealed.indexOf(plain.subarray(0, 16)), -1);
  }
});

test('another key, another context, a changed or missing byte: a SealError, never wrong bytes', () => {
  const sealed = seal(key, Buffer.from('somewhere'), 'source');
  assert.throws(() => open(randomBytes(32), sealed, 'source'), SealError);
  assert.throws(() => open(key, sealed, 'geometry'), SealError);
  for (let at = 0; at < sealed.length; at++) {
    const changed = Buffer.from(sealed);
    changed[at] ^= 1;
    assert.throws(() => open(key, changed, 'source'), SealError);
    assert.throws(() => open(key, sealed.subarray(0, at), 'source'), SealError);
  }
});

test('derived keys differ by purpose and by what they are made from', () => {
  const keys = [deriveKey(key, 'a'), deriveKey(key, 'b'), deriveKey(randomBytes(32), 'a')];
  assert.equal(new Set(keys.map((one) => one.toString('hex'))).size, 3);
  assert.deepEqual(deriveKey(key, 'a'), keys[0]);
});
