/** An application at Strava's API, and where Strava is; URLs end without a slash. */
export interface StravaApp {
  clientId: string;
  clientSecret: string;
  /** How many athletes may be connected. */
  athleteLimit: number;
  /** null: there is no webhook. */
  webhookSecret: string | null;
  /** Days; null: what the API gave is kept. */
  retentionDays: number | null;
  apiUrl: string;
  oauthUrl: string;
  websiteUrl: string;
}
