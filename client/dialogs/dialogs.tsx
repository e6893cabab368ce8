import type { ComponentType } from 'preact';
import type { Me, Viewer } from '../api.ts';
import type { DrawnFor } from '../hooks/use-drawn.ts';
import type { Change } from '../hooks/use-view-state.ts';
import type { Ground, Room } from '../map/contract.ts';
import { PrivacyCard, type PrivacyProps } from '../privacy/privacy-card.tsx';
import type { ViewState } from '../state.ts';
import { AccountDialog } from './account.tsx';
import { ActivitiesDialog } from './activities.tsx';
import { Help } from './help.tsx';
import { Poster } from './poster.tsx';
import { Programs } from './programs.tsx';
import { ShareDialog } from './share.tsx';
import { StravaDialog } from './strava.tsx';
import type { DialogName } from './table.ts';

/** What windows are given: all that is known on the page. */
export interface DialogsProps extends PrivacyProps {
  open: DialogName | null;
  viewer: Viewer;
  me: Me;
  state: ViewState;
  change: Change;
  /** null: not known yet. */
  drawn: DrawnFor | null;
  /** What the heat lies on. */
  ground: Ground;
  /** What of the map is covered. */
  room: Room;
  /** What the page has to say when the window that it is about may be closed. */
  onFault(fault: string): void;
}

const WINDOWS: Record<DialogName, ComponentType<DialogsProps>> = {
  strava: StravaDialog,
  activities: ActivitiesDialog,
  share: ShareDialog,
  privacy: PrivacyCard,
  programs: Programs,
  poster: Poster,
  account: AccountDialog,
  help: Help,
};

/** The window that is open: one at a time. A new one is a line in `table.ts`, a line above, and its file. */
export function Dialogs(props: DialogsProps) {
  const Window = props.open && WINDOWS[props.open];
  return Window && <Window {...props} />;
}
