import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { type OwnerKey, renameKey } from '../api/keys.ts';
import { Entry } from '../parts/entries.tsx';
import { Form, NameField } from '../parts/form.tsx';
import { fromNow } from '../when.ts';
import { COMMON } from '../words/common.ts';
import { PROGRAMS } from '../words/programs.ts';

interface KeyEntryProps {
  value: OwnerKey;
  onRenamed(): Promise<void>;
  onRevoke(): Promise<void>;
}

/** A key that opens the map to programs: renamed where it stands, or revoked. */
export function KeyEntry({ value, onRenamed, onRevoke }: KeyEntryProps) {
  const { id, name, createdAt, lastUsedAt } = value;
  const [typed, setTyped] = useState<string | null>(null);
  const rename = useRef<HTMLButtonElement>(null);
  const wasNaming = useRef(false);
  const isNaming = typed !== null;
  useLayoutEffect(() => {
    if (!isNaming && wasNaming.current) rename.current?.focus();
    wasNaming.current = isNaming;
  }, [isNaming]);

  if (isNaming) {
    const save = async () => {
      await renameKey(id, typed);
      await onRenamed();
      setTyped(null);
    };
    return (
      <li class="entry">
        <Form class="line-form" verb={COMMON.save} onSubmit={save} onCancel={() => setTyped(null)}>
          <NameField name={typed} example={PROGRAMS.namePlaceholder} isFocused onName={setTyped} />
        </Form>
      </li>
    );
  }
  return (
    <Entry
      name={name}
      facts={[
        COMMON.made(fromNow(createdAt)),
        lastUsedAt === null ? COMMON.neverUsed : COMMON.lastUsed(fromNow(lastUsedAt)),
      ].join(' · ')}
      question={PROGRAMS.revokeQuestion(name)}
      onTake={onRevoke}
    >
      <button
        ref={rename}
        type="button"
        class="secondary"
        aria-label={`${PROGRAMS.rename}: ${name}`}
        onClick={() => setTyped(name)}
      >
        {PROGRAMS.rename}
      </button>
    </Entry>
  );
}
