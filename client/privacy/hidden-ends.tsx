import { useState } from 'preact/hooks';
import { fetchHiddenEnds, type HiddenEnds, saveHiddenEnds } from '../api/privacy.ts';
import { useAnswer } from '../hooks/use-answer.ts';
import { usePreferences } from '../hooks/use-preferences.ts';
import { formatDistance } from '../numbers.ts';
import { Slider } from '../panel/choices.tsx';
import { Pending } from '../parts/entries.tsx';
import { Form } from '../parts/form.tsx';
import { COMMON } from '../words/common.ts';
import { PRIVACY } from '../words/privacy.ts';

const ENDS = [
  ['hideFirst', PRIVACY.first],
  ['hideLast', PRIVACY.last],
] as const;

/** How much of each activity others do not see, where it begins and where it ends. */
export function HiddenEndsForm({ onSaved }: { onSaved(): Promise<void> }) {
  const saved = useAnswer(fetchHiddenEnds);
  const [wanted, setWanted] = useState<Partial<HiddenEnds>>({});
  const { units } = usePreferences();
  if (saved.value === null) return <Pending fault={saved.fault} onAgain={saved.again} />;
  const before = saved.value;
  const ends = { ...before, ...wanted };
  const isChanged = ENDS.some(([end]) => ends[end] !== before[end]);

  const save = async () => {
    await saveHiddenEnds(ends);
    await saved.again();
    setWanted({});
    await onSaved();
  };
  return (
    <Form verb={COMMON.save} isIdle={!isChanged} onSubmit={save} onCancel={() => setWanted({})}>
      <h3>{PRIVACY.ends}</h3>
      <p class="note">{PRIVACY.endsAbout}</p>
      {ENDS.map(([end, label]) => (
        <Slider
          key={end}
          label={label}
          min={0}
          max={5000}
          step={50}
          value={ends[end]}
          shown={ends[end] === 0 ? PRIVACY.nothing : formatDistance(ends[end], units)}
          onChange={(metres) => setWanted({ ...wanted, [end]: metres })}
        />
      ))}
    </Form>
  );
}
