import type { Account } from './accounts.ts';
import { activityOf, type StravaActivity } from './activity.ts';
import { type Answer, ask } from './ask.ts';
import type { Budget, Purpose } from './budget.ts';
import { faultOf, StravaFault } from './faults.ts';
import type { Outage } from './outage.ts';
import { readPage, readRow, readStreams, type StreamsShape } from './shapes.ts';

export interface ClientOptions {
  /** Without a slash at the end. */
  apiUrl: string;
  budget: Budget;
  outage: Outage;
  /** The athlete's access token; with `instead`, another than that one. */
  token(athleteId: string, instead?: string): Promise<string>;
  warn(message: string, details: Record<string, unknown>): void;
  /** Milliseconds that an answer may take. */
  patience?: number;
}

export interface Call {
  purpose: Purpose;
  signal?: AbortSignal;
}

/** As many rows as Strava gives at once. */
export const PAGE = 200;

/**
 * Strava's API as one athlete sees it. Everything throws StravaFault for an answer that is none, and NotNow, before
 * anything was asked, while the budget is spent or Strava answers nobody.
 */
export class StravaClient {
  readonly #options: ClientOptions;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  /** One page of the athlete's activities, from 1; whole where `since` (Unix seconds) is null. Empty: the end. */
  async list(
    account: Account,
    { page, since }: { page: number; since: number | null },
    call: Call,
  ): Promise<StravaActivity[]> {
    const query = new URLSearchParams({ page: String(page), per_page: String(PAGE) });
    if (since !== null) query.set('after', String(since));
    const { rows, unreadable } = await this.#get(account, `/athlete/activities?${query}`, call, readPage);
    if (unreadable > 0) this.#options.warn('Strava listed activities that cannot be read', { unreadable });
    // of pages that moved while they were read, a row may come twice
    return [...new Map(rows.map((row) => [row.id, activityOf(row)])).values()];
  }

  async activity(account: Account, stravaId: string, call: Call): Promise<StravaActivity> {
    return activityOf(await this.#get(account, `/activities/${stravaId}`, call, readRow));
  }

  /** The whole recording. `gone` where there is none, for good. */
  streams(account: Account, stravaId: string, call: Call): Promise<StreamsShape> {
    const query = 'keys=latlng,time,altitude&key_by_type=true';
    return this.#get(account, `/activities/${stravaId}/streams?${query}`, call, readStreams);
  }

  /** Asks for nothing but whether the athlete's token is good. */
  async knock(account: Account, call: Call): Promise<void> {
    await this.#get(account, '/athlete', call, (body) => body);
  }

  async #get<T>(account: Account, path: string, call: Call, read: (body: unknown) => T): Promise<T> {
    const { outage } = this.#options;
    await outage.check();
    try {
      const answer = await this.#asAthlete(account, path, call);
      if (answer.status !== 200) throw faultOf(answer.status, answer.body);
      const value = read(answer.body);
      await outage.over();
      return value;
    } catch (error) {
      if (!(error instanceof StravaFault)) throw error;
      if (error.kind === 'inactive' || error.kind === 'wrong_app') throw await outage.switchedOff(error.kind);
      const isAnswer = error.kind !== 'unavailable';
      if (isAnswer) await outage.over();
      else if (!(await outage.failed())) await outage.check();
      throw error;
    }
  }

  /** A token that is refused is renewed once. */
  async #asAthlete({ athleteId }: Account, path: string, call: Call): Promise<Answer> {
    const token = await this.#options.token(athleteId);
    const answer = await this.#ask(path, token, call);
    if (answer.status !== 401 || faultOf(401, answer.body).kind !== 'unauthorized') return answer;
    return this.#ask(path, await this.#options.token(athleteId, token), call);
  }

  async #ask(path: string, token: string, { purpose, signal }: Call): Promise<Answer> {
    const { apiUrl, budget, patience } = this.#options;
    const granted = await budget.take(purpose);
    const answer = await ask(apiUrl + path, { authorization: `Bearer ${token}`, signal, patience });
    await budget.note(answer.headers, granted);
    if (answer.status === 429) throw await budget.spent(granted);
    return answer;
  }
}
