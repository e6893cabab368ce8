import { saveZone, type Zone } from '../api/privacy.ts';
import { useDoing } from '../hooks/use-doing.ts';
import { usePreferences } from '../hooks/use-preferences.ts';
import { formatDistance } from '../numbers.ts';
import { Slider } from '../panel/choices.tsx';
import { COMMON } from '../words/common.ts';
import { PRIVACY } from '../words/privacy.ts';

/** A zone before it is saved; without an id it is a new one. */
export type Draft = Omit<Zone, 'id'> & { id: string | null };

interface ZoneFormProps {
  draft: Draft;
  onDraft(draft: Draft): void;
  onSaved(): Promise<void>;
  onCancel(): void;
}

/** What a zone is called and how far it reaches; where it is, the map is asked. */
export function ZoneForm({ draft, onDraft, onSaved, onCancel }: ZoneFormProps) {
  const { isDoing, fault, run } = useDoing();
  const { units } = usePreferences();
  const submit = (event: Event) => {
    event.preventDefault();
    void run(async () => {
      await saveZone(draft);
      await onSaved();
    });
  };
  return (
    <form class="stack" onSubmit={submit}>
      <h3>{draft.id === null ? PRIVACY.fresh : PRIVACY.changed}</h3>
      <p class="note">{PRIVACY.move}</p>
      <label class="field">
        <span>{COMMON.name}</span>
        <input
          type="text"
          required
          maxLength={100}
          pattern=".*\S.*"
          autocomplete="off"
          placeholder={PRIVACY.namePlaceholder}
          value={draft.name}
          onInput={(event) => onDraft({ ...draft, name: event.currentTarget.value })}
        />
      </label>
      <Slider
        label={PRIVACY.radius}
        min={100}
        max={5000}
        step={50}
        value={draft.radius}
        shown={formatDistance(draft.radius, units)}
        onChange={(radius) => onDraft({ ...draft, radius })}
      />
      {fault && (
        <p class="fault" role="alert">
          {fault}
        </p>
      )}
      <div class="buttons">
        <button type="button" class="secondary" onClick={onCancel}>
          {COMMON.cancel}
        </button>
        <button type="submit" class="primary" disabled={isDoing}>
          {COMMON.save}
        </button>
      </div>
    </form>
  );
}
