import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { fetchShares, type MadeShare, revokeShare, type Share } from '../api/shares.ts';
import { filterInWords, lookInWords, stateOf } from '../chosen.ts';
import { useAnswer } from '../hooks/use-answer.ts';
import { formatCount } from '../numbers.ts';
import { Entry, Pending } from '../parts/entries.tsx';
import type { ViewState } from '../state.ts';
import { fromNow } from '../when.ts';
import { COMMON } from '../words/common.ts';
import { SHARE } from '../words/share.ts';
import { Dialog } from './dialog.tsx';
import { FreshShare } from './fresh-share.tsx';
import { endOf, isOver, ShareForm } from './share-form.tsx';

interface ShareDialogProps {
  state: ViewState;
  onClose(): void;
}

/** Links that open the map to others: made, listed, changed, revoked. */
export function ShareDialog({ state, onClose }: ShareDialogProps) {
  const shares = useAnswer(fetchShares);
  const [made, setMade] = useState<MadeShare | null>(null);
  const [changing, setChanging] = useState<Share | null>(null);
  const list = useRef<HTMLUListElement>(null);
  const changed = useRef<string | null>(null);
  // whoever changed one is back where they were
  useLayoutEffect(() => {
    if (changing) changed.current = changing.id;
    else list.current?.querySelector<HTMLElement>(`[data-change="${changed.current}"]`)?.focus();
  }, [changing]);

  const take = async (id: string) => {
    await revokeShare(id);
    if (made?.id === id) setMade(null);
    await shares.again();
  };
  const leave = () => setChanging(null);
  const form = {
    state,
    onMade: (share: MadeShare) => {
      setMade(share);
      void shares.again();
    },
    onChanged: () => shares.again().then(leave),
    onCancel: leave,
  };

  if (changing) {
    return (
      <Dialog title={SHARE.title} onClose={onClose} isWide>
        <ShareForm key={changing.id} share={changing} {...form} />
      </Dialog>
    );
  }
  return (
    <Dialog title={SHARE.title} onClose={onClose} isWide>
      {made ? (
        <FreshShare key={made.id} made={made} onDone={() => setMade(null)} />
      ) : (
        <ShareForm share={null} {...form} />
      )}
      {shares.value === null && <Pending fault={shares.fault} onAgain={shares.again} />}
      {shares.value !== null && shares.value.length > 0 && (
        <section class="entries" aria-labelledby="shares-title">
          <h3 id="shares-title">{SHARE.links}</h3>
          <ul ref={list}>
            {shares.value.map((share) => (
              <Entry
                key={share.id}
                name={share.name}
                facts={factsOf(share)}
                isOver={isOver(share.expiresAt)}
                question={SHARE.revokeQuestion(share.name)}
                onTake={() => take(share.id)}
              >
                <button
                  type="button"
                  class="secondary"
                  data-change={share.id}
                  aria-label={`${COMMON.change}: ${share.name}`}
                  onClick={() => setChanging(share)}
                >
                  {COMMON.change}
                </button>
              </Entry>
            ))}
          </ul>
        </section>
      )}
    </Dialog>
  );
}

function factsOf(share: Share): string {
  const { lastUsedAt, views } = share;
  const shown = stateOf(share);
  return [
    `${filterInWords(shown)}, ${lookInWords(shown)}`,
    endOf(share),
    ...(views > 0 ? [SHARE.views(formatCount(views), views === 1)] : []),
    lastUsedAt === null ? COMMON.neverUsed : COMMON.lastUsed(fromNow(lastUsedAt)),
  ].join(' · ');
}
