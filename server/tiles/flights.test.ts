import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Flights } from './flights.ts';
import type { Urgency } from './urgency.ts';

/** Work whose end the test decides. */
function controlled() {
  const starts: { signal: AbortSignal; land(value: string): void; crash(error: Error): void }[] = [];
  const start = (signal: AbortSignal) => {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    starts.push({ signal, land: resolve, crash: reject });
    return promise;
  };
  return { starts, start };
}

test('many askers, one flight, one answer', async () => {
  const flights = new Flights<string>();
  const { starts, start } = controlled();
  const answers = [1, 2, 3].map(() => flights.join('a', start));
  assert.equal(starts.length, 1);
  starts[0].land('picture');
  assert.deepEqual(await Promise.all(answers), ['picture', 'picture', 'picture']);
  assert.equal(flights.size, 0);
});

test('other keys fly on their own, and a landed key starts anew', async () => {
  const flights = new Flights<string>();
  const { starts, start } = controlled();
  const a = flights.join('a', start);
  const b = flights.join('b', start);
  starts[0].land('a');
  starts[1].land('b');
  assert.deepEqual([await a, await b], ['a', 'b']);
  flights.join('a', start);
  assert.equal(starts.length, 3);
});

test('a crash reaches every asker and is not kept', async () => {
  const flights = new Flights<string>();
  const { starts, start } = controlled();
  const answers = [flights.join('a', start), flights.join('a', start)];
  starts[0].crash(new Error('broken'));
  for (const answer of answers) await assert.rejects(answer, /broken/);
  const next = flights.join('a', start);
  starts[1].land('fine');
  assert.equal(await next, 'fine');
});

test('who goes away stops waiting at once; the others still get their answer', async () => {
  const flights = new Flights<string>();
  const { starts, start } = controlled();
  const gone = new AbortController();
  const left = flights.join('a', start, { signal: gone.signal });
  const stayed = flights.join('a', start, { signal: new AbortController().signal });
  gone.abort(new Error('panned on'));
  await assert.rejects(left, /panned on/);
  assert.equal(starts[0].signal.aborted, false);
  starts[0].land('picture');
  assert.equal(await stayed, 'picture');
});

test('when the last asker has gone the work is told, and the next asker does not join it', async () => {
  const flights = new Flights<string>();
  const { starts, start } = controlled();
  const gone = [new AbortController(), new AbortController()];
  const left = gone.map(({ signal }) => flights.join('a', start, { signal }));
  gone[0].abort(new Error('panned on'));
  assert.equal(starts[0].signal.aborted, false);
  gone[1].abort(new Error('panned on'));
  assert.equal(starts[0].signal.aborted, true);
  for (const answer of left) await assert.rejects(answer, /panned on/);
  const next = flights.join('a', start);
  assert.equal(starts.length, 2);
  starts[0].crash(new Error('cancelled'));
  starts[1].land('picture');
  assert.equal(await next, 'picture');
});

test('who has gone before asking starts nothing', async () => {
  const flights = new Flights<string>();
  const { starts, start } = controlled();
  await assert.rejects(flights.join('a', start, { signal: AbortSignal.abort(new Error('gone')) }), /gone/);
  assert.equal(starts.length, 0);
});

test('a live asker makes live what was begun in the background', async () => {
  const flights = new Flights<string>();
  const seen: Urgency[] = [];
  const landing = Promise.withResolvers<string>();
  const start = (_signal: AbortSignal, urgency: Urgency) => {
    seen.push(urgency);
    return landing.promise;
  };
  const first = flights.join('a', start, { background: true });
  const second = flights.join('a', start, { background: true });
  assert.equal(seen[0].live, false);
  const live = flights.join('a', start);
  assert.equal(seen[0].live, true);
  landing.resolve('picture');
  assert.deepEqual(await Promise.all([first, second, live]), ['picture', 'picture', 'picture']);
  assert.equal(seen.length, 1);
});
