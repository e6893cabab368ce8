/**
 * A process of its own that asks for one URL again and again at a steady rate, whether answers come or not. Arguments:
 * the URL, requests a second, and for how many seconds. It sends how long each took, in milliseconds; an answer other
 * than 200 ends it.
 */
import { fork } from 'node:child_process';
import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { download } from './download.ts';

if (process.send && process.argv[1] === fileURLToPath(import.meta.url)) {
  const [url, rate, seconds] = process.argv.slice(2);
  process.send(await ask(url, Number(rate), Number(seconds)), () => process.disconnect());
}

/** How long each request took, asked from another process. */
export function askSteadily(
  url: string,
  { rate, seconds }: { rate: number; seconds: number },
): Promise<number[]> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), [url, String(rate), String(seconds)]);
    child.on('message', (times) => resolve(times as number[]));
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`the client ended with code ${code}`)));
  });
}

async function ask(url: string, rate: number, seconds: number): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 10 });
  const times: Promise<number>[] = [];
  const start = performance.now();
  while (times.length < rate * seconds) {
    await sleep(Math.max(1, start + (1000 * times.length) / rate - performance.now()));
    times.push(download(url, agent));
  }
  const all = await Promise.all(times);
  agent.destroy();
  // the first answers pay for connections
  return all.slice(20);
}
