/** The words of what others do not see. */
const point = (isFinger: boolean) => (isFinger ? 'Tap' : 'Click on');

export const PRIVACY = {
  title: 'Privacy',
  about:
    'Others never see what lies inside a zone. What is cut is somewhat larger and off the middle, so that it does not point at your door. You see everything.',
  zones: 'Zones',
  none: (isFinger: boolean) =>
    `You have no zones. ${point(isFinger)} the map where one is to be, or add one here.`,
  hint: (isFinger: boolean) => `${point(isFinger)} the map for another one, or add it here.`,
  addInMiddle: 'Add one in the middle of the map',
  remove: 'Remove',
  removeQuestion: (name: string) => `Remove “${name}”? Others then see what lies in it.`,
  suggestions: 'Many activities begin or end here',
  suggestion: (count: string) => `${count} activities`,
  add: 'Add',
  fresh: 'New zone',
  changed: 'Change the zone',
  namePlaceholder: 'Such as “Home”',
  move: (isFinger: boolean) => `${point(isFinger)} the map to move it, or move it here.`,
  middle: 'Middle: latitude, longitude',
  moveIt: 'Move the zone, also with the arrow keys',
  north: 'To the north',
  east: 'To the east',
  south: 'To the south',
  west: 'To the west',
  radius: 'Radius',
  ends: 'Hidden ends',
  endsAbout: 'Of every activity, wherever it is, others do not see at least',
  first: 'The first',
  last: 'The last',
  nothing: 'Nothing',
  asOthers: 'Show the map as others see it',
} as const;
