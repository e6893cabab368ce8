import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Busy } from '../tiles/render-queue.ts';
import { Turns } from './turns.ts';

const MINUTE = 60_000;
const stays = () => new AbortController().signal;

/** Asks for a turn; `log` is told when it has come. */
function asked(turns: Turns, name: string, log: string[], signal = stays()) {
  const turn = turns.take(signal);
  turn.then(
    () => log.push(name),
    () => log.push(`not ${name}`),
  );
  return turn;
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('those who wait have their turn in the order they came, so many at once', async () => {
  const turns = new Turns({ atOnce: 2, limit: 9, patience: MINUTE });
  const log: string[] = [];
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => asked(turns, name, log));
  await settled();
  assert.deepEqual(log, ['a', 'b']);
  const endA = await a;
  endA();
  await settled();
  assert.deepEqual(log, ['a', 'b', 'c']);
  endA();
  await settled();
  assert.deepEqual(log, ['a', 'b', 'c'], 'a turn ends once');
  (await b)();
  await settled();
  assert.deepEqual(log, ['a', 'b', 'c', 'd']);
  (await c)();
  (await d)();
  const again = ['e', 'f'].map((name) => asked(turns, name, log));
  for (const turn of again) (await turn)();
});

test('who leaves the line is passed over, also in the moment in which a turn ends', async () => {
  const turns = new Turns({ atOnce: 1, limit: 2, patience: MINUTE });
  const log: string[] = [];
  const [second, third] = [new AbortController(), new AbortController()];
  const a = asked(turns, 'a', log);
  asked(turns, 'b', log, second.signal).catch(() => {});
  await settled();
  second.abort();
  await settled();
  assert.deepEqual(log, ['a', 'not b']);
  asked(turns, 'c', log, third.signal).catch(() => {});
  const d = asked(turns, 'd', log);
  const end = await a;
  third.abort();
  end();
  await settled();
  assert.deepEqual(log.slice(2).sort(), ['d', 'not c']);
  (await d)();
  await assert.rejects(turns.take(AbortSignal.abort(new Error('left before'))), /left before/);
  (await asked(turns, 'e', log))();
});

test('a long line is joined by nobody, and nobody waits in it for ever', async () => {
  const turns = new Turns({ atOnce: 1, limit: 1, patience: 1 });
  const end = await turns.take(stays());
  await Promise.all([turns.take(stays()), turns.take(stays())].map((waits) => assert.rejects(waits, Busy)));
  end();
  (await turns.take(stays()))();
});
