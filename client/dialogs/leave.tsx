import { useEffect, useRef, useState } from 'preact/hooks';
import { deleteEverything } from '../api/account.ts';
import { useDoing } from '../hooks/use-doing.ts';
import { ACCOUNT } from '../words/account.ts';
import { COMMON } from '../words/common.ts';

/** Leaving for good: what goes and what stays, and a word to type before it happens. */
export function Leave({ onGone }: { onGone(): void }) {
  const [isAsking, setAsking] = useState(false);
  return (
    <section class="entries" aria-labelledby="leave-title">
      <h3 id="leave-title">{ACCOUNT.leave}</h3>
      <p class="note">{ACCOUNT.leaveNote}</p>
      <p class="note">{ACCOUNT.kept}</p>
      {isAsking ? (
        <Confirm onGone={onGone} onKeep={() => setAsking(false)} />
      ) : (
        <div class="buttons is-left">
          <button type="button" class="danger" onClick={() => setAsking(true)}>
            {ACCOUNT.remove}
          </button>
        </div>
      )}
    </section>
  );
}

function Confirm({ onGone, onKeep }: { onGone(): void; onKeep(): void }) {
  const [typed, setTyped] = useState('');
  const { isDoing, fault, run } = useDoing();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const isMeant = typed.trim().toLowerCase() === ACCOUNT.word;

  const submit = (event: Event) => {
    event.preventDefault();
    if (isMeant) void run(() => deleteEverything().then(onGone));
  };
  return (
    <form class="stack" onSubmit={submit}>
      <label class="field">
        <span>{ACCOUNT.typeWord(ACCOUNT.word)}</span>
        <input
          ref={field}
          type="text"
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          value={typed}
          disabled={isDoing}
          onInput={({ currentTarget }) => setTyped(currentTarget.value)}
        />
      </label>
      {fault && (
        <p class="fault" role="alert">
          {fault}
        </p>
      )}
      <div class="buttons is-left">
        <button type="submit" class="danger" disabled={!isMeant || isDoing}>
          {isDoing ? ACCOUNT.removing : ACCOUNT.removeNow}
        </button>
        <button type="button" class="secondary" disabled={isDoing} onClick={onKeep}>
          {COMMON.keep}
        </button>
      </div>
    </form>
  );
}
