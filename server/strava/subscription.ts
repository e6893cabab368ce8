import { createHmac } from 'node:crypto';
import type { Knex } from 'knex';
import { type Answer, ask } from './ask.ts';
import type { Budget } from './budget.ts';
import { faultOf } from './faults.ts';

export interface SubscriptionDeps {
  db: Knex;
  budget: Budget;
  clientId: string;
  clientSecret: string;
  apiUrl: string;
  /** Where Strava is to tell of news; null: there is no webhook. */
  callbackUrl: string | null;
  /** What it has to repeat. */
  verifyToken: string;
}

/** Strava's one push subscription of an application. */
export interface Subscription {
  id: string;
  callbackUrl: string;
}

/** What is repeated in the handshake: made from the webhook's secret, and telling nothing of it. */
export function verifyTokenOf(secret: string): string {
  return createHmac('sha256', secret).update('verify').digest('base64url');
}

/** The subscription whose news are believed; null where none was made here. */
export async function subscriptionId(db: Knex, clientId: string): Promise<string | null> {
  const row = await db('strava_apps').where({ client_id: clientId }).first('subscription_id');
  return row?.subscription_id ?? null;
}

/** Has Strava tell of news, in exchange for a handshake with the running server. Throws StravaFault with its words. */
export async function createSubscription(deps: SubscriptionDeps): Promise<string> {
  if (deps.callbackUrl === null) throw new Error('STRAVA_WEBHOOK_SECRET and PUBLIC_URL have to be set.');
  const answer = await call(deps, 'POST', '', {
    callback_url: deps.callbackUrl,
    verify_token: deps.verifyToken,
  });
  const { id } = (answer.body ?? {}) as { id?: unknown };
  await remember(deps, String(id));
  return String(id);
}

export async function listSubscriptions(deps: SubscriptionDeps): Promise<Subscription[]> {
  const { body } = await call(deps, 'GET', '');
  const rows = Array.isArray(body) ? (body as { id?: unknown; callback_url?: unknown }[]) : [];
  return rows.map(({ id, callback_url }) => ({ id: String(id), callbackUrl: String(callback_url ?? '') }));
}

/** Deletes what there is; answers the ids. From then on lists are read more often. */
export async function deleteSubscriptions(deps: SubscriptionDeps): Promise<string[]> {
  const ids = (await listSubscriptions(deps)).map(({ id }) => id);
  for (const id of ids) await call(deps, 'DELETE', `/${encodeURIComponent(id)}`);
  await remember(deps, null);
  return ids;
}

async function call(
  { budget, apiUrl, clientId, clientSecret }: SubscriptionDeps,
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  form: Record<string, string> = {},
): Promise<Answer> {
  const credentials = { client_id: clientId, client_secret: clientSecret };
  const granted = await budget.take('news');
  const url = `${apiUrl}/push_subscriptions${path}`;
  const answer =
    method === 'POST'
      ? await ask(url, { method, form: { ...credentials, ...form } })
      : await ask(`${url}?${new URLSearchParams(credentials)}`, { method });
  await budget.note(answer.headers, granted);
  if (answer.status >= 300) throw faultOf(answer.status, answer.body);
  return answer;
}

async function remember({ db, clientId }: SubscriptionDeps, id: string | null): Promise<void> {
  await db('strava_apps').where({ client_id: clientId }).update({ subscription_id: id });
}
