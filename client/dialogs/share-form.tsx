import type { ComponentChildren } from 'preact';
import { useId, useState } from 'preact/hooks';
import { changeShare, type MadeShare, makeShare, type Share } from '../api/shares.ts';
import { filterAsked, filterInWords, lookInWords, shareable, stateOf } from '../chosen.ts';
import { Check, Segments } from '../panel/choices.tsx';
import { Form, NameField } from '../parts/form.tsx';
import { DEFAULT_STATE, filterQuery, lookParameters, type ViewState } from '../state.ts';
import { fromNow } from '../when.ts';
import { COMMON } from '../words/common.ts';
import { SHARE } from '../words/share.ts';
import { LeftOut } from './left-out.tsx';

const DAY = 86_400;
/** Seconds for which a link works; null: for ever. */
const TERMS = { hour: 3600, day: DAY, week: 7 * DAY, month: 30 * DAY, never: null } as const;
/** 'kept': as it is, of one that is changed. */
type Term = keyof typeof TERMS | 'kept';
type Source = 'kept' | 'chosen' | 'everything';

interface ShareFormProps {
  /** The map. */
  state: ViewState;
  /** What is changed; null: a new one is made. */
  share: Share | null;
  onMade(share: MadeShare): void;
  onChanged(): Promise<void>;
  onCancel(): void;
}

/** What a link shows, to whom and for how long. */
export function ShareForm({ state, share, onMade, onChanged, onCancel }: ShareFormProps) {
  const [name, setName] = useState(share?.name ?? '');
  const [term, setTerm] = useState<Term>(share ? 'kept' : 'month');
  const [viewerFilters, setViewerFilters] = useState(share?.viewerFilters ?? false);
  const [embed, setEmbed] = useState(share?.embed ?? false);
  const chosen = shareable(state);
  const kept = share && stateOf(share);
  const filters = sources({ kept, chosen, everything: DEFAULT_STATE }, filterQuery);
  const looks = sources({ kept, chosen }, (look) => JSON.stringify(lookParameters(look)));
  const [shows, setShows] = useState(filters[0].value);
  const [drawn, setDrawn] = useState(looks[0].value);
  const of = (source: Source) => ({ kept: kept ?? chosen, chosen, everything: DEFAULT_STATE })[source];

  const save = async () => {
    const filter = filterAsked(of(shows));
    const words = { name, filter, palette: lookParameters(of(drawn)), viewerFilters, embed };
    const expiresIn = term === 'kept' ? undefined : TERMS[term];
    if (share === null) return onMade(await makeShare({ ...words, expiresIn: expiresIn ?? null }));
    await changeShare(share.id, { ...words, expiresIn });
    await onChanged();
  };

  return (
    <Form
      verb={share === null ? SHARE.make : COMMON.save}
      onSubmit={save}
      onCancel={share === null ? undefined : onCancel}
    >
      {share === null ? <p class="note">{SHARE.about}</p> : <h3>{SHARE.changing(share.name)}</h3>}
      <NameField
        name={name}
        example={SHARE.namePlaceholder}
        note={SHARE.nameNote}
        isFocused
        onName={setName}
      />
      <Choice<Term> label={SHARE.expires} choices={termsOf(share)} value={term} onChange={setTerm}>
        {share && term === 'kept' && <p class="looks">{SHARE.endsAsNow(endOf(share))}</p>}
      </Choice>
      <Choice<Source> label={SHARE.shows} choices={filters} value={shows} onChange={setShows}>
        <p class="looks">{filterInWords(of(shows))}</p>
      </Choice>
      <Choice<Source> label={SHARE.drawn} choices={looks} value={drawn} onChange={setDrawn}>
        <p class="looks">{lookInWords(of(drawn))}</p>
        {of(drawn).bySport && <p>{SHARE.bySport}</p>}
      </Choice>
      <LeftOut />
      <div>
        <Check label={SHARE.viewerFilters} isOn={viewerFilters} onChange={setViewerFilters} />
        <Check label={SHARE.embed} isOn={embed} onChange={setEmbed} />
      </div>
    </Form>
  );
}

interface ChoiceProps<T extends string> {
  label: string;
  choices: readonly { value: T; label: string }[];
  value: T;
  onChange(value: T): void;
  /** What the choice comes to. */
  children: ComponentChildren;
}

/** One of a few, where there are more than one. */
function Choice<T extends string>({ label, choices, value, onChange, children }: ChoiceProps<T>) {
  const id = useId();
  return (
    // biome-ignore lint/a11y/useSemanticElements: named as other fields are
    <div class="field" role="group" aria-labelledby={id}>
      <span id={id}>{label}</span>
      {choices.length > 1 && <Segments<T> name={id} choices={choices} value={value} onChange={onChange} />}
      {children}
    </div>
  );
}

/** Where it may be taken from: each that differs from those before it. */
function sources(
  states: Partial<Record<Source, ViewState | null>>,
  textOf: (state: ViewState) => string,
): { value: Source; label: string }[] {
  const texts = new Set<string>();
  return (Object.keys(states) as Source[]).flatMap((value) => {
    const state = states[value];
    if (!state || texts.has(textOf(state))) return [];
    texts.add(textOf(state));
    return [{ value, label: SHARE.sources[value] }];
  });
}

function termsOf(share: Share | null): { value: Term; label: string }[] {
  const terms: Term[] = [...(share ? (['kept'] as const) : []), ...(Object.keys(TERMS) as Term[])];
  return terms.map((value) => ({ value, label: SHARE.terms[value] }));
}

/** When a link ends, or ended. */
export function endOf({ expiresAt }: Share): string {
  if (expiresAt === null) return SHARE.never;
  return SHARE[isOver(expiresAt) ? 'ended' : 'until'](fromNow(expiresAt));
}

export function isOver(expiresAt: number | null): boolean {
  return expiresAt !== null && expiresAt * 1000 <= Date.now();
}
