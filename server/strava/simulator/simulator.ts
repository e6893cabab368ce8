/** A Strava on this machine: website, OAuth and both spellings of the API, over one made-up world. */
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { Accounts } from './accounts.ts';
import type { NewActivity } from './activity.ts';
import { apiRoutes } from './api-routes.ts';
import { type AppSettings, DEFAULT_APP } from './app-settings.ts';
import type { SimulatedAthlete } from './athlete.ts';
import { type Call, Calls } from './calls.ts';
import { type Clock, type ManualClock, manualClock } from './clock.ts';
import { type Consent, consent } from './consent.ts';
import { deauthorized, eventOf } from './events.ts';
import { Faults } from './faults.ts';
import { Grants } from './grants.ts';
import { oauthRoutes } from './oauth-routes.ts';
import { RateLimits } from './rate-limits.ts';
import { makeStravaServer } from './server.ts';
import { Webhooks } from './webhooks.ts';
import { websiteRoutes } from './website-routes.ts';
import type { Choices, World } from './world.ts';

export interface SimulatorOptions<C extends Clock = ManualClock> {
  /** Default: one that tests move. */
  clock?: C;
  seed?: number;
  /** Ports of 127.0.0.1: of the website, and of the API without prefix. Default: free ones. */
  ports?: [number, number];
  app?: Partial<AppSettings>;
  athletes?: (Partial<SimulatedAthlete> & { activities?: Iterable<NewActivity> })[];
  choices?: Partial<Choices>;
  /** Milliseconds for which a new code is not known yet. Default: none. */
  codeDelay?: number;
  checksPkce?: boolean;
  rotates?: boolean;
  /** Told of each call once it is answered, before the answer is sent. */
  onAnswer?: (call: Call) => void;
  /** What athletes record when they press the button on the website. Default: nothing. */
  outings?: Iterator<NewActivity>;
}

export interface Simulator<C extends Clock = ManualClock> {
  /** Of all URLs: without a slash at the end. */
  url: string;
  websiteUrl: string;
  oauthUrl: string;
  apiUrl: string;
  /** The API without prefix, which takes tokens only as a header: as it is to be from June 2027. */
  newApiUrl: string;
  clock: C;
  /** May be changed at any time. */
  app: AppSettings;
  choices: Choices;
  athletes: readonly SimulatedAthlete[];
  faults: Faults;
  calls: Calls;
  limits: RateLimits;
  webhooks: Webhooks;
  grants: Grants;
  accounts: Accounts;
  /** Answers its id. */
  addActivity(athleteId: number, activity: NewActivity): number;
  editActivity(id: number, change: NewActivity): void;
  removeActivity(id: number): void;
  /** As the athlete does at strava.com/settings/apps. */
  deauthorize(athleteId: number): void;
  /** Goes through consent as a browser does; answers where it is sent back to. Rejects if it is not. */
  consent(authorizeUrl: string, decision?: Consent): Promise<URL>;
  close(): Promise<void>;
}

export async function startSimulator<C extends Clock = ManualClock>(
  options: SimulatorOptions<C> = {},
): Promise<Simulator<C>> {
  const clock = options.clock ?? (manualClock() as unknown as C);
  const app: AppSettings = { ...DEFAULT_APP, ...options.app };
  const webhooks = new Webhooks(clock);
  const { seed = 1, codeDelay = 0, checksPkce = false, rotates = true } = options;
  const grants = new Grants(clock, { seed, codeDelay, checksPkce, rotates });
  const accounts = new Accounts(clock, (change) => {
    const { athleteId } = (change.after ?? change.before)!;
    const grant = grants.of(athleteId);
    const event = grant && eventOf(change, grant.scopes, clock.now());
    if (event) webhooks.send(event);
  });
  for (const { activities = [], ...athlete } of options.athletes ?? [{}]) {
    const { id } = accounts.join(athlete);
    for (const activity of activities) accounts.add(id, activity);
  }
  const choices: Choices = {
    signedIn: accounts.athletes[0]?.id ?? 0,
    autoApprove: false,
    afterOrder: 'oldest',
    tokenParameters: true,
    ...options.choices,
  };
  let websiteUrl = '';
  const world: World = {
    clock,
    app,
    accounts,
    grants,
    webhooks,
    choices,
    limits: new RateLimits(app, clock),
    faults: new Faults(),
    calls: new Calls(),
    onAnswer: options.onAnswer ?? (() => {}),
    deauthorize(athleteId) {
      if (!grants.of(athleteId)) return;
      grants.end(athleteId);
      webhooks.send(deauthorized(athleteId, clock.now()));
    },
    websiteUrl: () => websiteUrl,
  };

  const www = makeStravaServer(world);
  await www.register(oauthRoutes, { world });
  await www.register(apiRoutes, {
    world,
    prefix: '/api/v3',
    tokenParameters: () => choices.tokenParameters,
  });
  await www.register(websiteRoutes, { world, outings: options.outings ?? [].values() });
  const next = makeStravaServer(world);
  await next.register(apiRoutes, { world, tokenParameters: () => false });
  const [port, nextPort] = options.ports ?? [0, 0];
  websiteUrl = await listen(www, port);
  const newApiUrl = await listen(next, nextPort);

  return {
    url: websiteUrl,
    websiteUrl,
    oauthUrl: `${websiteUrl}/oauth`,
    apiUrl: `${websiteUrl}/api/v3`,
    newApiUrl,
    clock,
    app,
    choices,
    athletes: accounts.athletes,
    faults: world.faults,
    calls: world.calls,
    limits: world.limits,
    webhooks,
    grants,
    accounts,
    addActivity: (athleteId, activity) => accounts.add(athleteId, activity).id,
    editActivity: (id, change) => accounts.edit(id, change),
    removeActivity: (id) => accounts.remove(id),
    deauthorize: (athleteId) => world.deauthorize(athleteId),
    consent,
    async close() {
      await Promise.all([www.close(), next.close()]);
      await webhooks.idle();
    },
  };
}

async function listen(server: FastifyInstance, port: number): Promise<string> {
  await server.listen({ host: '127.0.0.1', port });
  return `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
}
