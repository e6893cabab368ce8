import { useState } from 'preact/hooks';
import { type MadeShare, makeShare } from '../api/shares.ts';
import { coloursInWords, filterAsked, filterInWords, lookAsked, shareable } from '../chosen.ts';
import { useDoing } from '../hooks/use-doing.ts';
import { Check, Segments } from '../panel/choices.tsx';
import { DEFAULT_STATE, filterQuery, type ViewState } from '../state.ts';
import { COMMON } from '../words/common.ts';
import { SHARE } from '../words/share.ts';
import { LeftOut } from './left-out.tsx';

const DAY = 86_400;
/** Seconds for which a link works; null: for ever. */
const TERMS = { hour: 3600, day: DAY, week: 7 * DAY, month: 30 * DAY, never: null } as const;
type Term = keyof typeof TERMS;

const TERM_CHOICES = (Object.keys(TERMS) as Term[]).map((value) => ({ value, label: SHARE.terms[value] }));
type What = 'chosen' | 'everything';

const WHAT: { value: What; label: string }[] = [
  { value: 'chosen', label: SHARE.chosen },
  { value: 'everything', label: SHARE.everything },
];

interface ShareFormProps {
  state: ViewState;
  onMade(share: MadeShare): void;
}

/** What a new link shows, to whom and for how long. */
export function ShareForm({ state, onMade }: ShareFormProps) {
  const [name, setName] = useState('');
  const [term, setTerm] = useState<Term>('month');
  const [what, setWhat] = useState<What>('chosen');
  const [viewerFilters, setViewerFilters] = useState(false);
  const [embed, setEmbed] = useState(false);
  const { isDoing, fault, run } = useDoing();
  const choice = shareable(state);
  const isFiltered = filterQuery(choice) !== '';
  const chosen = what === 'chosen' ? choice : DEFAULT_STATE;

  const submit = (event: Event) => {
    event.preventDefault();
    const filter = filterAsked(chosen);
    const words = { name, filter, palette: lookAsked(state), viewerFilters, embed };
    void run(async () => onMade(await makeShare({ ...words, expiresIn: TERMS[term] })));
  };

  return (
    <form class="stack" onSubmit={submit}>
      <p class="note">{SHARE.about}</p>
      <label class="field">
        <span>{COMMON.name}</span>
        <input
          type="text"
          required
          maxLength={100}
          pattern=".*\S.*"
          autocomplete="off"
          placeholder={SHARE.namePlaceholder}
          aria-describedby="share-name-note"
          value={name}
          onInput={(event) => setName(event.currentTarget.value)}
        />
        <span id="share-name-note">{SHARE.nameNote}</span>
      </label>
      {/* biome-ignore lint/a11y/useSemanticElements: named as other fields are */}
      <div class="field" role="group" aria-labelledby="share-term">
        <span id="share-term">{SHARE.expires}</span>
        <Segments<Term> name="term" choices={TERM_CHOICES} value={term} onChange={setTerm} />
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: named as other fields are */}
      <div class="field" role="group" aria-labelledby="share-what">
        <span id="share-what">{SHARE.shows}</span>
        {isFiltered && <Segments<What> name="what" choices={WHAT} value={what} onChange={setWhat} />}
        <p class="looks">{SHARE.looks(filterInWords(chosen), coloursInWords(state))}</p>
      </div>
      <LeftOut />
      <div>
        <Check label={SHARE.viewerFilters} isOn={viewerFilters} onChange={setViewerFilters} />
        <Check label={SHARE.embed} isOn={embed} onChange={setEmbed} />
      </div>
      {fault && (
        <p class="fault" role="alert">
          {fault}
        </p>
      )}
      <div class="buttons">
        <button type="submit" class="primary" disabled={isDoing}>
          {SHARE.make}
        </button>
      </div>
    </form>
  );
}
