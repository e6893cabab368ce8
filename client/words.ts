/** Every word the viewer says: those of its windows in `words/`, all others here. */
import { GROUP_NAMES } from '../server/heat/by-sport.ts';

export const WORDS = {
  title: 'Pathglow',
  loading: 'Loading',
  map: 'Map',
  panel: 'Map settings',
  openPanel: 'Show settings',
  closePanel: 'Hide settings',
  menu: 'More',
  signOut: 'Sign out',
  signOutFailed: 'You are not signed out yet: the server did not answer as it should. Please try again.',
  theme: 'Appearance',
  themes: { system: 'System', dark: 'Dark', light: 'Light' },
  units: 'Distances',
  unitNames: { metric: 'Kilometres', imperial: 'Miles' },
  help: 'Keys and help',
  keys: [
    ['+  −', 'Zoom in and out'],
    ['← ↑ → ↓', 'Move the map, when it has the focus'],
    ['Enter', 'List what passed the middle of the map, when it has the focus'],
    ['Space', 'Play the years, or pause'],
    ['Escape', 'Close what is open'],
  ],
  helpClick: 'A click, or a tap, on a line of the map lists the activities that passed there.',
  version: (version: string) => `Pathglow ${version}`,
  dismiss: 'Dismiss',
  summary: (activities: string, noun: string, distance: string) => `${activities} ${noun} · ${distance}`,
  activities: (count: number) => (count === 1 ? 'activity' : 'activities'),

  ofAll: (count: string, noun: string) => `of ${count} ${noun}`,
  clear: 'Clear',
  passedHere: (count: string, noun: string) => `${count} ${noun} passed here`,
  firstAndLast: (first: string, last: string) => `First ${first}, last ${last}`,
  onStrava: 'On Strava',
  openElsewhere: (name: string) => `${name}, on Strava`,

  sports: 'Sports',
  allSports: 'All',
  groups: GROUP_NAMES,
  virtual: 'Virtual rides and runs',
  timeline: 'Timeline',
  timelineFrom: 'First month',
  timelineTo: 'Last month',
  between: (from: string, to: string) => `${from} – ${to}`,
  since: (from: string) => `since ${from}`,
  until: (to: string) => `until ${to}`,
  play: 'Play the years',
  pause: 'Pause',
  playing: { growing: 'Adding up', year: 'Year by year' },
  playMode: 'What is played',
  speed: 'Speed',
  times: (factor: number) => `${factor}×`,
  dates: 'Dates',
  from: 'From',
  to: 'To',
  presets: { all: 'All time', thisYear: 'This year', lastYear: 'Last year', lastMonth: '30 days' },
  years: 'Years',
  commutes: 'Commutes',
  commute: { all: 'Included', only: 'Only', none: 'Left out' },
  seenBy: 'Private activities',
  seen: { all: 'Included', private: 'Only', public: 'Left out' },
  nothingMatches: 'No activity matches these choices.',
  nothingDrawn: 'None of your activities has a track that could be drawn.',
  showEverything: 'Show everything',

  colours: 'Colours',
  colourBy: { visits: 'By visits', sport: 'By sport' },
  stop: (visits: string) => `Colour from ${visits} ${visits === '1' ? 'visit' : 'visits'} on`,
  stopColour: 'Colour',
  addStop: 'Add a colour',
  removeStop: 'Remove this colour',
  palettes: { fire: 'Fire', glacier: 'Glacier', aurora: 'Aurora', orchid: 'Orchid', beacon: 'Beacon' },
  ownGradient: 'Your own',
  gradient: 'Your own colours',
  gradientHelp: 'Colours with semicolons between, or visits:colour. Such as 1:c22a4f; 10:fb8b1e; 50:fffbe6',
  brightness: 'Brightness',
  automatic: 'Auto',
  pinned: 'By the colours',
  lighter: (stops: number) => `${stops > 0 ? '+' : '−'}${Math.abs(stops)}`,
  opacity: 'Opacity',
  below: 'Map below',
  bases: { land: 'Land', own: 'Streets', google: 'Google', satellite: 'Satellite', none: 'None' },
  percent: (share: number) => `${Math.round(share * 100)}%`,

  legend: 'Visits',
  legendLabel: (from: string, to: string) =>
    `Colours from ${from} to ${to} visits: how many activities passed a place`,

  sportLegend: (hot: string) => `1 to ${hot}+ visits`,
  sportLegendLabel: (hot: string) => `Colours by sport, each from 1 to ${hot} visits and more`,

  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
  home: 'Go to where most activities are',
  everything: 'Show all of it',

  addFiles: 'Add activities',
  dropHere: 'Drop to add them to your map',
  dropKinds: 'GPX, TCX, FIT, each also as .gz; zip files and folders of them; a Strava export as it is',
  addFolder: 'Add a folder',
  noFiles: 'There are no GPX, TCX, FIT or zip files in that.',
  uploading: (what: string) => `Sending ${what}`,
  nothingAdded: 'Nothing was added',
  files: (count: number) => (count === 1 ? 'file' : 'files'),
  waiting: 'Waiting to begin',
  importing: 'Adding activities',
  imported: 'Your map is up to date',
  importedSome: 'Added what could be read',
  importFailed: 'The import stopped before its end',
  importCancelled: 'The import was cancelled',
  progress: (done: string, total: string, noun: string) => `${done} of ${total} ${noun}`,
  added: (count: string, noun: string) => `${count} new ${noun}`,
  allKnown: 'All of it was on your map already.',
  restKnown: 'The rest was on your map already.',
  points: (points: string) => `${points} points`,
  rate: (rate: string) => `${rate} points/s`,
  left: (time: string) => `about ${time} left`,
  failures: (count: string, noun: string) => `${count} ${noun} could not be added`,
  andMore: (count: string) => `and ${count} more`,
  cancelUpload: 'Cancel',
  uploadBroke: 'The connection broke while sending. Please send it again.',

  emptyTitle: 'Your map starts here',
  emptyText: 'Drop your recordings anywhere on this page, and watch it fill.',
  emptyTextFinger: 'Choose your recordings, and watch it fill.',
  emptyKinds: ['Strava export', 'GPX', 'TCX', 'FIT', 'zip'],
  chooseFiles: 'Choose files',
  chooseFolder: 'Choose a folder',
  stravaTitle: 'Your Strava export:',
  stravaText:
    'on strava.com, under Settings, My Account, “Download or Delete Your Account”, request your archive. The zip file that arrives by mail goes here as it is.',

  strava: {
    title: 'Strava',
    connect: 'Connect with Strava',
    connectPrivate: 'Connect with private activities too',
    consent:
      'Pathglow reads your activities: their tracks, names, sports and times. They are kept encrypted until you delete them at Strava or disconnect, which you can do here at any time.',
    forWhom: (isShareable: boolean) =>
      isShareable
        ? 'Only you see them, and whoever you share your map with.'
        : 'Only you see them: links you share leave them out.',
    howLong: (days: number | null) =>
      days === null
        ? 'Strava’s rules let apps keep tracks for seven days. This server keeps them for longer, which its operator answers for; your own Strava export, added as a file, is bound by no such rule.'
        : `Each track is read again, or removed, within ${days === 1 ? 'a day' : `${days} days`}.`,
    seats: (taken: number, seats: number) => `${taken} of ${seats} places on this server are taken.`,
    full: (seats: number) =>
      `All ${seats === 1 ? 'places' : `${seats} places`} on this server are taken: Strava will turn you away, unless you are connected already. Please ask its operator.`,
    connectedAs: (name: string) => `Connected as ${name}.`,
    somebody: 'an athlete',
    view: 'View on Strava',
    publicOnly: 'Only what everyone may see at Strava is on your map.',
    privateToo: 'Your private activities are on your map, too. Nobody else sees it.',
    publicAgain: 'Leave private activities out again',
    withoutTrack: (count: number) =>
      count === 1
        ? 'Of one activity Strava could not give the recording; it is shown by its outline.'
        : `Of ${count} activities Strava could not give the recording; they are shown by their outlines.`,
    syncNow: 'Look for new activities now',
    disconnect: 'Disconnect',
    disconnectNow: 'Disconnect and delete',
    disconnectWhat:
      'Everything that came from Strava’s API is deleted here, and the permission is withdrawn there. What came by files stays.',
    stay: 'Stay connected',
    notRevoked:
      'Strava could not be told. You can withdraw the permission at Strava, under Settings, My Apps.',
    powered: 'Powered by Strava',
    outcomes: {
      denied: 'You declined at Strava, so nothing was connected.',
      scope:
        'Strava did not let Pathglow see your activities. Connect again, and leave the box for activities ticked.',
      expired: 'That took too long, or was begun in another browser. Please connect again.',
      unavailable: 'Strava does not answer as it should. Please try again in a while.',
      misconfigured:
        'Strava does not know this server’s application. Its operator has to look at the settings.',
      taken: 'That Strava account belongs to another map on this server.',
      other: 'This map is connected with another Strava account. Disconnect that one first.',
      full: 'All places on this server are taken. Please ask its operator.',
    },
    pill: {
      listing: 'Reading your list of activities',
      fetching: (done: string, total: string) => `Fetching details ${done} of ${total}`,
      waiting: (until: string, done: string, total: string) =>
        `Details ${done} of ${total}, waiting for Strava’s limit until ${until}`,
      warming: 'Preparing your map',
      failed: 'Reading from Strava stopped.',
      current: (ago: string | null) => (ago ? `Up to date · checked ${ago}` : 'Up to date'),
      ago: (time: string) => `${time} ago`,
    },
  },

  signInOwner: 'This server’s owner signs in by the link that it prints:',
  signInTitle: 'Your heatmap is private',
  signInLink: 'Open the link that the server printed when it started. It works once; this prints another:',
  signInCommand: 'npm run pathglow -- link',
  signInPassword: 'Enter the password of this server to open it.',
  password: 'Password',
  signIn: 'Sign in',
  linkInvalid: 'That sign-in link was used before, or is no longer valid.',

  gone: 'The server does not answer. Trying again …',
  goneFirst: 'The server does not answer.',
  basemapGone: 'The map below the heat could not be loaded.',
  mapNotLoaded: 'The map could not be loaded.',
  googleGone: 'Google’s map could not be loaded. Another is shown in its place.',
  googleRefused: 'Google does not accept this server’s key for its map. Another is shown in its place.',
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
