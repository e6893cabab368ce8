import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { consent } from '../strava/simulator/consent.ts';
import { freePort } from '../testing/free-port.ts';
import { until } from '../testing/until.ts';

test('the demo with a simulated Strava: consent, a map that fills, and an outing recorded meanwhile', async () => {
  const main = new URL('../main.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [main, 'demo', '--strava'], {
    env: { ...process.env, PORT: String(await freePort()), LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    let out = '';
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    const ended = once(child, 'close');
    while (!out.includes('Ctrl-C')) {
      const more = await Promise.race([once(child.stdout, 'data'), ended.then(() => null)]);
      assert.ok(more !== null, `it ended:\n${out}`);
    }
    const [origin, website] = out.match(/http:\/\/127\.0\.0\.1:\d+/g)!;

    const ask = (path: string, cookie = '') =>
      fetch(new URL(path, origin), { headers: { cookie }, redirect: 'manual' });
    const cookiesOf = (answer: Response) =>
      answer.headers
        .getSetCookie()
        .map((set) => set.split(';')[0])
        .join('; ');
    const begun = await ask('/auth/strava');
    const back = await consent(begun.headers.get('location')!);
    const signedIn = cookiesOf(await ask(back.href, cookiesOf(begun)));
    interface Listed {
      activities: { startedAt: number }[];
    }
    /** The latest ones, once there are some that `is` says. */
    const listed = async (is: (found: Listed['activities']) => boolean) => {
      let activities: Listed['activities'] = [];
      await until(async () => {
        ({ activities } = (await (await ask('/api/activities', signedIn)).json()) as Listed);
        return is(activities);
      }, 100);
      return activities;
    };
    const [latest] = await listed((found) => found.length > 0);
    await fetch(new URL('/record', website), { method: 'POST', redirect: 'manual' });
    await listed(([first]) => first.startedAt > latest.startedAt);

    child.kill('SIGINT');
    assert.deepEqual(await ended, [0, null]);
  } finally {
    child.kill('SIGKILL');
  }
});
