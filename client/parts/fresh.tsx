import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

interface FreshProps {
  title: string;
  note: string;
  children: ComponentChildren;
}

/** What was just made and is shown only now. The form that made it is gone, and with it what had the focus. */
export function Fresh({ title, note, children }: FreshProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => heading.current?.focus(), []);
  return (
    <section class="fresh" aria-labelledby="fresh-title">
      <h3 ref={heading} id="fresh-title" tabIndex={-1}>
        {title}
      </h3>
      <p class="note">{note}</p>
      {children}
    </section>
  );
}
