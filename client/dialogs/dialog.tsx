import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { Dismiss } from '../parts/notice.tsx';

interface DialogProps {
  title: string;
  /** For lists and long texts. */
  isWide?: boolean;
  /** At the left, so that the map is seen. */
  isBeside?: boolean;
  children: ComponentChildren;
  onClose(): void;
}

/** A window over the page, which waits behind it: the browser keeps the focus inside and closes it on Escape. */
export function Dialog({ title, isWide = false, isBeside = false, children, onClose }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => dialog.current?.showModal(), []);

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes it, which the browser sees to
    <dialog
      ref={dialog}
      class={`dialog card ${isWide ? 'is-wide' : ''} ${isBeside ? 'is-beside' : ''}`}
      aria-labelledby={id}
      onClose={onClose}
      onClick={({ target, currentTarget }) => target === currentTarget && currentTarget.close()}
    >
      <div class="dialog-inside">
        <header class="dialog-head">
          <h2 id={id}>{title}</h2>
          <Dismiss onClick={() => dialog.current?.close()} />
        </header>
        {children}
      </div>
    </dialog>
  );
}
