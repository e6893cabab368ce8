/** A whole server beside a simulated Strava, on one clock that tests move. */
import type { Clock } from '../strava/clock.ts';
import type { Consent } from '../strava/simulator/consent.ts';
import { type Simulator, type SimulatorOptions, startSimulator } from '../strava/simulator/simulator.ts';
import { type TestServer, testServer } from './app.ts';
import { until } from './until.ts';

export interface StravaServer extends TestServer {
  strava: Simulator;
  /**
   * Goes through consent as a browser does, with its cookies so far; answers where it is sent in the end, and its
   * cookie after that.
   */
  connect(
    as?: { cookie?: string; private?: boolean } & Consent,
  ): Promise<{ location: string; cookie: string }>;
  /** What `GET` of a path answers somebody. */
  json<T = Record<string, unknown>>(cookie: string, path: string): Promise<T>;
  /** Waits until everything that is due is done. */
  settled(): Promise<void>;
}

export const CLIENT = { STRAVA_CLIENT_ID: '24523', STRAVA_CLIENT_SECRET: 'the-secret-of-these-tests' };

/** Work is looked for this often while a clock stands: in milliseconds of the world. */
const SOON = 20;

export function clockOf(strava: Simulator): Clock {
  return { now: () => strava.clock.now(), until: (moment) => (moment <= strava.clock.now() ? 0 : SOON) };
}

/** The settings by which a server finds a simulated Strava. */
export function settingsFor(strava: Simulator): NodeJS.ProcessEnv {
  return {
    ...CLIENT,
    STRAVA_ATHLETE_LIMIT: '10',
    STRAVA_API_URL: strava.apiUrl,
    STRAVA_OAUTH_URL: strava.oauthUrl,
    STRAVA_WEBSITE_URL: strava.websiteUrl,
  };
}

export async function stravaServer(
  simulated: SimulatorOptions = {},
  env: NodeJS.ProcessEnv = {},
): Promise<StravaServer> {
  const strava = await startSimulator({
    ...simulated,
    app: {
      clientId: CLIENT.STRAVA_CLIENT_ID,
      clientSecret: CLIENT.STRAVA_CLIENT_SECRET,
      callbackDomain: '127.0.0.1',
      ...simulated.app,
    },
  });
  // the machine that tests run on may be busy with others
  strava.webhooks.patience = 60_000;
  let server: TestServer;
  try {
    server = await testServer({ ...settingsFor(strava), ...env }, { clock: clockOf(strava) });
  } catch (error) {
    await strava.close();
    throw error;
  }
  const get = (path: string, cookie = '') =>
    fetch(path.startsWith('http') ? path : server.origin + path, { redirect: 'manual', headers: { cookie } });
  return {
    ...server,
    strava,
    async connect({ cookie = '', private: isPrivate, ...decision } = {}) {
      const wish = isPrivate === undefined ? '' : `?private=${isPrivate}`;
      const begun = await get(`/auth/strava${wish}`, cookie);
      const cookies = [cookie, ...begun.headers.getSetCookie().map((set) => set.split(';')[0])];
      const back = await strava.consent(begun.headers.get('location')!, decision);
      const ended = await get(back.href, cookies.filter(Boolean).join('; '));
      const session = ended.headers.getSetCookie().find((set) => /^pathglow_\d+=/.test(set));
      return { location: ended.headers.get('location')!, cookie: session?.split(';')[0] ?? cookie };
    },
    json: async (cookie, path) => (await get(path, cookie)).json(),
    settled: () => until(() => server.app.strava!.run(new AbortController().signal)),
    async close() {
      await server.close();
      await strava.close();
    },
  };
}

/** Holds back Strava's next answer to what is named so (`METHOD /path`), from when it is `asked` until it is `letGo`. */
export function hold(strava: Simulator, name: RegExp) {
  const { promise, resolve: letGo } = Promise.withResolvers<void>();
  const answered = () => strava.calls.matching(name).filter(({ status }) => status > 0).length;
  const before = answered();
  strava.faults.add(name, { kind: 'held', until: promise }, 1);
  return { letGo, asked: () => until(() => answered() > before) };
}
