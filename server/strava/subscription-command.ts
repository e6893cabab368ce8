import { NotNow } from './budget.ts';
import { StravaFault } from './faults.ts';
import {
  createSubscription,
  deleteSubscriptions,
  listSubscriptions,
  type SubscriptionDeps,
} from './subscription.ts';

export const SUBSCRIPTION_ACTIONS = ['create', 'show', 'delete'] as const;
export type SubscriptionAction = (typeof SUBSCRIPTION_ACTIONS)[number];

/** What an operator is told of what they had done; not `done` when Strava, or this server, would not. */
export interface SubscriptionReport {
  done: boolean;
  message: string;
}

/** Does what the operator asks of the webhook's subscription, and says in words what came of it. */
export async function changeSubscription(
  deps: SubscriptionDeps,
  action: SubscriptionAction,
): Promise<SubscriptionReport> {
  if (action === 'create' && deps.callbackUrl === null) {
    return { done: false, message: 'STRAVA_WEBHOOK_SECRET and PUBLIC_URL have to be set first.' };
  }
  try {
    return { done: true, message: await perform(deps, action) };
  } catch (error) {
    if (error instanceof NotNow) return { done: false, message: `Strava cannot be asked: ${error.message}` };
    if (!(error instanceof StravaFault)) throw error;
    return { done: false, message: `${error.message}${adviceOn(error)}` };
  }
}

async function perform(deps: SubscriptionDeps, action: SubscriptionAction): Promise<string> {
  switch (action) {
    case 'create':
      return `Strava tells of news from now on (subscription ${await createSubscription(deps)}).`;
    case 'show': {
      const all = await listSubscriptions(deps);
      if (all.length === 0) return 'There is no subscription: lists are read every quarter of an hour.';
      // its address holds the secret
      return all.map(({ id, callbackUrl }) => `Subscription ${id} at ${originOf(callbackUrl)}`).join('\n');
    }
    case 'delete': {
      const ids = await deleteSubscriptions(deps);
      return ids.length === 0 ? 'There was no subscription.' : `Deleted ${ids.join(', ')}.`;
    }
  }
}

function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : 'an unknown address';
}

function adviceOn({ kind, message }: StravaFault): string {
  if (kind === 'inactive') return "\nThe application's owner needs an active Strava subscription.";
  if (/already exists/.test(message)) return '\nDelete the one there is first.';
  if (kind === 'refused')
    return '\nStrava has to reach PUBLIC_URL by HTTPS, past any login or bot protection.';
  return '';
}
