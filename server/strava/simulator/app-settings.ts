/** The application that asks, as its owner set it up at strava.com/settings/api. */
export interface AppSettings {
  clientId: string;
  clientSecret: string;
  /** A host without port; what is below it counts too. */
  callbackDomain: string;
  /** How many athletes may connect: 1 when new, 10 when its owner asked for it. */
  capacity: number;
  /** `inactive` when its owner's subscription has lapsed: signing in goes on, the API does not. */
  status: 'active' | 'inactive';
  limits: Limits;
}

/** Calls in a quarter of an hour, and in a day of UTC. */
export interface Limits {
  overall: readonly [quarter: number, day: number];
  read: readonly [quarter: number, day: number];
}

export const DEFAULT_LIMITS: Limits = { overall: [200, 2000], read: [100, 1000] };
/** After the owner raised the capacity to ten. */
export const UPGRADED_LIMITS: Limits = { overall: [400, 4000], read: [200, 2000] };

export const DEFAULT_APP: AppSettings = {
  clientId: '24523',
  clientSecret: '7a0c61e5d3f94b28a1b6c05e9d7f8342ab1c0de9',
  callbackDomain: 'localhost',
  capacity: 10,
  status: 'active',
  limits: DEFAULT_LIMITS,
};
