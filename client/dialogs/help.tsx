import type { Viewer } from '../api.ts';
import { WORDS } from '../words.ts';
import { Dialog } from './dialog.tsx';

/** What the keys do, and which version this is. */
export function Help({ viewer, onClose }: { viewer: Viewer; onClose(): void }) {
  return (
    <Dialog title={WORDS.help} onClose={onClose}>
      <dl class="keys">
        {WORDS.keys.map(([key, meaning]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <p class="note">{WORDS.helpClick}</p>
      <p class="note">{WORDS.version(viewer.version)}</p>
    </Dialog>
  );
}
