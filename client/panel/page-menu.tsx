import { DIALOG_NAMES, DIALOGS, type DialogName } from '../dialogs/table.ts';
import { type Theme, type Units, usePreferences } from '../hooks/use-preferences.ts';
import { Menu, MenuEntry } from '../parts/menu.tsx';
import { useStrava } from '../strava/context.ts';
import { WORDS } from '../words.ts';
import { Part, Segments } from './choices.tsx';

interface PageMenuProps {
  /** There are no activities. */
  isEmpty: boolean;
  onDialog(name: DialogName): void;
  onSignOut(): void;
}

const THEMES = (['system', 'dark', 'light'] as const).map((value) => ({ value, label: WORDS.themes[value] }));
const UNITS = (['metric', 'imperial'] as const).map((value) => ({ value, label: WORDS.unitNames[value] }));

/** What is about the page, and not about the map. */
export function PageMenu({ isEmpty, onDialog, onSignOut }: PageMenuProps) {
  const { theme, units, prefer } = usePreferences();
  const { seats } = useStrava();
  const names = DIALOG_NAMES.filter((name) => (name === 'poster' ? !isEmpty : name !== 'strava' || seats));
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
            {names.map((name) => (
              <MenuEntry
                key={name}
                {...DIALOGS[name]}
                onClick={() => {
                  close();
                  onDialog(name);
                }}
              />
            ))}
            <MenuEntry
              icon="leave"
              label={WORDS.signOut}
              onClick={() => {
                close();
                onSignOut();
              }}
            />
          </div>
        </>
      )}
    </Menu>
  );
}
