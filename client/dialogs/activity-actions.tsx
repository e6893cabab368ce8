import { useEffect, useRef } from 'preact/hooks';
import type { Activity } from '../api/activities.ts';
import { formatCount } from '../numbers.ts';
import { ACTIVITIES } from '../words/activities.ts';

interface ActivityActionsProps {
  selected: readonly Activity[];
  isDoing: boolean;
  /** Why something was not done; null: nothing of that. */
  faults: readonly (string | null)[];
  /** How many are deleted soon. */
  leaving: number;
  onHide(hidden: boolean): void;
  onDelete(): void;
  onUndo(): void;
}

/** What can be done with the activities that are selected, and with those that are about to go. */
export function ActivityActions(props: ActivityActionsProps) {
  const { selected, isDoing, faults, leaving, onHide, onDelete, onUndo } = props;
  const undo = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (leaving > 0) undo.current?.focus();
  }, [leaving]);

  const told = faults.filter((fault) => fault !== null);
  if (selected.length === 0 && leaving === 0 && told.length === 0) return null;
  return (
    <div class="activity-actions">
      {told.map((fault) => (
        <p key={fault} class="fault" role="alert">
          {fault}
        </p>
      ))}
      {leaving > 0 && (
        <div class="activity-undo" role="alert">
          <p>{ACTIVITIES.deleting(formatCount(leaving), leaving === 1)}</p>
          <button ref={undo} type="button" class="secondary" onClick={onUndo}>
            {ACTIVITIES.undo}
          </button>
        </div>
      )}
      {selected.length > 0 && (
        <>
          <p class="note">
            <strong>{ACTIVITIES.selected(formatCount(selected.length))}</strong>{' '}
            {leaving === 0 && ACTIVITIES.hides}
          </p>
          <div class="buttons is-left">
            {selected.some(({ hidden }) => !hidden) && (
              <button type="button" class="secondary" disabled={isDoing} onClick={() => onHide(true)}>
                {ACTIVITIES.hide}
              </button>
            )}
            {selected.some(({ hidden }) => hidden) && (
              <button type="button" class="secondary" disabled={isDoing} onClick={() => onHide(false)}>
                {ACTIVITIES.unhide}
              </button>
            )}
            <button type="button" class="danger" disabled={isDoing} onClick={onDelete}>
              {ACTIVITIES.delete}
            </button>
          </div>
        </>
      )}
    </div>
  );
}
