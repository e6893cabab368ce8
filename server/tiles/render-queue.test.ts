import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import type { RenderJob } from './render-queue.ts';
import { Busy, RenderQueue } from './render-queue.ts';
import { Urgency } from './urgency.ts';

const job = (x: number): RenderJob => ({
  tile: { z: 10, x, y: 0 },
  size: 256,
  blocks: [],
  refs: new Uint32Array(0),
});
const live = () => new AbortController().signal;
const background = () => new Urgency(false);
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A queue over a render whose jobs end when the test says so. */
function controlled(concurrency: number, limit: number) {
  const drawing: { x: number; finish(): void; fail(): void }[] = [];
  const queue = new RenderQueue({
    render: ({ tile }) => {
      const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
      drawing.push({
        x: tile.x,
        finish: () => resolve(Uint8Array.of(tile.x)),
        fail: () => reject(new Error('broken')),
      });
      return promise;
    },
    concurrency,
    limit,
  });
  return { queue, drawing, drawn: () => drawing.map(({ x }) => x) };
}

test('as many at once as there are threads, then the newest first', async () => {
  const { queue, drawing, drawn } = controlled(2, 10);
  const answers = [0, 1, 2, 3, 4].map((x) => queue.run(job(x), live()));
  assert.deepEqual(drawn(), [0, 1]);
  assert.deepEqual(queue.figures(), { running: 2, waiting: 3, background: 0 });
  drawing[0].finish();
  await turn();
  assert.deepEqual(drawn(), [0, 1, 4]);
  for (let at = 1; at < 5; at++) {
    drawing[at].finish();
    await turn();
  }
  assert.deepEqual(drawn(), [0, 1, 4, 3, 2]);
  assert.deepEqual(
    (await Promise.all(answers)).map(([x]) => x),
    [0, 1, 2, 3, 4],
  );
  assert.deepEqual(queue.figures(), { running: 0, waiting: 0, background: 0 });
});

test('a cancelled job leaves the queue, one being drawn is drawn to its end', async () => {
  const { queue, drawing, drawn } = controlled(1, 10);
  const gone = new AbortController();
  const first = queue.run(job(0), gone.signal);
  const second = queue.run(job(1), gone.signal);
  const third = queue.run(job(2), live());
  gone.abort(new Error('panned on'));
  await assert.rejects(second, /panned on/);
  drawing[0].finish();
  assert.deepEqual([...(await first)], [0]);
  await turn();
  assert.deepEqual(drawn(), [0, 2]);
  drawing[1].finish();
  assert.deepEqual([...(await third)], [2]);
});

test('a full queue refuses the oldest, saying when to come back', async () => {
  const { queue, drawing, drawn } = controlled(1, 2);
  const answers = [0, 1, 2, 3].map((x) => queue.run(job(x), live()));
  await assert.rejects(answers[1], (error) => error instanceof Busy && error.retryAfter >= 1);
  for (let at = 0; at < 3; at++) {
    drawing[at].finish();
    await turn();
  }
  assert.deepEqual(drawn(), [0, 3, 2]);
});

test('who has waited too long is told to come again, and then is the newest', async () => {
  const { queue, drawing, drawn } = controlled(1, 100);
  let later = 0;
  const now = performance.now.bind(performance);
  const clock = mock.method(performance, 'now', () => now() + later);
  try {
    void queue.run(job(0), live());
    const old = queue.run(job(1), live());
    const refused = assert.rejects(old, (error) => error instanceof Busy && error.retryAfter >= 1);
    // a newer one is there whenever a thread is free
    for (let x = 2; x < 8; x++) {
      later += 4000;
      void queue.run(job(x), live());
      drawing.at(-1)!.finish();
      await turn();
    }
    await refused;
    assert.deepEqual(drawn(), [0, 2, 3, 4, 5, 6, 7]);
    void queue.run(job(1), live());
    void queue.run(job(9), live(), background());
    drawing.at(-1)!.finish();
    await turn();
    assert.equal(drawn().at(-1), 1);
    // in the background nobody waits
    later += 60_000;
    drawing.at(-1)!.finish();
    await turn();
    assert.equal(drawn().at(-1), 9);
  } finally {
    clock.mock.restore();
  }
});

test('a render that fails fails its job and frees its thread', async () => {
  const { queue, drawing } = controlled(1, 2);
  const first = queue.run(job(0), live());
  const second = queue.run(job(1), live());
  drawing[0].fail();
  await assert.rejects(first, /broken/);
  await turn();
  drawing[1].finish();
  assert.deepEqual([...(await second)], [1]);
});

test('in the background all threads but one are used, in the order of asking', async () => {
  const { queue, drawing, drawn } = controlled(3, 10);
  for (const x of [0, 1, 2, 3]) void queue.run(job(x), live(), background());
  assert.deepEqual(drawn(), [0, 1]);
  assert.deepEqual(queue.figures(), { running: 2, waiting: 0, background: 2 });
  void queue.run(job(10), live());
  assert.deepEqual(drawn(), [0, 1, 10], 'a live one finds a thread free');
  drawing[0].finish();
  await turn();
  assert.deepEqual(drawn(), [0, 1, 10, 2]);
});

test('a live job waits for one background job at the most, also on one thread', async () => {
  for (const threads of [1, 2, 4]) {
    const { queue, drawing, drawn } = controlled(threads, 100);
    for (let x = 0; x < 20; x++) void queue.run(job(x), live(), background());
    for (let x = 100; x < 120; x++) void queue.run(job(x), live());
    const before = drawing.filter(({ x }) => x < 100).length;
    assert.ok(before <= Math.max(1, threads - 1));
    for (let at = 0; at < before + 20; at++) {
      drawing[at].finish();
      await turn();
    }
    // until the last live one had begun, no other background one did
    assert.equal(
      drawn()
        .slice(0, before + 20)
        .filter((x) => x >= 100).length,
      20,
      `${threads} threads`,
    );
  }
});

test('a background job becomes live when somebody waits for it', async () => {
  const { queue, drawing, drawn } = controlled(1, 10);
  const wanted = background();
  void queue.run(job(0), live(), background());
  void queue.run(job(1), live(), background());
  void queue.run(job(2), live(), wanted);
  wanted.raise();
  wanted.raise();
  assert.deepEqual(queue.figures(), { running: 1, waiting: 1, background: 1 });
  drawing[0].finish();
  await turn();
  assert.deepEqual(drawn(), [0, 2]);
});

test('background jobs are never refused as busy, and leave when aborted', async () => {
  const { queue, drawing, drawn } = controlled(1, 1);
  const gone = new AbortController();
  const jobs = [0, 1, 2, 3].map((x) => queue.run(job(x), x === 1 ? gone.signal : live(), background()));
  gone.abort(new Error('cancelled'));
  await assert.rejects(jobs[1], /cancelled/);
  for (let at = 0; at < 3; at++) {
    drawing[at].finish();
    await turn();
  }
  assert.deepEqual(drawn(), [0, 2, 3]);
  await Promise.all([jobs[0], jobs[2], jobs[3]]);
});
