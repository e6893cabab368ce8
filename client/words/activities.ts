/** The words of the window that lists activities. */
const many = (count: string, isOne: boolean) => `${count} ${isOne ? 'activity' : 'activities'}`;

export const ACTIVITIES = {
  title: 'Activities',
  listed: 'Listed',
  chosen: 'Chosen on the map',
  inView: 'In view',
  everything: 'All',
  search: 'Search by name',
  loading: (count: string, isOne: boolean) => `${many(count, isOne)} so far …`,
  loaded: many,
  searching: (found: string, count: string) => `${found} found, ${count} searched so far …`,
  searched: (found: string, count: string) => `${found} found among ${count}`,
  none: 'None of your activities is among those chosen on the map.',
  noneInView: 'None of them runs through what the map shows.',
  empty: 'You have no activities yet. Close this, and add recordings.',
  noneFound: 'No name has that in it.',
  undated: 'no date',
  hidden: 'Hidden',
  choose: (name: string) => `Select ${name}`,
  chooseAll: 'Select all',
  chooseLoaded: (count: string) => `Select these ${count}`,
  selected: (count: string) => `${count} selected`,
  hide: 'Hide from others',
  unhide: 'Stop hiding',
  hides: 'Whatever is hidden is left out of everything you share, at once. You still see it.',
  delete: 'Delete',
  deleting: (count: string, isOne: boolean) =>
    `${many(count, isOne)} will be deleted here in a few seconds. What Strava has stays there.`,
  undo: 'Undo',
  notDeleted: (why: string) => `Not all of them were deleted. ${why}`,
} as const;
