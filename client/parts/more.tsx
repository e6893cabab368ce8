import { useEffect, useRef } from 'preact/hooks';
import { COMMON } from '../words/common.ts';

/** The end of a list that scrolls, which loads what comes after it when it comes into view. */
export function More({ onSeen }: { onSeen(): void }) {
  const end = useRef<HTMLLIElement>(null);
  const seen = useRef(onSeen);
  seen.current = onSeen;
  useEffect(() => {
    const observer = new IntersectionObserver(([{ isIntersecting }]) => isIntersecting && seen.current(), {
      root: end.current!.parentElement,
      rootMargin: '600px',
    });
    observer.observe(end.current!);
    return () => observer.disconnect();
  });
  return (
    <li ref={end} class="goes-on">
      <button type="button" class="quiet" onClick={onSeen}>
        {COMMON.more}
      </button>
    </li>
  );
}
