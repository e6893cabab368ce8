import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seeded } from '../testing/sample-activities.ts';
import { ChunkTree } from './chunk-tree.ts';
import { sortAlongZOrder } from './z-order.ts';

const COUNT = 6000;
const random = seeded(1);
const bounds = new Int32Array((COUNT + 1) * 4);
for (let chunk = 1; chunk <= COUNT; chunk++) {
  const x = Math.floor(random() * 2 ** 30);
  const y = Math.floor(random() * 2 ** 30);
  bounds.set([x, y, x + Math.floor(random() * 2 ** 24), y + Math.floor(random() * 2 ** 24)], chunk * 4);
}
const ids = Uint32Array.from({ length: COUNT }, (_, at) => at + 1);
const sorted = sortAlongZOrder(
  ids,
  (id) => bounds[id * 4],
  (id) => bounds[id * 4 + 1],
);

test('sorting along the curve keeps every id, and neighbours are near', () => {
  assert.deepEqual(Uint32Array.from(sorted).sort(), ids);
  let step = 0;
  let anyStep = 0;
  for (let at = 1; at < COUNT; at++) {
    step += Math.abs(bounds[sorted[at] * 4] - bounds[sorted[at - 1] * 4]);
    anyStep += Math.abs(bounds[ids[at] * 4] - bounds[ids[at - 1] * 4]);
  }
  assert.ok(step < anyStep / 10);
});

test('a tree loaded in slices, added to and taken from finds what looking at every chunk finds', () => {
  const tree = new ChunkTree({ bounds });
  const there = new Set<number>();
  for (let from = 0; from < COUNT - 500; from += 1000) {
    const slice = Array.from(sorted.subarray(from, Math.min(from + 1000, COUNT - 500)));
    tree.load(slice);
    for (const id of slice) there.add(id);
  }
  for (const id of sorted.subarray(COUNT - 500)) {
    tree.insert(id);
    there.add(id);
  }
  for (let id = 1; id <= COUNT; id += 7) {
    tree.remove(id);
    there.delete(id);
  }
  for (let search = 0; search < 100; search++) {
    const minX = Math.floor(random() * 2 ** 30);
    const minY = Math.floor(random() * 2 ** 30);
    const side = Math.floor(random() * 2 ** 28);
    const area = { minX, minY, maxX: minX + side, maxY: minY + side };
    const reach = Math.floor(random() * 2 ** 22);
    const found = new Map<number, boolean>();
    tree.visit(area, reach, (id, inside) => {
      assert.ok(!found.has(id));
      found.set(id, inside);
      return true;
    });
    for (const id of there) {
      const [left, top, right, bottom] = bounds.subarray(id * 4, id * 4 + 4);
      const near =
        left <= area.maxX + reach &&
        right >= minX - reach &&
        top <= area.maxY + reach &&
        bottom >= minY - reach;
      const inside = left >= minX && right < area.maxX && top >= minY && bottom < area.maxY;
      assert.equal(found.get(id), near ? inside : undefined);
    }
  }
});

test('a visitor who has seen enough is left alone', () => {
  const tree = new ChunkTree({ bounds });
  tree.load(Array.from(ids));
  let visits = 0;
  tree.visit({ minX: 0, minY: 0, maxX: 2 ** 31, maxY: 2 ** 31 }, 0, () => ++visits < 10);
  assert.equal(visits, 10);
});
