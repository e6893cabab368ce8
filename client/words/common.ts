/** Words that several windows share. */
export const COMMON = {
  copy: 'Copy',
  copied: 'Copied',
  copyFailed: 'Select it to copy',
  save: 'Save',
  change: 'Change',
  cancel: 'Cancel',
  done: 'Done',
  keep: 'Keep',
  revoke: 'Revoke',
  wait: 'One moment …',
  again: 'Try again',
  name: 'Name',
  more: 'Show more',
  show: 'Show on the map',
  made: (when: string) => `made ${when}`,
  lastUsed: (when: string) => `last used ${when}`,
  neverUsed: 'never used',
  justNow: 'just now',
  soon: 'in a moment',
  answered: (status: number) => `The server answered with status ${status}.`,
} as const;

/** Numbers with what they measure. */
export const MEASURES = {
  metres: (count: string) => `${count} m`,
  kilometres: (count: string) => `${count} km`,
  feet: (count: string) => `${count} ft`,
  miles: (count: string) => `${count} mi`,
  seconds: (count: number) => `${count} s`,
  minutes: (count: number) => `${count} min`,
  hours: (count: number) => `${count} h`,
  days: (count: number) => `${count} days`,
} as const;

/** What is chosen on the map, in words. */
export const CHOSEN = {
  all: 'All activities',
  more: (count: number) => `${count} more`,
  between: (from: string, to: string) => `${from} to ${to}`,
  since: (day: string) => `since ${day}`,
  until: (day: string) => `until ${day}`,
  commute: { only: 'only commutes', none: 'without commutes' },
  virtual: 'virtual ones too',
  visibility: { public: 'only what others may see', private: 'only what others may not see' },
  colours: (name: string) => `in ${name}`,
  ownColours: 'in your own colours',
  bySport: 'each sport in its own colour',
  brighter: 'brighter',
  darker: 'darker',
  opacity: (percent: string) => `${percent} opaque`,
} as const;
