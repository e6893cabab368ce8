/** Every window that can lie over the page, by name: one at a time. A new one is a name, a line here, and its file. */
import type { Viewer } from '../api.ts';
import { Help } from './help.tsx';
import { StravaDialog } from './strava.tsx';

export type DialogName = 'help' | 'strava';

interface DialogsProps {
  open: DialogName | null;
  viewer: Viewer;
  onClose(): void;
}

export function Dialogs({ open, viewer, onClose }: DialogsProps) {
  switch (open) {
    case 'help':
      return <Help version={viewer.version} onClose={onClose} />;
    case 'strava':
      return <StravaDialog onClose={onClose} />;
    default:
      return null;
  }
}
