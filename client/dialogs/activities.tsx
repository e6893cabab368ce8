import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import { hideActivities, MOST_AT_ONCE } from '../api/activities.ts';
import type { Me } from '../api.ts';
import { useActivityList } from '../hooks/use-activity-list.ts';
import { useDeletions } from '../hooks/use-deletions.ts';
import { useDoing } from '../hooks/use-doing.ts';
import { useFocusBack } from '../hooks/use-focus-back.ts';
import { usePointing } from '../hooks/use-pointing.ts';
import { usePreferences } from '../hooks/use-preferences.ts';
import { type Area, areaOf, sizeSeen } from '../map/area.ts';
import type { Room, WorldMap } from '../map/contract.ts';
import { named } from '../named.ts';
import { formatCount } from '../numbers.ts';
import { Segments } from '../panel/choices.tsx';
import { Pending } from '../parts/entries.tsx';
import { More } from '../parts/more.tsx';
import { filterQuery, type ViewState } from '../state.ts';
import { ACTIVITIES } from '../words/activities.ts';
import { ActivityActions } from './activity-actions.tsx';
import { ActivityRow } from './activity-row.tsx';
import { Dialog } from './dialog.tsx';

interface ActivitiesDialogProps {
  state: ViewState;
  map: WorldMap | null;
  /** What of the map is covered. */
  room: Room;
  me: Pick<Me, 'revision' | 'activities'>;
  onClose(): void;
  /** Something failed after it was closed. */
  onFault(fault: string): void;
}

type Which = 'chosen' | 'inView' | 'everything';

const WHICH: { value: Which; label: string }[] = [
  { value: 'chosen', label: ACTIVITIES.chosen },
  { value: 'inView', label: ACTIVITIES.inView },
  { value: 'everything', label: ACTIVITIES.everything },
];
const NONE_LISTED = {
  chosen: ACTIVITIES.none,
  inView: ACTIVITIES.noneInView,
  everything: ACTIVITIES.empty,
};
const NONE: ReadonlySet<string> = new Set();
/** Rows drawn at first, and for each time more are asked for: of a search, all come at once. */
const ROWS = 300;

/** Every activity, newest first: found by name, seen on the map, hidden from others, deleted. */
export function ActivitiesDialog({ state, map, room, me, onClose, onFault }: ActivitiesDialogProps) {
  const { units } = usePreferences();
  const query = filterQuery(state);
  const choices = WHICH.filter(({ value }) => value !== 'chosen' || query !== '');
  const [which, setWhich] = useState<Which>(query === '' ? 'everything' : 'chosen');
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState(NONE);
  // of what was in view when it was asked for: what is shown on the map moves it
  const listed = useMemo(() => {
    if (which !== 'inView') return which === 'chosen' ? query : '';
    return map ? withBox(query, areaOf(map.place(), sizeSeen(room))) : query;
  }, [which, query]);
  const isSearching = text.trim() !== '';
  // a name may be on any page
  const list = useActivityList(listed, me.revision, isSearching ? MOST_AT_ONCE : 1);
  const deletions = useDeletions({
    onGone: (gone) => list.revise((all) => all.filter(({ id }) => !gone.has(id))),
    onFault,
  });
  const hiding = useDoing();
  const { point, show } = usePointing(map, state.place?.zoom ?? 0);
  const { items: activities, isWhole, isLoading, fault } = list;
  const { leaving } = deletions;

  const found = useMemo(() => activities && named(activities, text), [activities, text]);
  const [rows, setRows] = useState(ROWS);
  useEffect(() => setRows(ROWS), [which, text]);
  useEffect(() => {
    if (isSearching && !isWhole && !isLoading && fault === null) list.more();
  }, [isSearching, isWhole, isLoading, fault]);
  useEffect(() => setChosen(NONE), [which]);
  // what was pointed at may not be listed any more
  useEffect(() => point(null), [which, text]);
  const box = useFocusBack(leaving.size > 0 ? leaving : chosen);

  const choose = useCallback(
    (id: string, isOn: boolean) =>
      setChosen((before) => new Set(isOn ? [...before, id] : [...before].filter((one) => one !== id))),
    [],
  );
  /** What is selected and seen: nothing is done to what a search has put away. */
  const selected = (found ?? []).filter(({ id }) => chosen.has(id) && !leaving.has(id));
  const ids = selected.map(({ id }) => id);
  const hide = (hidden: boolean) =>
    hiding.run(async () => {
      await hideActivities(ids, hidden);
      const told = new Set(ids);
      list.revise((all) => all.map((one) => (told.has(one.id) ? { ...one, hidden } : one)));
      setChosen(NONE);
    });
  const remove = () => {
    deletions.take(ids);
    setChosen(NONE);
  };
  const free = (found ?? []).filter(({ id }) => !leaving.has(id));

  return (
    <Dialog title={ACTIVITIES.title} onClose={onClose} isBeside>
      <div class="activities-head">
        {me.activities > 0 && (
          <Segments<Which> name="which" choices={choices} value={which} onChange={setWhich} />
        )}
        <input
          type="search"
          class="search"
          aria-label={ACTIVITIES.search}
          placeholder={ACTIVITIES.search}
          autocomplete="off"
          value={text}
          onInput={({ currentTarget }) => setText(currentTarget.value)}
        />
        {found !== null && found.length > 0 && (
          <label class="check">
            <input
              type="checkbox"
              checked={free.length > 0 && ids.length === free.length}
              onChange={({ currentTarget }) =>
                setChosen(currentTarget.checked ? new Set(free.map(({ id }) => id)) : NONE)
              }
            />
            <span>{isWhole ? ACTIVITIES.chooseAll : ACTIVITIES.chooseLoaded(formatCount(found.length))}</span>
          </label>
        )}
        <p class="note" role="status">
          {activities && found && statusOf(activities.length, found.length, isSearching, isWhole)}
        </p>
      </div>
      {activities !== null && found?.length === 0 && isWhole && (
        <p class="note">
          {isSearching ? ACTIVITIES.noneFound : NONE_LISTED[me.activities === 0 ? 'everything' : which]}
        </p>
      )}
      {found !== null && found.length > 0 && (
        // biome-ignore lint/a11y/useKeyWithClickEvents: what is clicked are the buttons inside
        <ul
          ref={box}
          class="activities"
          onPointerOver={({ target, pointerType }) => pointerType === 'mouse' && point(idAt(target))}
          onPointerLeave={({ pointerType }) => pointerType === 'mouse' && point(null)}
          onFocusIn={({ target }) => point(idAt(target))}
          onClick={({ target, currentTarget }) => {
            const id = target instanceof Element && target.closest('[data-show]') ? idAt(target) : null;
            if (id !== null) show(id, currentTarget.closest('dialog'));
          }}
        >
          {found.slice(0, rows).map((activity) => (
            <ActivityRow
              key={activity.id}
              activity={activity}
              units={units}
              isChosen={chosen.has(activity.id)}
              isLeaving={leaving.has(activity.id)}
              onChoose={choose}
            />
          ))}
          {found.length > rows ? (
            <More onSeen={() => setRows(rows + ROWS)} />
          ) : (
            !isWhole && fault === null && <More onSeen={list.more} />
          )}
        </ul>
      )}
      {(activities === null || fault !== null) && <Pending fault={fault} onAgain={list.more} />}
      <ActivityActions
        selected={selected}
        isDoing={hiding.isDoing}
        faults={[hiding.fault, deletions.fault]}
        leaving={deletions.waiting.size}
        onHide={hide}
        onDelete={remove}
        onUndo={deletions.undo}
      />
    </Dialog>
  );
}

/** A filter's query, narrowed to what runs through an area. */
function withBox(query: string, { west, south, east, north }: Area): string {
  const asked = new URLSearchParams(query);
  asked.set('bbox', [west, south, east, north].join());
  return asked.toString();
}

function idAt(target: EventTarget | null): string | null {
  return (target instanceof Element && target.closest('[data-id]')?.getAttribute('data-id')) || null;
}

function statusOf(count: number, found: number, isSearching: boolean, isWhole: boolean): string {
  if (!isSearching) return ACTIVITIES[isWhole ? 'loaded' : 'loading'](formatCount(count), count === 1);
  return ACTIVITIES[isWhole ? 'searched' : 'searching'](formatCount(found), formatCount(count));
}
