import { useMemo } from 'preact/hooks';
import type { Activity } from '../api/activities.ts';
import type { Units } from '../hooks/use-preferences.ts';
import { nameOf } from '../named.ts';
import { formatDate, formatDistance } from '../numbers.ts';
import { Icon } from '../parts/icon.tsx';
import { ACTIVITIES } from '../words/activities.ts';
import { COMMON } from '../words/common.ts';
import { sportName, WORDS } from '../words.ts';

interface ActivityRowProps {
  activity: Activity;
  units: Units;
  isChosen: boolean;
  /** It is deleted soon. */
  isLeaving: boolean;
  /** Stays the same function: rows are drawn anew only when something of theirs changes. */
  onChoose(id: string, isChosen: boolean): void;
}

/** One of maybe thousands. Its `data-id` says which it is to whoever hears of it further out. */
export function ActivityRow({ activity, units, isChosen, isLeaving, onChoose }: ActivityRowProps) {
  return useMemo(() => {
    const { id, sport, startedAt, distance, hidden, link } = activity;
    const name = nameOf(activity);
    const facts = [
      startedAt === null ? ACTIVITIES.undated : formatDate(startedAt),
      sportName(sport),
      distance === null ? null : formatDistance(distance, units),
    ];
    return (
      <li class={isLeaving ? 'activity is-leaving' : 'activity'} data-id={id}>
        <label class="activity-choice">
          <input
            type="checkbox"
            aria-label={ACTIVITIES.choose(name)}
            checked={isChosen}
            disabled={isLeaving}
            onChange={({ currentTarget }) => onChoose(id, currentTarget.checked)}
          />
        </label>
        <button type="button" class="activity-words" data-show title={COMMON.show}>
          <strong>{name}</strong>
          <span>
            {hidden && (
              <span class="activity-hidden">
                <Icon name="lock" />
                {ACTIVITIES.hidden}
              </span>
            )}
            {facts.filter((fact) => fact !== null).join(' · ')}
          </span>
        </button>
        {link && (
          <a
            class="icon-button is-small"
            href={link}
            target="_blank"
            rel="noreferrer"
            aria-label={WORDS.openElsewhere(name)}
            title={WORDS.onStrava}
          >
            <Icon name="out" />
          </a>
        )}
      </li>
    );
  }, [activity, units, isChosen, isLeaving, onChoose]);
}
