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

/** Names one consent: who connects again has given another, and what was asked for by the one before is not theirs. */
export type ConsentId = Pick<Account, 'athleteId' | 'stravaAthleteId' | 'connectedAt'>;

/** The account that stands connected by just this consent, if it still does. */
export function accountOf(db: Knex, { athleteId, stravaAthleteId, connectedAt }: ConsentId) {
  return db('strava_accounts').where({
    athlete_id: athleteId,
    strava_athlete_id: stravaAthleteId,
    connected_at: connectedAt,
    connected: true,
  });
}

/** Whether a consent stands; if so, it does until the end of the transaction. */
export async function stands(trx: Knex.Transaction, consent: ConsentId): Promise<boolean> {
  return (await accountOf(trx, consent).forUpdate().first('athlete_id')) !== undefined;
}

/**
 * Of tokens that come from a backup nobody knows whether they were renewed since. One that Strava refuses is no sign of
 * a withdrawn consent, for which everything of its athlete's would be deleted: they are asked to connect again.
 */
export async function doubtTokens(trx: Knex.Transaction): Promise<void> {
  // a backup may be older than Strava here
  if (!(await trx.schema.hasTable('strava_accounts'))) return;
  await trx('strava_accounts').where({ connected: true }).update({ refresh_began_at: trx.fn.now() });
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

/** What is stored of tokens when there are none. */
const NO_TOKENS = { access_token: null, refresh_token: null, expires_at: null, refresh_began_at: null };

/** As they are stored. */
export interface KeptTokens extends Tokens {
  /** Whether a refresh of them was cut off. */
  torn: boolean;
  /** The consent that gave them. */
  consent: ConsentId;
}

const COLUMNS = [
  'athlete_id as athleteId',
  'strava_athlete_id as stravaAthleteId',
  'client_id as clientId',
  'connected',
  'private',
  'connected_at as connectedAt',
] as const;

const TOKEN_COLUMNS = [
  'athlete_id as athleteId',
  'strava_athlete_id as stravaAthleteId',
  'connected_at as connectedAt',
  ...Object.keys(NO_TOKENS),
];

/** When somebody is said to have connected who does so now: always later than before, as it names the consent. */
const NEXT = `strava_accounts.connected_at + interval '1 millisecond'`;

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
    const row = {
      athlete_id: athleteId,
      strava_athlete_id: consent.stravaAthleteId,
      client_id: consent.clientId,
      connected: true,
      leaving: false,
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
    };
    await this.#db('strava_accounts')
      .insert(row)
      .onConflict('athlete_id')
      .merge({ ...row, connected_at: this.#db.raw(`greatest(excluded.connected_at, ${NEXT})`) });
  }

  /** Tokens of a later consent, of somebody who has not connected again: those there were are worth nothing now. */
  async replaceTokens(athleteId: string, tokens: Tokens): Promise<void> {
    const key = await this.#keyring.dataKey(athleteId);
    await this.#db('strava_accounts')
      .where({ athlete_id: athleteId, connected: true })
      .update({ ...sealedTokens(key, tokens), connected_at: this.#db.raw(NEXT) });
  }

  /** The tokens of a connected athlete; null for anybody else. */
  async tokens(athleteId: string): Promise<KeptTokens | null> {
    const row = await this.#db('strava_accounts')
      .where({ athlete_id: athleteId, connected: true })
      .first<TokenRow | undefined>(TOKEN_COLUMNS);
    return row ? opened(await this.#keyring.dataKey(athleteId), row) : null;
  }

  /**
   * Disconnects an athlete, in a commit of its own: what was read for them and is not written yet never is, and their
   * tokens are answered for the last time. What the API gave stays to be deleted, until `leaving` names them no more.
   * Null for who is not connected, or not by the consent that is meant.
   */
  async leave(athleteId: string, meant?: ConsentId): Promise<Tokens | null> {
    const key = await this.#keyring.dataKey(athleteId);
    return this.#db.transaction(async (trx) => {
      const mine = meant
        ? accountOf(trx, meant)
        : trx('strava_accounts').where({ athlete_id: athleteId, connected: true });
      const row = await mine.clone().forUpdate().first<TokenRow | undefined>(TOKEN_COLUMNS);
      if (!row) return null;
      await mine.update({ ...NO_TOKENS, connected: false, leaving: true });
      return opened(key, row);
    });
  }

  /** Those who have disconnected and whose activities of the API are not deleted yet. */
  leaving(): Promise<string[]> {
    return this.#db('strava_accounts').where({ leaving: true }).orderBy('athlete_id').pluck('athlete_id');
  }

  /** False where the consent stands no more. */
  async refreshBegins(consent: ConsentId, now: number): Promise<boolean> {
    return (await accountOf(this.#db, consent).update({ refresh_began_at: new Date(now) })) > 0;
  }

  /** Nothing came of it: the tokens are as good as they were. */
  async refreshFailed(consent: ConsentId): Promise<void> {
    await accountOf(this.#db, consent).update({ refresh_began_at: null });
  }

  /** Keeps what came of it; false where there is another consent meanwhile, or none. */
  async refreshed(consent: ConsentId, tokens: Tokens): Promise<boolean> {
    const key = await this.#keyring.dataKey(consent.athleteId);
    return (await accountOf(this.#db, consent).update(sealedTokens(key, tokens))) > 0;
  }

  /** Strava's name for the athlete; null when there is none. */
  async name(athleteId: string): Promise<string | null> {
    const row = await this.#db('strava_accounts').where({ athlete_id: athleteId }).first('name');
    if (!row?.name) return null;
    return open(await this.#keyring.dataKey(athleteId), row.name, 'strava-name').toString();
  }
}

interface TokenRow extends ConsentId {
  access_token: Buffer;
  refresh_token: Buffer;
  expires_at: Date;
  refresh_began_at: Date | null;
}

function opened(key: Buffer, row: TokenRow): KeptTokens {
  const { athleteId, stravaAthleteId, connectedAt } = row;
  const text = (sealed: Buffer) => open(key, sealed, 'strava-token').toString();
  return {
    access: text(row.access_token),
    refresh: text(row.refresh_token),
    expiresAt: row.expires_at.getTime(),
    torn: row.refresh_began_at !== null,
    consent: { athleteId, stravaAthleteId, connectedAt },
  };
}

function sealedTokens(key: Buffer, { access, refresh, expiresAt }: Tokens) {
  return {
    access_token: seal(key, Buffer.from(access), 'strava-token'),
    refresh_token: seal(key, Buffer.from(refresh), 'strava-token'),
    expires_at: new Date(expiresAt),
    refresh_began_at: null,
  };
}
