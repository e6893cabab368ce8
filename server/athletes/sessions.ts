import { randomBytes } from 'node:crypto';
import cookie from '@fastify/cookie';
import session from '@fastify/session';
import type { FastifyInstance, FastifyRequest, Session } from 'fastify';
import type { Knex } from 'knex';
import { LRUCache } from 'lru-cache';
import { BELIEVED } from './belief.ts';
import { withoutAthlete } from './keyring.ts';
import { hashOf } from './owner.ts';

declare module 'fastify' {
  interface Session {
    athleteId?: string;
    /** Which browser, roughly; kept when the session begins. */
    browser?: string | null;
  }
}

/** Days until one has to sign in again. */
const SESSION_DAYS = 90;

/** Minutes between two notes of a session's use. */
const NOTED_EVERY = 10;

type Stored = { athleteId: string; expiresAt: Date } | null;

export interface SessionOptions {
  db: Knex;
  /** Two servers on one host share the browser's cookies, so each has a name of its own. */
  cookieName: string;
}

/** An id is 256 random bits: a signature could not make it harder to guess, and would end with the key that made it. */
const UNSIGNED = {
  sign: (id: string) => id,
  unsign: (id: string) => ({ valid: /^[\w-]{43}$/.test(id), renew: false, value: id }),
};

/**
 * Gives every request after it a session. Answers a function that tells whether the one of a request is still there:
 * for what goes on for longer than a request.
 */
export async function registerSessions(
  app: FastifyInstance,
  options: SessionOptions,
): Promise<(request: FastifyRequest) => Promise<boolean>> {
  const store = new SessionStore(options.db);
  await app.register(cookie);
  await app.register(session, {
    store,
    secret: UNSIGNED,
    cookieName: options.cookieName,
    idGenerator: () => randomBytes(32).toString('base64url'),
    saveUninitialized: false,
    rolling: false,
    cookie: { httpOnly: true, sameSite: 'lax', secure: 'auto', path: '/', maxAge: SESSION_DAYS * 86_400_000 },
  });
  return ({ session }) => store.isLive(session.sessionId);
}

/** Sessions in the database, for @fastify/session: of the id in the cookie only the hash is stored. */
class SessionStore {
  readonly #db: Knex;
  readonly #read = new LRUCache<string, Promise<Stored>>({ max: 10_000, ttl: BELIEVED });

  constructor(db: Knex) {
    this.#db = db;
  }

  set(id: string, session: Session, done: (error?: unknown) => void): void {
    this.#write(id, session).then(() => done(), done);
  }

  get(id: string, done: (error: unknown, session?: Session | null) => void): void {
    this.#find(id).then((found) => {
      if (found === null) return done(null, null);
      const { athleteId, expiresAt } = found;
      done(null, { athleteId, cookie: { originalMaxAge: SESSION_DAYS * 86_400_000, expires: expiresAt } });
    }, done);
  }

  destroy(id: string, done: (error?: unknown) => void): void {
    this.#read.delete(id);
    this.#db('sessions')
      .where({ hash: hashOf(id) })
      .delete()
      .then(() => done(), done);
  }

  async isLive(id: string): Promise<boolean> {
    return (await this.#find(id)) !== null;
  }

  async #write(id: string, { athleteId, browser, cookie }: Session): Promise<void> {
    this.#read.delete(id);
    if (athleteId === undefined) return;
    const expires = cookie.expires ?? new Date(Date.now() + SESSION_DAYS * 86_400_000);
    await this.#db('sessions').where('expires_at', '<', this.#db.fn.now()).delete();
    await this.#db('sessions')
      .insert({ hash: hashOf(id), athlete_id: athleteId, expires_at: expires, browser })
      .onConflict('hash')
      .merge(['athlete_id', 'expires_at'])
      .catch((error) => {
        throw withoutAthlete(error, athleteId);
      });
  }

  #find(id: string): Promise<Stored> {
    const known = this.#read.get(id);
    if (known) return known;
    const found = this.#lookUp(hashOf(id));
    this.#read.set(id, found);
    found.catch(() => this.#read.delete(id));
    return found;
  }

  async #lookUp(hash: Buffer): Promise<Stored> {
    const { rows } = await this.#db.raw<{ rows: { athleteId: string; expiresAt: Date; isNoted: boolean }[] }>(
      `select athlete_id as "athleteId", expires_at as "expiresAt",
         used_at > now() - interval '${NOTED_EVERY} minutes' as "isNoted"
       from sessions where hash = :hash and expires_at > now()`,
      { hash },
    );
    if (!rows[0]) return null;
    const { isNoted, ...stored } = rows[0];
    if (!isNoted) await this.#db('sessions').where({ hash }).update({ used_at: this.#db.fn.now() });
    return stored;
  }
}
