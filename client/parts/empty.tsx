import type { Picked } from '../drop.ts';
import { FINGER, useMedia } from '../hooks/use-media.ts';
import { Connect } from '../strava/connect.tsx';
import { useStrava } from '../strava/context.ts';
import { WORDS } from '../words.ts';
import { FileButton } from './file-button.tsx';
import { Icon } from './icon.tsx';

/** Nothing to draw yet: how to change that. */
export function Empty({ onFiles }: { onFiles(files: Picked[]): void }) {
  const { seats, connection } = useStrava();
  const isFinger = useMedia(FINGER);
  return (
    <section class="card centre empty" aria-labelledby="empty-title">
      <div class="empty-mark" aria-hidden="true">
        <Icon name="upload" />
      </div>
      <h2 id="empty-title">{WORDS.emptyTitle}</h2>
      <p>{isFinger ? WORDS.emptyTextFinger : WORDS.emptyText}</p>
      <ul class="kinds">
        {WORDS.emptyKinds.map((kind) => (
          <li key={kind}>{kind}</li>
        ))}
      </ul>
      <div class="empty-buttons">
        <FileButton class="primary" label={WORDS.chooseFiles} onFiles={onFiles} />
        <FileButton class="secondary" label={WORDS.chooseFolder} isFolder onFiles={onFiles} />
      </div>
      {seats && !connection && <Connect seats={seats} withPrivate />}
      <p class="aside">
        <strong>{WORDS.stravaTitle}</strong> {WORDS.stravaText}
      </p>
    </section>
  );
}
