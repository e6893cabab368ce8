import type { Knex } from 'knex';
import type { Keyring } from '../athletes/keyring.ts';
import { open, seal } from '../athletes/seal.ts';

/** An athlete's account at Strava, as it is connected here. */
export interface Account {
  athleteId: string;
  stravaAthleteId: string;
  /** The application that its tokens are for. */
  clientId: string;
  connected: boolean;
  /** Whether the athlete wants on their own map what is not public at Strava, too. */
  private: boolean;
  connectedAt: Date;
}

/** What a consent at Strava gave. */
export interface Consent {
  stravaAthleteId: string;
  clientId: string;
  name: string | null;
  scopes: readonly string[];
  private: boolean;
  tokens: Tokens;
}

export interface Tokens {
  access: string;
  refresh: string;
  /** Unix milliseconds. */
  expiresAt: number;
}

const COLUMNS = [
  'athlete_id as athleteId',
  'strava_athlete_id as stravaAthleteId',
  'client_id as clientId',
  'connected',
  'private',
  'connected_at as connectedAt',
] as const;

/** The accounts at Strava of all athletes. Names and tokens are sealed with the athlete's key. */
export class Accounts {
  readonly #db: Knex;
  readonly #keyring: Pick<Keyring, 'dataKey'>;

  constructor(db: Knex, keyring: Pick<Keyring, 'dataKey'>) {
    this.#db = db;
    this.#keyring = keyring;
  }

  find(athleteId: string): Promise<Account | undefined> {
    return this.#db('strava_accounts').where({ athlete_id: athleteId }).first<Account | undefined>(COLUMNS);
  }

  findByStrava(stravaAthleteId: string): Promise<Account | undefined> {
    return this.#db('strava_accounts')
      .where({ strava_athlete_id: stravaAthleteId })
      .first<Account | undefined>(COLUMNS);
  }

  /** How many are connected. */
  async count(): Promise<number> {
    const { rows } = await this.#db.raw<{ rows: { count: number }[] }>(
      'select count(*)::int as count from strava_accounts where connected',
    );
    return rows[0].count;
  }

  /** Connects an athlete, or again; the whole list is due at once. */
  async connect(athleteId: string, consent: Consent, now: number): Promise<void> {
    const key = await this.#keyring.dataKey(athleteId);
    const at = new Date(now);
    await this.#db('strava_accounts')
      .insert({
        athlete_id: athleteId,
        strava_athlete_id: consent.stravaAthleteId,
        client_id: consent.clientId,
        connected: true,
        private: consent.private,
        scopes: consent.scopes.join(','),
        name: consent.name === null ? null : seal(key, Buffer.from(consent.name), 'strava-name'),
        ...sealedTokens(key, consent.tokens),
        connected_at: at,
        list_page: null,
        list_began_at: null,
        list_since: null,
        sweep_due_at: at,
        poll_due_at: null,
        problem: null,
        retry_at: null,
        attempts: 0,
      })
      .onConflict('athlete_id')
      .merge();
  }

  /** The tokens of a connected athlete, and whether a refresh of them was cut off; null for anybody else. */
  async tokens(athleteId: string): Promise<(Tokens & { torn: boolean }) | null> {
    const row = await this.#db('strava_accounts')
      .where({ athlete_id: athleteId, connected: true })
      .first('access_token', 'refresh_token', 'expires_at', 'refresh_began_at');
    if (!row?.access_token) return null;
    const key = await this.#keyring.dataKey(athleteId);
    const text = (sealed: Buffer) => open(key, sealed, 'strava-token').toString();
    return {
      access: text(row.access_token),
      refresh: text(row.refresh_token),
      expiresAt: row.expires_at.getTime(),
      torn: row.refresh_began_at !== null,
    };
  }

  async refreshBegins(athleteId: string, now: number): Promise<void> {
    await this.#db('strava_accounts')
      .where({ athlete_id: athleteId })
      .update({ refresh_began_at: new Date(now) });
  }

  /** Nothing came of it: the tokens are as good as they were. */
  async refreshFailed(athleteId: string): Promise<void> {
    await this.#db('strava_accounts').where({ athlete_id: athleteId }).update({ refresh_began_at: null });
  }

  async refreshed(athleteId: string, tokens: Tokens): Promise<void> {
    const key = await this.#keyring.dataKey(athleteId);
    await this.#db('strava_accounts').where({ athlete_id: athleteId }).update(sealedTokens(key, tokens));
  }

  /** Strava's name for the athlete; null when there is none. */
  async name(athleteId: string): Promise<string | null> {
    const row = await this.#db('strava_accounts').where({ athlete_id: athleteId }).first('name');
    if (!row?.name) return null;
    return open(await this.#keyring.dataKey(athleteId), row.name, 'strava-name').toString();
  }
}

function sealedTokens(key: Buffer, { access, refresh, expiresAt }: Tokens) {
  return {
    access_token: seal(key, Buffer.from(access), 'strava-token'),
    refresh_token: seal(key, Buffer.from(refresh), 'strava-token'),
    expires_at: new Date(expiresAt),
    refresh_began_at: null,
  };
}
