/** Requests fired by autocannon from a process of its own. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export interface Load {
  requests: { average: number };
  /** Milliseconds. */
  latency: { p50: number; p99: number };
  errors: number;
  non2xx: number;
}

export interface Fire {
  seconds: number;
  connections: number;
}

export async function fire(url: string, { seconds, connections }: Fire): Promise<Load> {
  const autocannon = fileURLToPath(new URL('../node_modules/autocannon/autocannon.js', import.meta.url));
  const args = ['-j', '-c', String(connections), '-d', String(seconds)];
  const { stdout } = await promisify(execFile)(process.execPath, [autocannon, ...args, url], {
    maxBuffer: 2 ** 24,
  });
  return JSON.parse(stdout) as Load;
}
