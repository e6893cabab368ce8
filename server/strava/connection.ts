import type { Accounts } from './accounts.ts';

/** What a page is told of an athlete's connection with Strava. */
export interface Connection {
  /** As they are called there. */
  name: string | null;
  /** Whether their own map shows what is not public, too. */
  private: boolean;
  /** Unix seconds. */
  connectedAt: number;
  /** Their page there. */
  url: string;
  /** What the number of an activity is put behind, to view it on Strava. */
  activityUrl: string;
}

/** Null for who is not connected. */
export async function connectionOf(
  accounts: Accounts,
  websiteUrl: string,
  athleteId: string,
): Promise<Connection | null> {
  const account = await accounts.find(athleteId);
  if (!account?.connected) return null;
  return {
    name: await accounts.name(athleteId),
    private: account.private,
    connectedAt: Math.floor(account.connectedAt.getTime() / 1000),
    url: `${websiteUrl}/athletes/${account.stravaAthleteId}`,
    activityUrl: `${websiteUrl}/activities/`,
  };
}
