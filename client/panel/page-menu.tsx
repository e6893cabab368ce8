import type { DialogName } from '../dialogs/dialogs.tsx';
import { type Theme, type Units, usePreferences } from '../hooks/use-preferences.ts';
import type { IconName } from '../parts/icon.tsx';
import { Menu, MenuEntry } from '../parts/menu.tsx';
import { useStrava } from '../strava/context.ts';
import { ACCOUNT } from '../words/account.ts';
import { ACTIVITIES } from '../words/activities.ts';
import { POSTER } from '../words/poster.ts';
import { PRIVACY } from '../words/privacy.ts';
import { PROGRAMS } from '../words/programs.ts';
import { SHARE } from '../words/share.ts';
import { WORDS } from '../words.ts';
import { Part, Segments } from './choices.tsx';

interface PageMenuProps {
  onDialog(name: DialogName): void;
  onSignOut(): void;
}

const THEMES = (['system', 'dark', 'light'] as const).map((value) => ({ value, label: WORDS.themes[value] }));
const UNITS = (['metric', 'imperial'] as const).map((value) => ({ value, label: WORDS.unitNames[value] }));

/** The windows that open from here, in this order. */
const ENTRIES: { name: DialogName; icon: IconName; label: string }[] = [
  { name: 'activities', icon: 'list', label: ACTIVITIES.title },
  { name: 'share', icon: 'share', label: SHARE.title },
  { name: 'privacy', icon: 'veiled', label: PRIVACY.title },
  { name: 'programs', icon: 'layers', label: PROGRAMS.title },
  { name: 'poster', icon: 'print', label: POSTER.title },
  { name: 'account', icon: 'lock', label: ACCOUNT.title },
  { name: 'help', icon: 'keys', label: WORDS.help },
];

/** What is about the page, and not about the map. */
export function PageMenu({ onDialog, onSignOut }: PageMenuProps) {
  const { theme, units, prefer } = usePreferences();
  const { seats } = useStrava();
  return (
    <Menu>
      {(close) => (
        <>
          <Part title={WORDS.theme}>
            <Segments<Theme>
              name="theme"
              choices={THEMES}
              value={theme}
              onChange={(to) => prefer({ theme: to })}
            />
          </Part>
          <Part title={WORDS.units}>
            <Segments<Units>
              name="units"
              choices={UNITS}
              value={units}
              onChange={(to) => prefer({ units: to })}
            />
          </Part>
          <div class="menu-entries">
            {seats && (
              <MenuEntry
                icon="link"
                label={WORDS.strava.title}
                onClick={() => {
                  close();
                  onDialog('strava');
                }}
              />
            )}
            {ENTRIES.map(({ name, icon, label }) => (
              <MenuEntry
                key={name}
                icon={icon}
                label={label}
                onClick={() => {
                  close();
                  onDialog(name);
                }}
              />
            ))}
            <MenuEntry icon="leave" label={WORDS.signOut} onClick={onSignOut} />
          </div>
        </>
      )}
    </Menu>
  );
}
