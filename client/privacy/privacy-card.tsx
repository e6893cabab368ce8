import { type MutableRef, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { type Circle, deleteZone, fetchSuggestions, fetchZones, type Zone } from '../api/privacy.ts';
import { LeftOut } from '../dialogs/left-out.tsx';
import { useAnswer } from '../hooks/use-answer.ts';
import { useLentFocus } from '../hooks/use-lent-focus.ts';
import { FINGER, useMedia } from '../hooks/use-media.ts';
import { usePreferences } from '../hooks/use-preferences.ts';
import type { WorldMap } from '../map/contract.ts';
import { formatCount, formatDistance } from '../numbers.ts';
import { Check } from '../panel/choices.tsx';
import { Entry, Pending } from '../parts/entries.tsx';
import { Dismiss } from '../parts/notice.tsx';
import type { Place } from '../state.ts';
import { COMMON } from '../words/common.ts';
import { PRIVACY } from '../words/privacy.ts';
import { boundsAbout, circleLine } from './circle.ts';
import { HiddenEndsForm } from './hidden-ends.tsx';
import { type Draft, ZoneForm } from './zone-form.tsx';

/** A zone before anything is said of it; metres. */
const BLANK = { id: null, name: '', radius: 300 };

/** Somebody clicked on the map; with the keyboard it is the middle of what is seen. */
export type PickPlace = (place: Place, isByKey: boolean) => void;

export interface PrivacyProps {
  map: WorldMap | null;
  /** While it is there, a click on the map is for it. */
  pick: MutableRef<PickPlace | null>;
  /** How often the map was looked at as others see it; null: it is shown as its athlete sees it. */
  others: number | null;
  onOthers(others: number | null): void;
  onClose(): void;
}

/** What others do not see: on the map, which stays in view. */
export function PrivacyCard({ map, pick, others, onOthers, onClose }: PrivacyProps) {
  const zones = useAnswer(fetchZones);
  const suggestions = useAnswer(fetchSuggestions);
  const { units } = usePreferences();
  const isFinger = useMedia(FINGER);
  const [draft, setDraft] = useState<Draft | null>(null);
  /** Which suggestion is pointed at, or was when it went. */
  const [pointedAt, setPointedAt] = useState<string | null>(null);
  const pointed = suggestions.value?.find((one) => placeOf(one) === pointedAt) ?? null;
  const [changes, setChanges] = useState(0);
  const card = useRef<HTMLElement>(null);
  const looks = useRef(0);
  /** Whoever opened the form goes on in it; after a click on the map another one may follow there. */
  const isNaming = useRef(false);
  const isOpen = draft !== null;

  useLentFocus(card, true);
  useEffect(() => {
    pick.current = ({ lng, lat }, isByKey) => {
      isNaming.current ||= isByKey;
      setDraft((before) => ({ ...(before ?? BLANK), lng, lat }));
    };
    return () => {
      pick.current = null;
      onOthers(null);
    };
  }, []);
  // what had the focus comes and goes with the form
  useLayoutEffect(() => {
    const focus = () => card.current?.focus({ preventScroll: true });
    if (document.activeElement === document.body) focus();
    if (isOpen) return focus;
    isNaming.current = false;
  }, [isOpen]);
  useEffect(() => {
    if (!map) return;
    const circles = (zones.value ?? []).filter(({ id }) => id !== draft?.id);
    const shown = [draft ?? pointed].filter((circle) => circle !== null);
    map.highlight([...circles, ...shown].map(circleLine));
    return () => map.highlight(null);
  }, [map, zones.value, draft, pointed]);

  const changed = async () => {
    setDraft(null);
    setChanges((count) => count + 1);
    await Promise.all([zones.again(), suggestions.again()]);
  };
  const edit = (wanted: Draft) => {
    setDraft(wanted);
    map?.goToBounds(boundsAbout(wanted), card.current);
  };
  const open = (wanted: Draft) => {
    // the keyboard that comes with a field would cover the map
    isNaming.current = !isFinger;
    setPointedAt(null);
    edit(wanted);
  };
  const addAt = ({ lng, lat }: Place) => open({ ...BLANK, lng, lat });
  const take = async ({ id }: Zone) => {
    await deleteZone(id);
    await changed();
  };

  return (
    <section
      ref={card}
      class="card side-card privacy"
      aria-labelledby="privacy-title"
      tabIndex={-1}
      onKeyDown={(event) => event.key === 'Escape' && onClose()}
    >
      <header class="dialog-head">
        <h2 id="privacy-title">{PRIVACY.title}</h2>
        <Dismiss onClick={onClose} />
      </header>
      <div class="privacy-body">
        {!draft && <p class="note">{PRIVACY.about}</p>}
        {draft ? (
          <ZoneForm
            key={draft.id}
            draft={draft}
            isNaming={isNaming.current}
            onDraft={setDraft}
            onMove={edit}
            onSaved={changed}
            onCancel={() => setDraft(null)}
          />
        ) : (
          <>
            <h3>{PRIVACY.zones}</h3>
            {zones.value === null && <Pending fault={zones.fault} onAgain={zones.again} />}
            {zones.value !== null && (
              <p class="note">{(zones.value.length === 0 ? PRIVACY.none : PRIVACY.hint)(isFinger)}</p>
            )}
            {map && (
              <div class="buttons is-left">
                <button type="button" class="secondary" onClick={() => addAt(map.place())}>
                  {PRIVACY.addInMiddle}
                </button>
              </div>
            )}
            {zones.value !== null && zones.value.length > 0 && (
              <ul>
                {zones.value.map((zone) => (
                  <Entry
                    key={zone.id}
                    name={zone.name}
                    facts={formatDistance(zone.radius, units)}
                    verb={PRIVACY.remove}
                    question={PRIVACY.removeQuestion(zone.name)}
                    onTake={() => take(zone)}
                  >
                    <button
                      type="button"
                      class="secondary"
                      aria-label={`${COMMON.change}: ${zone.name}`}
                      onClick={() => open(zone)}
                    >
                      {COMMON.change}
                    </button>
                  </Entry>
                ))}
              </ul>
            )}
            {suggestions.value !== null && suggestions.value.length > 0 && (
              <>
                <h3>{PRIVACY.suggestions}</h3>
                <ul>
                  {suggestions.value.map(({ activities, ...circle }) => (
                    <li
                      key={placeOf(circle)}
                      class="entry"
                      onPointerEnter={() => setPointedAt(placeOf(circle))}
                      onPointerLeave={() => setPointedAt(null)}
                      onFocusIn={() => setPointedAt(placeOf(circle))}
                      onFocusOut={() => setPointedAt(null)}
                    >
                      <div class="entry-words">
                        <button
                          type="button"
                          class="link"
                          title={COMMON.show}
                          onClick={() => map?.goToBounds(boundsAbout(circle), card.current)}
                        >
                          {PRIVACY.suggestion(formatCount(activities))}
                        </button>
                      </div>
                      <button
                        type="button"
                        class="secondary"
                        aria-label={`${PRIVACY.add}: ${PRIVACY.suggestion(formatCount(activities))}`}
                        onClick={() => open({ ...circle, id: null, name: '' })}
                      >
                        {PRIVACY.add}
                      </button>
                    </li>
                  ))}
                </ul>
              </>
            )}
          </>
        )}
        <HiddenEndsForm onSaved={changed} />
        <Check
          label={PRIVACY.asOthers}
          isOn={others !== null}
          onChange={(isOn) => onOthers(isOn ? ++looks.current : null)}
        />
        {others !== null && <LeftOut key={changes} onSettled={() => onOthers(++looks.current)} />}
      </div>
    </section>
  );
}

function placeOf({ lng, lat }: Circle): string {
  return `${lng}/${lat}`;
}
