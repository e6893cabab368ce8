/** Why nothing is read for an athlete, with what they, or the operator, can do about it. */
export const PROBLEMS = {
  scope:
    'Strava does not let Pathglow see your activities. Connect again and leave the box for activities ticked.',
  reconnect: 'The connection to Strava is lost. Please connect again; nothing of your map is.',
  other_app: 'The operator has registered another application at Strava. Please connect again.',
  unauthorized:
    'Strava refuses the connection for now. It is tried again; connecting again may mend it at once.',
  unavailable: 'Strava does not answer as it should. It is tried again by itself.',
  refused: 'Strava refuses what was asked. It is tried again later; please tell the operator.',
  internal: 'Something went wrong on this server. It is tried again by itself.',
  inactive:
    'Strava has switched the application off: its owner needs an active Strava subscription. The operator can reactivate it at strava.com/settings/api.',
  wrong_app:
    'Strava does not know the application. The operator has to check STRAVA_CLIENT_ID and STRAVA_CLIENT_SECRET.',
} as const;

export type Problem = keyof typeof PROBLEMS;
