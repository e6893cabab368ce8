import { useEffect, useState } from 'preact/hooks';
import type { Status } from '../api.ts';
import { Icon } from '../parts/icon.tsx';
import { WORDS } from '../words.ts';
import { pillOf } from './sync.ts';

/** "2 min ago" grows older by itself. */
const EVERY_MS = 15_000;

/** How reading from Strava goes on; a click tells more. */
export function SyncPill({ status, onClick }: { status: Status; onClick(): void }) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), EVERY_MS);
    return () => clearInterval(timer);
  }, [status]);
  const pill = pillOf(status, now / 1000);
  if (!pill) return null;
  const { kind, text, share } = pill;
  return (
    <button type="button" class={`card sync-pill is-${kind}`} title={WORDS.strava.title} onClick={onClick}>
      <span class="sync-line" role={kind === 'fault' ? 'alert' : 'status'}>
        {kind === 'busy' && <span class="spinner" aria-hidden="true" />}
        {kind === 'wait' && <Icon name="clock" />}
        {kind === 'done' && <Icon name="check" />}
        {kind === 'fault' && <Icon name="alert" />}
        <span>{text}</span>
      </span>
      {share !== null && <progress class="bar" aria-label={text} value={share} max={1} />}
    </button>
  );
}
