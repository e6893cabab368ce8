/** The words of a map that somebody shared, as its visitors read them. */
export const SHARED = {
  panel: 'About this map',
  showFilters: 'Choose sports and dates',
  hideFilters: 'Hide the choices',
  open: (name: string) => `${name}: open in a window of its own`,
  nothing: 'There is nothing on this map yet.',
  nothingMatches: 'Nothing on this map matches these choices.',
  endedTitle: 'This map is not shared any more',
  ended:
    'The link has ended, was taken back, or was not copied in full. Whoever gave it to you can make another.',
} as const;
