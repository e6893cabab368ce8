import { useState } from 'preact/hooks';
import { fetchKeys, type MadeKey, makeKey, revokeKey } from '../api/keys.ts';
import { coloursInWords, filterInWords, tileQuery } from '../chosen.ts';
import { useAnswer } from '../hooks/use-answer.ts';
import { Check } from '../panel/choices.tsx';
import { Copyable } from '../parts/copy.tsx';
import { Pending } from '../parts/entries.tsx';
import { Form, NameField } from '../parts/form.tsx';
import { Fresh } from '../parts/fresh.tsx';
import type { ViewState } from '../state.ts';
import { COMMON } from '../words/common.ts';
import { PROGRAMS } from '../words/programs.ts';
import { Dialog } from './dialog.tsx';
import { KeyEntry } from './key-entry.tsx';
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
        <FreshKey key={made.id} made={made} state={state} onDone={() => setMade(null)} />
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
            {keys.value.map((value) => (
              <KeyEntry key={value.id} value={value} onRenamed={keys.again} onRevoke={() => take(value.id)} />
            ))}
          </ul>
        </section>
      )}
    </Dialog>
  );
}

function KeyForm({ onMade }: { onMade(key: MadeKey): void }) {
  const [name, setName] = useState('');
  return (
    <Form class="line-form" verb={PROGRAMS.make} onSubmit={async () => onMade(await makeKey(name))}>
      <NameField name={name} example={PROGRAMS.namePlaceholder} isFocused onName={setName} />
    </Form>
  );
}

interface FreshKeyProps {
  made: MadeKey;
  state: ViewState;
  onDone(): void;
}

/** A key that was just made: the only time it is shown. */
function FreshKey({ made, state, onDone }: FreshKeyProps) {
  const [carries, setCarries] = useState(true);
  const query = tileQuery(state);
  const chosen = `${filterInWords(state)}, ${coloursInWords(state)}`;
  return (
    <Fresh title={PROGRAMS.fresh(made.name)} note={PROGRAMS.once}>
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
    </Fresh>
  );
}
