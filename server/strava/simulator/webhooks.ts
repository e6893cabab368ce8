/** The app's one subscription, and how events come to its callback. */
import { ANSWERS, Refused } from './answers.ts';
import type { Clock } from './clock.ts';
import type { WebhookEvent } from './events.ts';

const ATTEMPTS = 3;
const RETRY_AFTER = 120_000;

export interface Subscription {
  id: number;
  callbackUrl: string;
  /** Unix milliseconds. */
  createdAt: number;
}

export interface Delivery {
  event: WebhookEvent;
  attempt: number;
  /** null: no answer in time. */
  status: number | null;
}

export class Webhooks {
  /** Whether each event is sent twice. */
  duplicates = false;
  /** Within which a callback has to answer: real milliseconds, as it is a real server. */
  patience = 2000;
  readonly deliveries: Delivery[] = [];
  readonly #clock: Clock;
  readonly #underWay = new Set<Promise<void>>();
  #subscription: Subscription | null = null;
  #nextId = 131_300;
  #toLose = 0;
  #held: WebhookEvent[] | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get subscription(): Subscription | null {
    return this.#subscription;
  }

  /** Subscribes a callback once it has echoed a challenge. Throws Refused. */
  async create(callbackUrl: string, verifyToken: string): Promise<Subscription> {
    if (this.#subscription) throw new Refused(ANSWERS.alreadySubscribed);
    const challenge = (this.#nextId * 2_654_435_761).toString(16);
    await shakeHands(callbackUrl, { verifyToken, challenge, patience: this.patience });
    if (this.#subscription) throw new Refused(ANSWERS.alreadySubscribed);
    this.#subscription = { id: this.#nextId++, callbackUrl, createdAt: this.#clock.now() };
    return this.#subscription;
  }

  /** Ends a subscription; false where there is none of that id. */
  remove(id: number): boolean {
    if (this.#subscription?.id !== id) return false;
    this.#subscription = null;
    return true;
  }

  /** The next events are never sent. */
  lose(events: number): void {
    this.#toLose += events;
  }

  /** Keeps events back from now on, until they are released, in another order if so wished. */
  hold(): void {
    this.#held ??= [];
  }

  release({ reversed = false } = {}): void {
    const held = this.#held ?? [];
    this.#held = null;
    for (const event of reversed ? held.reverse() : held) this.send(event);
  }

  send(event: WebhookEvent): void {
    if (!this.#subscription) return;
    if (this.#toLose > 0) {
      this.#toLose--;
      return;
    }
    if (this.#held) {
      this.#held.push(event);
      return;
    }
    this.#start(event, 1);
    if (this.duplicates) this.#start(event, 1);
  }

  /** Until nothing is being sent; a retry that waits for the clock does not count. */
  async idle(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  #start(event: WebhookEvent, attempt: number): void {
    const sending = this.#attempt(event, attempt).finally(() => this.#underWay.delete(sending));
    this.#underWay.add(sending);
  }

  async #attempt(event: WebhookEvent, attempt: number): Promise<void> {
    const subscription = this.#subscription;
    if (!subscription) return;
    const sent = { ...event, subscription_id: subscription.id };
    const status = await post(subscription.callbackUrl, sent, this.patience);
    this.deliveries.push({ event, attempt, status });
    if (status === 200 || attempt === ATTEMPTS) return;
    this.#clock.after(RETRY_AFTER, () => this.#start(event, attempt + 1));
  }
}

/** Throws Refused with what Strava says of callbacks that do not answer as they should. */
async function shakeHands(
  callbackUrl: string,
  { verifyToken, challenge, patience }: { verifyToken: string; challenge: string; patience: number },
): Promise<void> {
  if (!URL.canParse(callbackUrl)) throw new Refused(ANSWERS.callbackNotVerifiable);
  const url = new URL(callbackUrl);
  url.searchParams.set('hub.mode', 'subscribe');
  url.searchParams.set('hub.challenge', challenge);
  url.searchParams.set('hub.verify_token', verifyToken);
  const answer = await fetch(url, { signal: AbortSignal.timeout(patience), redirect: 'manual' }).catch(
    () => null,
  );
  if (!answer) throw new Refused(ANSWERS.callbackNotVerifiable);
  if (answer.status !== 200) {
    await answer.body?.cancel();
    throw new Refused(ANSWERS.callbackNot200);
  }
  const echoed = (await answer.json().catch(() => null)) as Record<string, unknown> | null;
  if (echoed?.['hub.challenge'] !== challenge) throw new Refused(ANSWERS.callbackNotVerifiable);
}

async function post(url: string, body: unknown, patience: number): Promise<number | null> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(patience),
      redirect: 'manual',
    });
    await answer.body?.cancel();
    return answer.status;
  } catch {
    return null;
  }
}
