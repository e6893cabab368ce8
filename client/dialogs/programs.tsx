import { useState } from 'preact/hooks';
import { fetchKeys, type MadeKey, makeKey, revokeKey } from '../api/keys.ts';
import { coloursInWords, filterInWords, tileQuery } from '../chosen.ts';
import { useAnswer } from '../hooks/use-answer.ts';
import { useDoing } from '../hooks/use-doing.ts';
import { Check } from '../panel/choices.tsx';
import { Copyable } from '../parts/copy.tsx';
import { Entry, Pending } from '../parts/entries.tsx';
import type { ViewState } from '../state.ts';
import { fromNow } from '../when.ts';
import { COMMON } from '../words/common.ts';
import { PROGRAMS } from '../words/programs.ts';
import { Dialog } from './dialog.tsx';
import { Templates } from './templates.tsx';

interface ProgramsProps {
  state: ViewState;
  onClose(): void;
}

/** The map as a layer of other programs: the keys that open it, and each program's own spelling of it. */
export function Programs({ state, onClose }: ProgramsProps) {
  const keys = useAnswer(fetchKeys);
  const [made, setMade] = useState<MadeKey | null>(null);

  const take = async (id: string) => {
    await revokeKey(id);
    if (made?.id === id) setMade(null);
    await keys.again();
  };

  return (
    <Dialog title={PROGRAMS.title} onClose={onClose} isWide>
      {made ? (
        <Fresh key={made.id} made={made} state={state} onDone={() => setMade(null)} />
      ) : (
        <>
          <p class="note">{PROGRAMS.about}</p>
          <KeyForm
            onMade={(key) => {
              setMade(key);
              void keys.again();
            }}
          />
        </>
      )}
      {keys.value === null && <Pending fault={keys.fault} onAgain={keys.again} />}
      {keys.value !== null && keys.value.length > 0 && (
        <section class="entries" aria-labelledby="keys-title">
          <h3 id="keys-title">{PROGRAMS.keys}</h3>
          <ul>
            {keys.value.map(({ id, name, createdAt, lastUsedAt }) => (
              <Entry
                key={id}
                name={name}
                facts={[
                  COMMON.made(fromNow(createdAt)),
                  lastUsedAt === null ? COMMON.neverUsed : COMMON.lastUsed(fromNow(lastUsedAt)),
                ].join(' · ')}
                question={PROGRAMS.revokeQuestion(name)}
                onTake={() => take(id)}
              />
            ))}
          </ul>
        </section>
      )}
    </Dialog>
  );
}

function KeyForm({ onMade }: { onMade(key: MadeKey): void }) {
  const [name, setName] = useState('');
  const { isDoing, fault, run } = useDoing();
  const submit = (event: Event) => {
    event.preventDefault();
    void run(async () => onMade(await makeKey(name)));
  };
  return (
    <form class="line-form" onSubmit={submit}>
      <label class="field">
        <span>{COMMON.name}</span>
        <input
          type="text"
          required
          maxLength={100}
          pattern=".*\S.*"
          autocomplete="off"
          placeholder={PROGRAMS.namePlaceholder}
          value={name}
          onInput={(event) => setName(event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="primary" disabled={isDoing}>
        {PROGRAMS.make}
      </button>
      {fault && (
        <p class="fault" role="alert">
          {fault}
        </p>
      )}
    </form>
  );
}

interface FreshProps {
  made: MadeKey;
  state: ViewState;
  onDone(): void;
}

/** A key that was just made: the only time it is shown. */
function Fresh({ made, state, onDone }: FreshProps) {
  const [carries, setCarries] = useState(true);
  const query = tileQuery(state);
  const chosen = `${filterInWords(state)}, ${coloursInWords(state)}`;
  return (
    <section class="fresh" aria-labelledby="fresh-title">
      <h3 id="fresh-title">{PROGRAMS.fresh(made.name)}</h3>
      <p class="note">{PROGRAMS.once}</p>
      {query !== '' && <Check label={PROGRAMS.carry(chosen)} isOn={carries} onChange={setCarries} />}
      <Templates mapKey={made.key} query={carries ? query : ''} />
      <div class="field">
        <span>{PROGRAMS.key}</span>
        <Copyable text={made.key} label={PROGRAMS.key} />
      </div>
      <div class="buttons">
        <button type="button" class="primary" onClick={onDone}>
          {COMMON.done}
        </button>
      </div>
    </section>
  );
}
