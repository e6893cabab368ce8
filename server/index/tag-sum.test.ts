import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../testing/fast-check.ts';
import { TagSum, writeTag } from './tag-sum.ts';

const tag = fc.uint8Array({ minLength: 16, maxLength: 16 });

test('tags add up modulo 2^128, in any order', () => {
  fc.assert(
    fc.property(fc.array(tag, { maxLength: 50 }), (tags) => {
      const lanes = new Uint32Array(tags.length * 4);
      for (const [at, bytes] of tags.entries()) writeTag(bytes, lanes, at * 4);
      const sum = new TagSum();
      for (let at = tags.length - 1; at >= 0; at--) sum.add(lanes, at * 4);
      const wanted = tags.reduce((total, bytes) => (total + number(bytes)) % 2n ** 128n, 0n);
      assert.equal(number(sum.bytes()), wanted);
      assert.equal(sum.count, tags.length);
    }),
  );
});

test('ten thousand of the largest tags carry right', () => {
  const lanes = new Uint32Array(4).fill(2 ** 32 - 1);
  const sum = new TagSum();
  for (let i = 0; i < 10_000; i++) sum.add(lanes, 0);
  assert.equal(number(sum.bytes()), (10_000n * (2n ** 128n - 1n)) % 2n ** 128n);
});

test('a tag of another length is refused', () => {
  assert.throws(() => writeTag(new Uint8Array(15), new Uint32Array(4), 0), RangeError);
});

/** Least significant byte first. */
function number(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).reverse().toString('hex') || '0'}`);
}
