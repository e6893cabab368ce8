import { COMMON } from '../words/common.ts';
import { WORDS } from '../words.ts';
import { Icon } from './icon.tsx';

interface NoticeProps {
  text: string;
  kind: 'plain' | 'wait' | 'fault';
  action?: string | null;
  onAction?(): void;
  onDismiss?(): void;
}

/** One sentence over the map, with at most one thing to do about it. */
export function Notice({ text, kind, action, onAction, onDismiss }: NoticeProps) {
  return (
    <div class={`card notice is-${kind}`} role={kind === 'fault' ? 'alert' : 'status'}>
      {kind === 'wait' && <span class="spinner" aria-hidden="true" />}
      {kind === 'fault' && <Icon name="alert" />}
      <p>{text}</p>
      {action && (
        <button type="button" class="quiet" onClick={onAction}>
          {action}
        </button>
      )}
      {onDismiss && <Dismiss onClick={onDismiss} />}
    </div>
  );
}

/** What went wrong on the page. */
export interface Fault {
  text: string;
  /** What may mend it. */
  again?(): void;
}

export function FaultNotice({ fault, onDismiss }: { fault: Fault; onDismiss(): void }) {
  const { text, again } = fault;
  return (
    <Notice
      text={text}
      kind="fault"
      action={again && COMMON.again}
      onAction={() => {
        onDismiss();
        again?.();
      }}
      onDismiss={onDismiss}
    />
  );
}

export function Dismiss({ onClick, label = WORDS.dismiss }: { onClick(): void; label?: string }) {
  return (
    <button type="button" class="icon-button is-small" aria-label={label} title={label} onClick={onClick}>
      <Icon name="close" />
    </button>
  );
}
