import { useState } from 'preact/hooks';
import { fetchShares, type MadeShare, revokeShare, type Share } from '../api/shares.ts';
import { useAnswer } from '../hooks/use-answer.ts';
import { formatCount } from '../numbers.ts';
import { Entry, Pending } from '../parts/entries.tsx';
import type { ViewState } from '../state.ts';
import { fromNow } from '../when.ts';
import { COMMON } from '../words/common.ts';
import { SHARE } from '../words/share.ts';
import { Dialog } from './dialog.tsx';
import { FreshShare } from './fresh-share.tsx';
import { ShareForm } from './share-form.tsx';

interface ShareDialogProps {
  state: ViewState;
  onClose(): void;
}

/** Links that open the map to others: made, listed, revoked. */
export function ShareDialog({ state, onClose }: ShareDialogProps) {
  const shares = useAnswer(fetchShares);
  const [made, setMade] = useState<MadeShare | null>(null);

  const take = async (id: string) => {
    await revokeShare(id);
    if (made?.id === id) setMade(null);
    await shares.again();
  };
  const onMade = (share: MadeShare) => {
    setMade(share);
    void shares.again();
  };

  return (
    <Dialog title={SHARE.title} onClose={onClose} isWide>
      {made ? (
        <FreshShare key={made.id} made={made} onDone={() => setMade(null)} />
      ) : (
        <ShareForm state={state} onMade={onMade} />
      )}
      {shares.value === null && <Pending fault={shares.fault} onAgain={shares.again} />}
      {shares.value !== null && shares.value.length > 0 && (
        <section class="entries" aria-labelledby="shares-title">
          <h3 id="shares-title">{SHARE.links}</h3>
          <ul>
            {shares.value.map((share) => (
              <Entry
                key={share.id}
                name={share.name}
                facts={factsOf(share)}
                isOver={isOver(share)}
                question={SHARE.revokeQuestion(share.name)}
                onTake={() => take(share.id)}
              />
            ))}
          </ul>
        </section>
      )}
    </Dialog>
  );
}

function isOver({ expiresAt }: Share): boolean {
  return expiresAt !== null && expiresAt * 1000 <= Date.now();
}

function factsOf(share: Share): string {
  const { expiresAt, lastUsedAt, views } = share;
  const end = expiresAt === null ? SHARE.never : SHARE[isOver(share) ? 'ended' : 'until'](fromNow(expiresAt));
  return [
    end,
    SHARE.views(formatCount(views), views === 1),
    lastUsedAt === null ? COMMON.neverUsed : COMMON.lastUsed(fromNow(lastUsedAt)),
  ].join(' · ');
}
