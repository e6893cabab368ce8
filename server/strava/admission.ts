import type { Account, Accounts, Consent, Tokens } from './accounts.ts';

export interface AdmissionDeps {
  accounts: Accounts;
  /** Withdraws a consent at Strava. Rejects where Strava does not say that it is. */
  revoke(tokens: Tokens): Promise<void>;
  /** How many athletes may be connected. */
  athleteLimit: number;
  /** The local owner's id. */
  owner(): Promise<string>;
  /** Makes an athlete and answers their id. */
  makeAthlete(): Promise<string>;
  deleteAthlete(athleteId: string): Promise<void>;
  /** Unix milliseconds. */
  now(): number;
}

/**
 * Whom a consent at Strava signs in; else why it does not: `taken`: that account belongs to another map here, `other`:
 * this map is connected with another account, `full`: there are as many athletes as there may be.
 */
export type Admission = { athleteId: string } | { refused: 'taken' | 'other' | 'full' };

/**
 * Finds who came with a consent. The local owner, where signed in, connects their own map; anybody else is whom
 * Strava says they are, or new. Two maps never become one.
 */
export async function admit(
  deps: AdmissionDeps,
  consent: Consent,
  signedIn: string | null,
): Promise<Admission> {
  const { accounts, revoke, athleteLimit } = deps;
  const known = await accounts.findByStrava(consent.stravaAthleteId);
  const isOwner = signedIn !== null && signedIn === (await deps.owner());
  if (isOwner) {
    if (known && known.athleteId !== signedIn) {
      // tokens of one athlete take each other's place: theirs are these now
      if (known.connected) await accounts.replaceTokens(known.athleteId, consent.tokens);
      return { refused: 'taken' };
    }
    const mine = await accounts.find(signedIn);
    if (mine && mine.stravaAthleteId !== consent.stravaAthleteId) return refuse('other');
  }
  if (!known?.connected && (await accounts.count()) >= athleteLimit) return refuse('full');
  return { athleteId: await connect(deps, consent, isOwner ? signedIn : (known?.athleteId ?? null)) };

  async function refuse(why: 'other' | 'full'): Promise<Admission> {
    // not to keep a seat at Strava that is not taken here
    await revoke(consent.tokens).catch(() => {});
    return { refused: why };
  }
}

async function connect(deps: AdmissionDeps, consent: Consent, athleteId: string | null): Promise<string> {
  const { accounts, makeAthlete, deleteAthlete, now } = deps;
  if (athleteId !== null) {
    await accounts.connect(athleteId, consent, now());
    return athleteId;
  }
  const fresh = await makeAthlete();
  try {
    await accounts.connect(fresh, consent, now());
    return fresh;
  } catch (error) {
    await deleteAthlete(fresh);
    // who clicked twice came twice at once
    const known: Account | undefined = await accounts.findByStrava(consent.stravaAthleteId);
    if (!known) throw error;
    await accounts.connect(known.athleteId, consent, now());
    return known.athleteId;
  }
}
