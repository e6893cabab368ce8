/** Every word the viewer says, in one place. */

export const WORDS = {
  title: 'Pathglow',
  loading: 'Loading',
  map: 'Map',
  panel: 'Map settings',
  openPanel: 'Show settings',
  closePanel: 'Hide settings',
  signOut: 'Sign out',
  dismiss: 'Dismiss',
  summary: (activities: string, noun: string, distance: string) => `${activities} ${noun} · ${distance}`,
  activities: (count: number) => (count === 1 ? 'activity' : 'activities'),

  sports: 'Sports',
  allSports: 'All',
  moreSports: (count: number) => `${count} more`,
  fewerSports: 'Fewer',
  dates: 'Dates',
  from: 'From',
  to: 'To',
  presets: { all: 'All time', thisYear: 'This year', lastYear: 'Last year', lastMonth: '30 days' },
  years: 'Years',
  yearLabel: (year: number, count: string, noun: string) => `${year}: ${count} ${noun}`,
  commutes: 'Commutes',
  commute: { all: 'Included', only: 'Only', none: 'Left out' },
  nothingMatches: 'No activity matches these choices.',
  nothingDrawn: 'None of your activities has a track that could be drawn.',
  showEverything: 'Show everything',

  colours: 'Colours',
  palettes: { fire: 'Fire', glacier: 'Glacier', aurora: 'Aurora', orchid: 'Orchid', beacon: 'Beacon' },
  ownGradient: 'Your own',
  gradient: 'Your own colours',
  gradientHelp: 'Colours with semicolons between, or visits:colour. Such as 1:c22a4f; 10:fb8b1e; 50:fffbe6',
  brightness: 'Brightness',
  automatic: 'Auto',
  lighter: (stops: number) => `${stops > 0 ? '+' : '−'}${Math.abs(stops)}`,
  opacity: 'Opacity',
  percent: (share: number) => `${Math.round(share * 100)}%`,

  legend: 'Visits',
  legendLabel: (from: string, to: string) =>
    `Colours from ${from} to ${to} visits: how many activities passed a place`,

  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
  home: 'Go to where most activities are',
  everything: 'Show all of it',

  addFiles: 'Add activities',
  dropHere: 'Drop to add them to your map',
  dropKinds: 'GPX, TCX, FIT, each also as .gz; zip files and folders of them; a Strava export as it is',
  noFiles: 'There are no GPX, TCX, FIT or zip files in that.',
  uploading: (what: string) => `Sending ${what}`,
  files: (count: number) => (count === 1 ? 'file' : 'files'),
  waiting: 'Waiting to begin',
  importing: 'Adding activities',
  imported: 'Your map is up to date',
  importedSome: 'Added what could be read',
  importFailed: 'The import stopped before its end',
  importCancelled: 'The import was cancelled',
  progress: (done: string, total: string, noun: string) => `${done} of ${total} ${noun}`,
  points: (points: string) => `${points} points`,
  rate: (rate: string) => `${rate} points/s`,
  left: (time: string) => `about ${time} left`,
  failures: (count: string, noun: string) => `${count} ${noun} could not be added`,
  moreFailures: (count: string) => `and ${count} more`,
  noFailuresListed: 'The list could not be loaded.',
  cancelUpload: 'Cancel',
  uploadBroke: 'The connection broke while sending. Nothing was added.',

  emptyTitle: 'Your map starts here',
  emptyText: 'Drop your recordings anywhere on this page, and watch it fill.',
  emptyKinds: ['Strava export', 'GPX', 'TCX', 'FIT', 'zip'],
  chooseFiles: 'Choose files',
  stravaTitle: 'From Strava:',
  stravaText:
    'on strava.com, under Settings, My Account, “Download or Delete Your Account”, request your archive. The zip file that arrives by mail goes here as it is.',

  signInTitle: 'Your heatmap is private',
  signInLink: 'Open the link that the server printed when it started. It works once; this prints another:',
  signInCommand: 'npm run pathglow -- link',
  signInPassword: 'Enter the password of this server to open it.',
  password: 'Password',
  signIn: 'Sign in',
  linkInvalid: 'That sign-in link was used before, or is no longer valid.',

  gone: 'The server does not answer. Trying again …',
  goneFirst: 'The server does not answer.',
  basemapGone: 'The map below the heat could not be loaded.',
  noWebGl: 'This browser cannot draw the map: WebGL is switched off or missing.',
} as const;

/** Names of sports where the word itself, taken apart at its capitals, does not read well. */
const SPORTS: Record<string, string> = {
  EBikeRide: 'E-bike ride',
  EMountainBikeRide: 'E-mountain bike ride',
  Sail: 'Sailing',
  IceSkate: 'Ice skating',
  InlineSkate: 'Inline skating',
  RollerSki: 'Roller skiing',
  AlpineSki: 'Alpine skiing',
  BackcountrySki: 'Backcountry skiing',
  NordicSki: 'Nordic skiing',
  Snowboard: 'Snowboarding',
  Snowshoe: 'Snowshoeing',
  HighIntensityIntervalTraining: 'Interval training',
  StandUpPaddling: 'Stand-up paddling',
  StairStepper: 'Stairs',
  Workout: 'Other',
};

/** A sport in words: 'TrailRun' is 'Trail run'. */
export function sportName(sport: string): string {
  const apart = sport.replace(/([a-z\d])([A-Z])/g, '$1 $2').toLowerCase();
  return SPORTS[sport] ?? apart.charAt(0).toUpperCase() + apart.slice(1);
}
