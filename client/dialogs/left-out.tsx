import { useEffect } from 'preact/hooks';
import { fetchSharing, type SharedCounts } from '../api/shares.ts';
import { useAnswer } from '../hooks/use-answer.ts';
import { formatCount } from '../numbers.ts';
import { Pending } from '../parts/entries.tsx';
import { SHARE } from '../words/share.ts';

type Reason = Exclude<keyof SharedCounts, 'shown'>;

const REASONS: Reason[] = ['fromStravaApi', 'notPublic', 'hidden', 'withinHidden', 'pending'];
/** While some are being made ready it is asked again. */
const AGAIN_MS = 2000;

/** How many activities others can see at all, and why not the rest. `onSettled`: none is being made ready. */
export function LeftOut({ onSettled }: { onSettled?(): void }) {
  const { value, fault, again } = useAnswer(fetchSharing);
  const pending = value?.pending ?? null;
  useEffect(() => {
    if (pending === null) return;
    if (pending === 0) return onSettled?.();
    let isOver = false;
    let timer = 0;
    // also after an answer that told nothing new, or none at all
    const later = () => {
      if (!isOver) timer = window.setTimeout(() => void again().then(later), AGAIN_MS);
    };
    later();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [pending, again]);

  if (value === null) return <Pending fault={fault} onAgain={again} />;
  const reasons = REASONS.filter((reason) => value[reason] > 0);
  return (
    <div class="left-out" role="status">
      <p>
        {SHARE.seen(formatCount(value.shown))}
        {reasons.length > 0 && ` ${SHARE.leftOutTitle}`}
      </p>
      {reasons.length > 0 && (
        <ul>
          {reasons.map((reason) => (
            <li key={reason}>{SHARE.leftOut[reason](formatCount(value[reason]), value[reason] === 1)}</li>
          ))}
        </ul>
      )}
    </div>
  );
}
