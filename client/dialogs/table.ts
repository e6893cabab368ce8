import type { IconName } from '../parts/icon.tsx';
import { ACCOUNT } from '../words/account.ts';
import { ACTIVITIES } from '../words/activities.ts';
import { POSTER } from '../words/poster.ts';
import { PRIVACY } from '../words/privacy.ts';
import { PROGRAMS } from '../words/programs.ts';
import { SHARE } from '../words/share.ts';
import { WORDS } from '../words.ts';

/** Every window that can lie over the page, as the menu has it, in its order; the label is the window's title too. */
export const DIALOGS = {
  strava: { icon: 'link', label: WORDS.strava.title },
  activities: { icon: 'list', label: ACTIVITIES.title },
  share: { icon: 'share', label: SHARE.title },
  privacy: { icon: 'veiled', label: PRIVACY.title },
  programs: { icon: 'layers', label: PROGRAMS.title },
  poster: { icon: 'print', label: POSTER.title },
  account: { icon: 'lock', label: ACCOUNT.title },
  help: { icon: 'keys', label: WORDS.help },
} as const satisfies Record<string, { icon: IconName; label: string }>;

export type DialogName = keyof typeof DIALOGS;

export const DIALOG_NAMES = Object.keys(DIALOGS) as DialogName[];
