/** The words of the window about shares. */
const many = (count: string, isOne: boolean, one: string, more: string) => `${count} ${isOne ? one : more}`;

export const SHARE = {
  title: 'Share',
  about:
    'A link opens this map to whoever has it, without signing in. They see lines, not names or times, and nothing inside your privacy zones.',
  namePlaceholder: 'Such as “Our rides in the Alps”',
  nameNote: 'Visitors read it as the title.',
  expires: 'The link ends after',
  terms: {
    kept: 'As it is',
    hour: '1 hour',
    day: '1 day',
    week: '1 week',
    month: '1 month',
    never: 'Never',
  },
  endsAsNow: (end: string) => `It ${end}.`,
  shows: 'It shows',
  drawn: 'It is drawn',
  sources: { kept: 'As it is', chosen: 'As on the map', everything: 'All activities' },
  bySport: 'Visitors can then tell your sports apart.',
  changing: (name: string) => `Change “${name}”`,
  viewerFilters: 'Visitors may choose sports and dates among these',
  embed: 'Other sites may show it inside their pages',
  make: 'Make a link',
  seen: (count: string) => `Of all your activities, ${count} can be seen by others.`,
  leftOut: {
    pending: (count: string, isOne: boolean) =>
      many(count, isOne, 'is being made ready', 'are being made ready'),
    hidden: (count: string, isOne: boolean) => many(count, isOne, 'is hidden by you', 'are hidden by you'),
    notPublic: (count: string, isOne: boolean) =>
      many(count, isOne, 'is not for everyone at Strava', 'are not for everyone at Strava'),
    withinHidden: (count: string, isOne: boolean) =>
      many(count, isOne, 'lies within your privacy zones', 'lie within your privacy zones'),
    fromStravaApi: (count: string, isOne: boolean) =>
      many(
        count,
        isOne,
        'came from Strava’s connection, which only you may see. Add your Strava export as a file to share it',
        'came from Strava’s connection, which only you may see. Add your Strava export as a file to share them',
      ),
  },
  leftOutTitle: 'Left out:',
  links: 'Your links',
  fresh: (name: string) => `“${name}” is shared`,
  once: 'The link is shown only now: copy it before you close this.',
  link: 'The link',
  send: 'Send',
  look: 'Open it',
  frame: 'To show it inside a page',
  programs: 'In other map programs',
  until: (when: string) => `ends ${when}`,
  ended: (when: string) => `ended ${when}`,
  never: 'never ends',
  views: (count: string, isOne: boolean) => many(count, isOne, 'view', 'views'),
  revokeQuestion: (name: string) => `Revoke “${name}”? Its link stops working at once, for everybody.`,
} as const;
