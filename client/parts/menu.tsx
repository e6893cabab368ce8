import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { WORDS } from '../words.ts';
import { Icon, type IconName } from './icon.tsx';

/** What is seldom wanted, behind one button. A click beside it closes it, and does nothing else. */
export function Menu({ children }: { children(close: () => void): ComponentChildren }) {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const menu = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    if (!isOpen) return;
    const outside = ({ target }: Event) => {
      if (target instanceof Node && !menu.current?.contains(target) && !button.current?.contains(target)) {
        setOpen(false);
      }
    };
    addEventListener('focusin', outside);
    return () => removeEventListener('focusin', outside);
  }, [isOpen]);

  // what had the focus goes with the menu; a window that is opened gives it back to the button, too
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  const closeByKey = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !isOpen) return;
    event.stopPropagation();
    close();
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only hears the key that closes the menu
    <div class="menu" onKeyDown={closeByKey}>
      <button
        ref={button}
        type="button"
        class="icon-button"
        aria-label={WORDS.menu}
        title={WORDS.menu}
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setOpen(!isOpen)}
      >
        <Icon name="more" />
      </button>
      {isOpen && (
        // biome-ignore lint/a11y/noStaticElementInteractions: keys have Escape
        // biome-ignore lint/a11y/useKeyWithClickEvents: keys have Escape
        <div class="menu-shade" onClick={close} />
      )}
      <div ref={menu} id={id} class="menu-body card" hidden={!isOpen}>
        {isOpen && children(close)}
      </div>
    </div>
  );
}

interface MenuEntryProps {
  icon: IconName;
  label: string;
  onClick(): void;
}

export function MenuEntry({ icon, label, onClick }: MenuEntryProps) {
  return (
    <button type="button" class="menu-entry" onClick={onClick}>
      <Icon name={icon} />
      {label}
    </button>
  );
}
