import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { FINGER } from '../hooks/use-media.ts';
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

/**
 * A window over the page, which waits behind it: the browser keeps the focus inside, and closes it on Escape. It begins in
 * the first field to write in, or at the title.
 */
export function Dialog({ title, isWide = false, isBeside = false, children, onClose }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const heading = useRef<HTMLHeadingElement>(null);
  const isGone = useRef(false);
  const isPressedBeside = useRef(false);
  useEffect(() => {
    const { current: box } = dialog;
    box?.showModal();
    // for a finger, the keyboard that comes with a field would cover what the window says
    const isFinger = matchMedia(FINGER).matches;
    const field = isFinger
      ? null
      : box?.querySelector<HTMLElement>('input:is([type="text"], [type="search"])');
    (field ?? heading.current)?.focus();
    return () => {
      isGone.current = true;
      // whoever went back has the focus where it was before, too
      box?.close();
    };
  }, []);

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes it, which the browser sees to
    <dialog
      ref={dialog}
      class={`dialog card ${isWide ? 'is-wide' : ''} ${isBeside ? 'is-beside' : ''}`}
      aria-labelledby={id}
      onClose={() => isGone.current || onClose()}
      onPointerDown={({ target, currentTarget }) => {
        isPressedBeside.current = target === currentTarget;
      }}
      // a text selected from within to beside it is no click beside it, though the browser says so
      onClick={({ target, currentTarget }) =>
        isPressedBeside.current && target === currentTarget && currentTarget.close()
      }
    >
      <div class="dialog-inside">
        <header class="dialog-head">
          <h2 ref={heading} id={id} tabIndex={-1}>
            {title}
          </h2>
          <Dismiss onClick={() => dialog.current?.close()} />
        </header>
        {children}
      </div>
    </dialog>
  );
}
