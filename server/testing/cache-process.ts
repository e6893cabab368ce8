/**
 * A process of its own that fills a tile cache on disk until it is killed, or has written as much as it was told:
 * the path of the file, and how many entries of 5000 bytes. It sends the number of each entry that it can read again,
 * and each warning.
 */
import { DiskStore } from '../tiles/disk-store.ts';
import { madeUpBytes } from './made-up-bytes.ts';

const [path, count] = process.argv.slice(2);
const store = new DiskStore({
  path,
  limit: 2 ** 30,
  warn: (message) => process.send?.({ warning: message }),
});
for (let at = 0; at < Number(count); at++) {
  await store.set(`tile ${at}`, { value: madeUpBytes(5000, at) });
  if (await store.get(`tile ${at}`)) process.send?.({ kept: at });
}
process.disconnect();
