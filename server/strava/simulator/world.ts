import type { Accounts } from './accounts.ts';
import type { AppSettings } from './app-settings.ts';
import type { Call, Calls } from './calls.ts';
import type { Clock } from './clock.ts';
import type { Faults } from './faults.ts';
import type { Grants } from './grants.ts';
import type { RateLimits } from './rate-limits.ts';
import type { Webhooks } from './webhooks.ts';

/** All that the simulator's servers share. */
export interface World {
  clock: Clock;
  app: AppSettings;
  accounts: Accounts;
  grants: Grants;
  limits: RateLimits;
  webhooks: Webhooks;
  faults: Faults;
  calls: Calls;
  onAnswer(call: Call): void;
  choices: Choices;
  /** Ends an athlete's connection from Strava's side, and tells the app. */
  deauthorize(athleteId: number): void;
  /** Where the website is, without a slash at the end. */
  websiteUrl(): string;
}

/** What of Strava's behaviour is not settled, or changes on a known day. */
export interface Choices {
  /** Whose browser it is that comes to the website: the one who is signed in there. */
  signedIn: number;
  /** Consents at once, to everything, without a page. */
  autoApprove: boolean;
  /** The order of a list that has nothing but `after`. */
  afterOrder: 'oldest' | 'newest';
  /** Whether a token is taken as a parameter; from June 2027 only as a header. */
  tokenParameters: boolean;
}
