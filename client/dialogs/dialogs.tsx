/** Every window that can lie over the page, by name: one at a time. A new one is a name, a line here, and its file. */
import type { Me, Viewer } from '../api.ts';
import type { DrawnFor } from '../hooks/use-drawn.ts';
import type { Change } from '../hooks/use-view-state.ts';
import type { Ground } from '../map/contract.ts';
import { PrivacyCard, type PrivacyProps } from '../privacy/privacy-card.tsx';
import type { ViewState } from '../state.ts';
import { AccountDialog } from './account.tsx';
import { ActivitiesDialog } from './activities.tsx';
import { Help } from './help.tsx';
import { Poster } from './poster.tsx';
import { Programs } from './programs.tsx';
import { ShareDialog } from './share.tsx';
import { StravaDialog } from './strava.tsx';

export type DialogName =
  | 'account'
  | 'activities'
  | 'help'
  | 'poster'
  | 'privacy'
  | 'programs'
  | 'share'
  | 'strava';

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
}

export function Dialogs(props: DialogsProps) {
  const { open, viewer, onClose } = props;
  switch (open) {
    case 'account':
      return <AccountDialog onClose={onClose} />;
    case 'activities':
      return <ActivitiesDialog {...props} />;
    case 'help':
      return <Help version={viewer.version} onClose={onClose} />;
    case 'share':
      return <ShareDialog {...props} />;
    case 'strava':
      return <StravaDialog onClose={onClose} />;
    case 'poster':
      return <Poster {...props} />;
    case 'privacy':
      return <PrivacyCard {...props} />;
    case 'programs':
      return <Programs {...props} />;
    default:
      return null;
  }
}
