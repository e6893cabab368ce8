import { setTimeout as sleep } from 'node:timers/promises';

/** Asks a server as its operator, as often as one likes: who is told to come again, for having asked too often, does. */
export function operatorOf(token: string) {
  return async function ask(origin: string, method: string, path: string, body?: object) {
    const headers: Record<string, string> = { authorization: `Bearer ${token}` };
    if (body) headers['content-type'] = 'application/json';
    for (;;) {
      const answer = await fetch(origin + path, { method, headers, body: body && JSON.stringify(body) });
      const text = await answer.text();
      if (answer.status !== 429) return { status: answer.status, body: text ? JSON.parse(text) : null };
      await sleep(Number(answer.headers.get('retry-after')) * 1000);
    }
  };
}
