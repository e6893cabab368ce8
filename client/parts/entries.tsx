/** A list of things that can be taken away again, each after a question. */
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useDoing } from '../hooks/use-doing.ts';
import { COMMON } from '../words/common.ts';

interface EntryProps {
  name: string;
  /** One line below the name. */
  facts: string;
  /** It is no longer of use. */
  isOver?: boolean;
  question: string;
  /** What is done to it, on the button. */
  verb?: string;
  onTake(): Promise<void>;
  /** Further buttons. */
  children?: ComponentChildren;
}

/** One of the list. It asks before it goes, and stays with the reason when it cannot. */
export function Entry({ name, facts, isOver, question, verb = COMMON.revoke, onTake, children }: EntryProps) {
  const [isAsking, setAsking] = useState(false);
  const { isDoing, fault, run } = useDoing();
  const keep = useRef<HTMLButtonElement>(null);
  const take = useRef<HTMLButtonElement>(null);
  const row = useRef<HTMLLIElement>(null);
  const hasAsked = useRef(false);
  useLayoutEffect(() => {
    if (isAsking) keep.current?.focus();
    else if (hasAsked.current) take.current?.focus();
    hasAsked.current = isAsking;
  }, [isAsking]);
  useLayoutEffect(() => {
    const { current: mine } = row;
    return () => mine && passFocusOn(mine);
  }, []);

  return (
    <li ref={row} class={isOver ? 'entry is-over' : 'entry'}>
      <div class="entry-words">
        <strong title={name}>{name}</strong>
        <span>{facts}</span>
      </div>
      {!isAsking && (
        <div class="entry-buttons">
          {children}
          <button
            ref={take}
            type="button"
            class="secondary"
            aria-label={`${verb}: ${name}`}
            onClick={() => setAsking(true)}
          >
            {verb}
          </button>
        </div>
      )}
      {isAsking && (
        <div class="entry-question" role="alert">
          <p>{question}</p>
          <button type="button" class="danger" aria-disabled={isDoing} onClick={() => void run(onTake)}>
            {verb}
          </button>
          <button ref={keep} type="button" class="secondary" onClick={() => setAsking(false)}>
            {COMMON.keep}
          </button>
        </div>
      )}
      {fault && (
        <p class="fault" role="alert">
          {fault}
        </p>
      )}
    </li>
  );
}

/** When a row goes that has the focus: to the one after or before it, or else to the window around the list. */
function passFocusOn(row: HTMLLIElement) {
  if (!row.contains(document.activeElement)) return;
  const button = (one: Element | null) => one?.querySelector<HTMLElement>('button');
  const whole = row.closest<HTMLElement>('[tabindex="-1"], dialog');
  const title = whole?.matches('dialog') ? whole.querySelector<HTMLElement>('[tabindex="-1"]') : whole;
  const places = [button(row.nextElementSibling), button(row.previousElementSibling), title];
  // when all that goes has gone, and unless something else took the focus
  queueMicrotask(() => {
    if (document.activeElement === document.body) places.find((one) => one?.isConnected)?.focus();
  });
}

/** Something is not there yet, or why it is not. */
export function Pending({ fault, onAgain }: { fault: string | null; onAgain(): void }) {
  if (fault === null) {
    return (
      <p class="pending" role="status">
        <span class="spinner" aria-hidden="true" />
        {COMMON.wait}
      </p>
    );
  }
  return (
    <div class="pending" role="alert">
      <p class="fault">{fault}</p>
      <button type="button" class="secondary" onClick={onAgain}>
        {COMMON.again}
      </button>
    </div>
  );
}
