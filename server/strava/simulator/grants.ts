/** What athletes allowed the app: codes, tokens, and how they end. */
import { createHash } from 'node:crypto';
import { chance } from '../../demo/random.ts';
import { ANSWERS, Refused } from './answers.ts';
import type { Clock } from './clock.ts';

const HOUR = 3_600_000;
const TOKEN_LIFE = 6 * HOUR;
/** While more than this is left of a token, no new one is made. */
const KEPT_WHILE = HOUR;
const CODE_LIFE = 10 * 60_000;

/** The living connection of an athlete with the app. */
export interface Grant {
  athleteId: number;
  scopes: readonly string[];
  refreshToken: string;
  accessToken: string;
  /** Milliseconds. */
  expiresAt: number;
}

interface Code {
  athleteId: number;
  scopes: readonly string[];
  madeAt: number;
  challenge: string | null;
}

export interface GrantOptions {
  seed: number;
  /** Milliseconds for which a code that was just made is not known yet. */
  codeDelay: number;
  /** Whether a code asked for with a PKCE challenge wants its verifier; else both are ignored. */
  checksPkce: boolean;
  /** Whether a new refresh token is made with each new access token, and the one before is worth nothing then. */
  rotates: boolean;
}

export class Grants {
  readonly #clock: Clock;
  readonly #options: GrantOptions;
  readonly #random;
  readonly #codes = new Map<string, Code>();
  readonly #grants = new Map<number, Grant>();
  /** Access tokens; those given up before their time live on until it. */
  readonly #access = new Map<string, { grant: Grant; expiresAt: number }>();
  readonly #revoked = new Set<string>();

  constructor(clock: Clock, options: GrantOptions) {
    this.#clock = clock;
    this.#options = options;
    this.#random = chance(options.seed);
  }

  /** Athletes that are connected. */
  get connected(): number[] {
    return [...this.#grants.keys()];
  }

  of(athleteId: number): Grant | undefined {
    return this.#grants.get(athleteId);
  }

  /** A code for what an athlete has just approved. */
  approve(athleteId: number, scopes: readonly string[], challenge: string | null): string {
    const code = this.#hex();
    this.#codes.set(code, { athleteId, scopes, challenge, madeAt: this.#clock.now() });
    return code;
  }

  /** Gives tokens for a code, once. Throws Refused. */
  exchange(code: string, verifier: string | undefined): Grant {
    const found = this.#codes.get(code);
    const age = found ? this.#clock.now() - found.madeAt : 0;
    if (!found || age > CODE_LIFE || age < this.#options.codeDelay) throw new Refused(ANSWERS.wrongCode);
    if (this.#options.checksPkce && found.challenge !== null) {
      const hashed = createHash('sha256')
        .update(verifier ?? '')
        .digest('base64url');
      if (hashed !== found.challenge) throw new Refused(ANSWERS.wrongCode);
    }
    this.#codes.delete(code);
    const { athleteId, scopes } = found;
    const before = this.#grants.get(athleteId);
    const isSame = before?.scopes.join() === scopes.join();
    if (before && isSame && before.expiresAt - this.#clock.now() > KEPT_WHILE) return before;
    const kept = this.#options.rotates ? undefined : before?.refreshToken;
    return this.#issue({ athleteId, scopes, refreshToken: kept ?? this.#hex() });
  }

  /** The same token while it is good for more than an hour, else a new pair. Throws Refused. */
  refresh(refreshToken: string): Grant {
    const grant = [...this.#grants.values()].find((one) => one.refreshToken === refreshToken);
    if (!grant) throw new Refused(ANSWERS.deadRefreshToken);
    if (grant.expiresAt - this.#clock.now() > KEPT_WHILE) return grant;
    return this.#issue({ ...grant, refreshToken: this.#options.rotates ? this.#hex() : refreshToken });
  }

  /** Whose and what an access token is. Throws Refused. */
  authorize(accessToken: string | null): Grant {
    if (accessToken !== null && this.#revoked.has(accessToken)) throw new Refused(ANSWERS.wrongApp);
    const found = accessToken === null ? undefined : this.#access.get(accessToken);
    if (!found || found.expiresAt <= this.#clock.now()) throw new Refused(ANSWERS.wrongToken);
    return found.grant;
  }

  /** Whose an access or a refresh token is; null where it is none. */
  ownerOf(token: string): number | null {
    const byRefresh = [...this.#grants.values()].find((one) => one.refreshToken === token);
    return (this.#access.get(token)?.grant ?? byRefresh)?.athleteId ?? null;
  }

  /** Ends an athlete's connection: all of its tokens are worth nothing from now on. */
  end(athleteId: number): void {
    this.#grants.delete(athleteId);
    for (const [token, { grant }] of this.#access) {
      if (grant.athleteId !== athleteId) continue;
      this.#access.delete(token);
      this.#revoked.add(token);
    }
  }

  #issue(given: Pick<Grant, 'athleteId' | 'scopes' | 'refreshToken'>): Grant {
    const grant = { ...given, accessToken: this.#hex(), expiresAt: this.#clock.now() + TOKEN_LIFE };
    this.#grants.set(grant.athleteId, grant);
    this.#access.set(grant.accessToken, { grant, expiresAt: grant.expiresAt });
    return grant;
  }

  #hex(): string {
    return Array.from({ length: 40 }, () => Math.floor(this.#random.next() * 16).toString(16)).join('');
  }
}
