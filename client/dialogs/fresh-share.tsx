import type { MadeShare } from '../api/shares.ts';
import { Copyable } from '../parts/copy.tsx';
import { Fresh } from '../parts/fresh.tsx';
import { COMMON } from '../words/common.ts';
import { SHARE } from '../words/share.ts';
import { WORDS } from '../words.ts';
import { Templates } from './templates.tsx';

interface FreshShareProps {
  made: MadeShare;
  onDone(): void;
}

/** A link that was just made: the only time it is shown. */
export function FreshShare({ made, onDone }: FreshShareProps) {
  const { name, url, key, embed } = made;
  return (
    <Fresh title={SHARE.fresh(name)} note={SHARE.once}>
      <Copyable text={url} label={SHARE.link} isPrimary />
      <div class="buttons is-left">
        {'share' in navigator && (
          <button type="button" class="secondary" onClick={() => void offer(name, url)}>
            {SHARE.send}
          </button>
        )}
        <a class="secondary" href={url} target="_blank" rel="noreferrer">
          {SHARE.look}
        </a>
      </div>
      {embed && (
        <div class="field">
          <span>{SHARE.frame}</span>
          <Copyable text={frameOf(url)} label={SHARE.frame} isCode />
        </div>
      )}
      <details class="more">
        <summary>{SHARE.programs}</summary>
        <Templates mapKey={key} query="" />
      </details>
      <div class="buttons">
        <button type="button" class="secondary" onClick={onDone}>
          {COMMON.done}
        </button>
      </div>
    </Fresh>
  );
}

/** Whoever changes their mind has lost nothing: the link is still there. */
function offer(title: string, url: string): Promise<void> {
  return navigator.share({ title, url }).catch(() => undefined);
}

function frameOf(url: string): string {
  return `<iframe src="${url}" title="${WORDS.title}" width="100%" height="480" style="border: 0" loading="lazy"></iframe>`;
}
