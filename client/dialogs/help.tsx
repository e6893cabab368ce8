import { WORDS } from '../words.ts';
import { Dialog } from './dialog.tsx';

/** What the keys do, and which version this is. */
export function Help({ version, onClose }: { version: string; onClose(): void }) {
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
      <p class="note">{WORDS.version(version)}</p>
    </Dialog>
  );
}
