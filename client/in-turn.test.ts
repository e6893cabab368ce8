import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inTurn } from './in-turn.ts';

/** Questions that are answered one by one, by the test. */
function asked() {
  const open: PromiseWithResolvers<void>[] = [];
  const ask = inTurn(() => {
    open.push(Promise.withResolvers());
    return open.at(-1)!.promise;
  });
  return { open, ask };
}

test('however often it is asked meanwhile, there is one more question, after the first', async () => {
  const { open, ask } = asked();
  const first = ask();
  const others = Array.from({ length: 40 }, ask);
  assert.equal(open.length, 1);
  assert.equal(new Set(others).size, 1);
  open[0].resolve();
  await first;
  assert.equal(open.length, 2);
  const later = ask();
  assert.notEqual(later, others[0]);
  open[1].resolve();
  await Promise.all(others);
  open[2].resolve();
  await later;
  assert.equal(open.length, 3);
});

test('a question that fails holds up none after it', async () => {
  const { open, ask } = asked();
  const [first, second] = [ask(), ask()];
  open[0].reject(new Error('no answer'));
  await assert.rejects(first);
  await Promise.resolve();
  open[1].resolve();
  await second;
  ask();
  assert.equal(open.length, 3);
});
