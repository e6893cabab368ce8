import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Room } from './room.ts';

/** Something under way until it is told to end. */
function stay() {
  let end = (): void => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { end: () => end(), ended };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('what fits is let in together, the rest in its order, the too heavy alone', async () => {
  const room = new Room(10);
  const entered: string[] = [];
  const stays = new Map<string, ReturnType<typeof stay>>();
  const enter = (name: string, weight: number) => {
    const staying = stay();
    stays.set(name, staying);
    return room.within(weight, async () => {
      entered.push(name);
      await staying.ended;
    });
  };
  const all = [enter('a', 4), enter('b', 6), enter('heavy', 50), enter('c', 1), enter('d', 9)];
  await settled();
  assert.deepEqual(entered, ['a', 'b']);
  stays.get('a')!.end();
  await settled();
  assert.deepEqual(entered, ['a', 'b'], 'light ones do not pass the heavy one');
  stays.get('b')!.end();
  await settled();
  assert.deepEqual(entered, ['a', 'b', 'heavy']);
  stays.get('heavy')!.end();
  await settled();
  assert.deepEqual(entered, ['a', 'b', 'heavy', 'c', 'd']);
  for (const { end } of stays.values()) end();
  await Promise.all(all);
});

test('one that fails makes room too', async () => {
  const room = new Room(1);
  await assert.rejects(room.within(1, () => Promise.reject(new Error('failed'))));
  assert.equal(await room.within(1, async () => 'next'), 'next');
});
