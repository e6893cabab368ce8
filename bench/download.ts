import { type Agent, get } from 'node:http';

/** Milliseconds until the last byte of an answer has come. Rejects unless it is 200. */
export function download(url: string, agent: Agent): Promise<number> {
  const start = performance.now();
  return new Promise((resolve, reject) => {
    get(url, { agent }, (reply) => {
      if (reply.statusCode !== 200) reject(new Error(`${url} was answered ${reply.statusCode}`));
      reply
        .on('error', reject)
        .on('end', () => resolve(performance.now() - start))
        .resume();
    }).on('error', reject);
  });
}
