import { saveZone, type Zone } from '../api/privacy.ts';
import { FINGER, useMedia } from '../hooks/use-media.ts';
import { usePreferences } from '../hooks/use-preferences.ts';
import { formatDistance } from '../numbers.ts';
import { Slider } from '../panel/choices.tsx';
import { Form, NameField } from '../parts/form.tsx';
import { COMMON } from '../words/common.ts';
import { PRIVACY } from '../words/privacy.ts';
import { Middle } from './middle.tsx';

/** A zone before it is saved; without an id it is a new one. */
export type Draft = Omit<Zone, 'id'> & { id: string | null };

interface ZoneFormProps {
  draft: Draft;
  /** The name is what comes next. */
  isNaming: boolean;
  onDraft(draft: Draft): void;
  /** It is elsewhere now, where the map may not look. */
  onMove(draft: Draft): void;
  onSaved(): Promise<void>;
  onCancel(): void;
}

/** What a zone is called, where it is and how far it reaches. */
export function ZoneForm({ draft, isNaming, onDraft, onMove, onSaved, onCancel }: ZoneFormProps) {
  const { units } = usePreferences();
  const save = async () => {
    await saveZone(draft);
    await onSaved();
  };
  return (
    <Form verb={COMMON.save} onSubmit={save} onCancel={onCancel}>
      <h3>{draft.id === null ? PRIVACY.fresh : PRIVACY.changed}</h3>
      <p class="note">{PRIVACY.move(useMedia(FINGER))}</p>
      <NameField
        name={draft.name}
        example={PRIVACY.namePlaceholder}
        isFocused={isNaming}
        onName={(name) => onDraft({ ...draft, name })}
      />
      <Middle circle={draft} onMove={onMove} />
      <Slider
        label={PRIVACY.radius}
        min={100}
        max={5000}
        step={50}
        value={draft.radius}
        shown={formatDistance(draft.radius, units)}
        onChange={(radius) => onDraft({ ...draft, radius })}
      />
    </Form>
  );
}
