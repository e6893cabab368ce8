import { type MutableRef, useEffect } from 'preact/hooks';
import type { Passing } from '../api.ts';
import { useLentFocus } from '../hooks/use-lent-focus.ts';
import type { NearHere } from '../hooks/use-near.ts';
import { type Units, usePreferences } from '../hooks/use-preferences.ts';
import { nameOf } from '../named.ts';
import { formatCount, formatDate, formatDistance } from '../numbers.ts';
import { sportName, WORDS } from '../words.ts';
import { Icon } from './icon.tsx';
import { Dismiss } from './notice.tsx';

interface NearCardProps {
  here: NearHere;
  box: MutableRef<HTMLElement | null>;
  /** An activity is to be seen on the map. */
  onShow(): void;
}

/** Who passed here: how often, first and last, and each of them, newest first. */
export function NearCard({ here, box: card, onShow }: NearCardProps) {
  const { near, close, point, show, pointed } = here;
  const { units } = usePreferences();

  useLentFocus(card, near);
  useEffect(() => {
    if (!near) return;
    const listen = ({ key, defaultPrevented }: KeyboardEvent) =>
      key === 'Escape' && !defaultPrevented && close();
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  }, [near, close]);

  if (!near) return null;
  const { count, activities } = near;
  return (
    <section ref={card} class="card side-card near" aria-labelledby="near-title" tabIndex={-1}>
      <header class="near-head">
        <div role="status">
          <h2 id="near-title">{WORDS.passedHere(formatCount(count), WORDS.activities(count))}</h2>
          <p>{spanOf(near)}</p>
        </div>
        <Dismiss onClick={close} />
      </header>
      <ul onPointerLeave={({ pointerType }) => pointerType === 'mouse' && point(null)}>
        {activities.map((activity) => (
          <NearRow
            key={activity.id}
            activity={activity}
            units={units}
            isPointed={activity.id === pointed}
            onPoint={() => point(activity.id)}
            onShow={() => {
              onShow();
              show(activity.id, card.current);
            }}
          />
        ))}
        {activities.length < count && (
          <li class="near-more">{WORDS.andMore(formatCount(count - activities.length))}</li>
        )}
      </ul>
    </section>
  );
}

interface NearRowProps {
  activity: Passing['activities'][number];
  units: Units;
  isPointed: boolean;
  onPoint(): void;
  onShow(): void;
}

function NearRow({ activity, units, isPointed, onPoint, onShow }: NearRowProps) {
  const { sport, startedAt, distance, link } = activity;
  const name = nameOf(activity);
  const facts = [
    startedAt === null ? null : formatDate(startedAt),
    sportName(sport),
    distance === null ? null : formatDistance(distance, units),
  ].filter((fact) => fact !== null);
  return (
    <li class={isPointed ? 'is-pointed' : ''} onPointerEnter={onPoint}>
      <button type="button" aria-pressed={isPointed} onFocus={onPoint} onClick={onShow}>
        <strong>{name}</strong>
        <span>{facts.join(' · ')}</span>
      </button>
      {link && (
        <a
          class="icon-button is-small"
          href={link}
          target="_blank"
          rel="noreferrer"
          aria-label={WORDS.openElsewhere(name)}
          title={WORDS.onStrava}
          onFocus={onPoint}
        >
          <Icon name="out" />
        </a>
      )}
    </li>
  );
}

function spanOf({ count, first, last }: Passing): string {
  if (first === null || last === null) return '';
  return count === 1 ? formatDate(first) : WORDS.firstAndLast(formatDate(first), formatDate(last));
}
