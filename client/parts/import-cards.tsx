import { useEffect, useRef, useState } from 'preact/hooks';
import type { Import } from '../api.ts';
import type { Imports, Sending } from '../hooks/use-imports.ts';
import { usePointing } from '../hooks/use-pointing.ts';
import { isUnderWay, paceOf } from '../imports.ts';
import type { WorldMap } from '../map/contract.ts';
import { formatCount, formatDuration, formatShort } from '../numbers.ts';
import { FILES } from '../words/imports.ts';
import { WORDS } from '../words.ts';
import { Icon } from './icon.tsx';
import { ImportFiles } from './import-files.tsx';
import { Dismiss } from './notice.tsx';

/** An import that went well needs no answer. */
const GOES_BY_ITSELF_MS = 10_000;

interface ImportCardsProps {
  imports: Imports;
  map: WorldMap | null;
  zoom: number;
  /** An activity is to be seen on the map. */
  onShow(): void;
}

/** What is being sent and imported, and how the last ones ended. */
export function ImportCards({ imports, map, zoom, onShow }: ImportCardsProps) {
  const { show, clear } = usePointing(map, zoom);
  return (
    <>
      {imports.sending.map((one) => (
        <SendingCard key={one.id} one={one} onDismiss={() => imports.dismissSending(one.id)} />
      ))}
      {imports.shown.map((one) => (
        <ImportCard
          key={one.id}
          one={one}
          onShow={(id, box) => {
            onShow();
            show(id, box);
          }}
          onHide={clear}
          onDismiss={() => imports.dismiss(one.id)}
        />
      ))}
    </>
  );
}

function SendingCard({ one, onDismiss }: { one: Sending; onDismiss(): void }) {
  const { label, share, fault } = one;
  return (
    <section class="card import" aria-label={fault === null ? WORDS.uploading(label) : WORDS.nothingAdded}>
      <header class="import-head">
        {fault === null ? <span class="spinner" aria-hidden="true" /> : <Icon name="alert" />}
        <div role="status">
          <h2>{fault === null ? WORDS.uploading(label) : WORDS.nothingAdded}</h2>
        </div>
        <Dismiss onClick={onDismiss} label={fault === null ? WORDS.cancelUpload : WORDS.dismiss} />
      </header>
      {fault === null ? (
        <Bar label={WORDS.uploading(label)} share={share} />
      ) : (
        <p class="fault" role="alert">
          {fault}
        </p>
      )}
    </section>
  );
}

interface ImportCardProps {
  one: Import;
  /** Brings an activity into view beside a box that lies over the map. */
  onShow(activityId: string, box: Element | null): void;
  /** Its list is closed: none is shown any more. */
  onHide(): void;
  onDismiss(): void;
}

function ImportCard({ one, onShow, onHide, onDismiss }: ImportCardProps) {
  const card = useRef<HTMLElement>(null);
  const [isOpen, setOpen] = useState(false);
  const isGoing = isUnderWay(one);
  const wentWell = one.state === 'done' && one.failed === 0;
  // counted from the end of the import, not from each render
  useEffect(() => {
    if (!wentWell || isOpen) return;
    const timer = setTimeout(onDismiss, GOES_BY_ITSELF_MS);
    return () => clearTimeout(timer);
  }, [wentWell, isOpen]);
  useEffect(() => {
    if (isOpen) return onHide;
  }, [isOpen, onHide]);

  return (
    // no landmark: there may be several of one name
    <article ref={card} class="card import" aria-label={WORDS.importing}>
      <header class="import-head">
        {isGoing ? <span class="spinner" aria-hidden="true" /> : <Icon name={wentWell ? 'check' : 'alert'} />}
        <div role="status">
          <h2>{titleOf(one)}</h2>
        </div>
        {!isGoing && <Dismiss onClick={onDismiss} />}
      </header>
      {isGoing && <Bar label={WORDS.importing} share={one.total > 0 ? one.done / one.total : null} />}
      {one.total > 0 && <Figures one={one} />}
      {one.state === 'done' && one.done > one.failed && one.added === 0 && (
        <p>{one.failed > 0 ? WORDS.restKnown : WORDS.allKnown}</p>
      )}
      {(one.done > 0 || one.failed > 0) && (
        <details onToggle={(event) => setOpen(event.currentTarget.open)}>
          <summary class={one.failed > 0 ? 'is-fault' : ''}>
            {one.failed > 0 ? WORDS.failures(formatCount(one.failed), WORDS.files(one.failed)) : FILES.title}
          </summary>
          {isOpen && <ImportFiles one={one} onShow={(id) => onShow(id, card.current)} />}
        </details>
      )}
    </article>
  );
}

function titleOf({ state, added, failed }: Import): string {
  if (state === 'queued') return WORDS.waiting;
  if (state === 'running') return WORDS.importing;
  if (state === 'failed') return WORDS.importFailed;
  if (state === 'cancelled') return WORDS.importCancelled;
  if (failed === 0) return WORDS.imported;
  return added > 0 ? WORDS.importedSome : WORDS.nothingAdded;
}

function Figures({ one }: { one: Import }) {
  const pace = paceOf(one, Date.now() / 1000);
  const isGoing = isUnderWay(one);
  return (
    <p class="figures">
      <span>{WORDS.progress(formatCount(one.done), formatCount(one.total), WORDS.files(one.total))}</span>
      {one.added > 0 && <span>{WORDS.added(formatCount(one.added), WORDS.activities(one.added))}</span>}
      {one.points > 0 && <span>{WORDS.points(formatShort(one.points))}</span>}
      {pace && isGoing && <span>{WORDS.rate(formatShort(pace.rate))}</span>}
      {pace?.left && isGoing ? <span>{WORDS.left(formatDuration(pace.left))}</span> : null}
    </p>
  );
}

/** `share` null: not known yet. */
function Bar({ label, share }: { label: string; share: number | null }) {
  return <progress class="bar" aria-label={label} value={share ?? undefined} max={1} />;
}
