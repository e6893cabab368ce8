import { useEffect, useRef, useState } from 'preact/hooks';
import { COMMON } from '../words/common.ts';
import { Icon } from './icon.tsx';

/** For so long it says that it was copied. */
const SAID_MS = 2500;

interface CopyProps {
  text: string;
  /** What it is, for those who do not see it. */
  label: string;
  isPrimary?: boolean;
}

/** Copies a text at one click, and says so. */
export function Copy({ text, label, isPrimary = false }: CopyProps) {
  const [said, setSaid] = useState<'copied' | 'failed' | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (said === null) return;
    const timer = setTimeout(() => setSaid(null), SAID_MS);
    return () => clearTimeout(timer);
  }, [said]);
  // another text: what was said is of the one before
  useEffect(() => setSaid(null), [text]);

  const shown = said === null ? COMMON.copy : said === 'copied' ? COMMON.copied : COMMON.copyFailed;
  return (
    <button
      ref={button}
      type="button"
      class={isPrimary ? 'primary copy' : 'secondary copy'}
      aria-label={`${shown}: ${label}`}
      onClick={async () => setSaid((await copied(text, button.current!)) ? 'copied' : 'failed')}
    >
      <Icon name={said === 'copied' ? 'check' : 'copy'} />
      <span aria-live="polite">{shown}</span>
    </button>
  );
}

/** A text to be copied: seen, selected as a whole, and copied at a click. */
export function Copyable({ text, label, isPrimary, isCode = false }: CopyProps & { isCode?: boolean }) {
  return (
    <div class={isCode ? 'copyable is-code' : 'copyable'}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys */}
      <code tabIndex={0}>{text}</code>
      <Copy text={text} label={label} isPrimary={isPrimary} />
    </div>
  );
}

/** Browsers keep the clipboard from pages without TLS, but not from a selection. */
async function copied(text: string, near: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = document.createElement('textarea');
    field.value = text;
    field.className = 'unseen';
    near.after(field);
    field.select();
    const isCopied = document.execCommand('copy');
    field.remove();
    near.focus();
    return isCopied;
  }
}
