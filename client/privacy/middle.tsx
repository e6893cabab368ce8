import { useEffect, useId, useState } from 'preact/hooks';
import type { Circle } from '../api/privacy.ts';
import { Icon, type IconName } from '../parts/icon.tsx';
import { PRIVACY } from '../words/privacy.ts';
import { formatMiddle, moved, parseMiddle } from './circle.ts';

const WAYS: { key: string; icon: IconName; label: string; east: number; north: number }[] = [
  { key: 'ArrowLeft', icon: 'left', label: PRIVACY.west, east: -1, north: 0 },
  { key: 'ArrowUp', icon: 'up', label: PRIVACY.north, east: 0, north: 1 },
  { key: 'ArrowDown', icon: 'down', label: PRIVACY.south, east: 0, north: -1 },
  { key: 'ArrowRight', icon: 'right', label: PRIVACY.east, east: 1, north: 0 },
];

interface MiddleProps<Some extends Circle> {
  circle: Some;
  onMove(circle: Some): void;
}

/** Where a circle is, for those who cannot point at the map: typed, or moved by buttons and, on them, by arrow keys. */
export function Middle<Some extends Circle>({ circle, onMove }: MiddleProps<Some>) {
  const id = useId();
  const shown = formatMiddle(circle);
  const [typed, setTyped] = useState(shown);
  const [said, setSaid] = useState('');
  useEffect(() => setTyped(shown), [shown]);

  const move = (east: number, north: number) => {
    const there = moved(circle, east, north);
    onMove(there);
    setSaid(formatMiddle(there));
  };
  const type = (text: string) => {
    setTyped(text);
    const there = parseMiddle(text);
    if (there) onMove({ ...circle, ...there });
  };
  const byKey = (event: KeyboardEvent) => {
    const way = WAYS.find(({ key }) => key === event.key);
    if (!way) return;
    event.preventDefault();
    move(way.east, way.north);
  };
  return (
    <div class="middle">
      <div class="field">
        <label for={id}>{PRIVACY.middle}</label>
        <input
          id={id}
          type="text"
          autocomplete="off"
          aria-invalid={parseMiddle(typed) === null}
          value={typed}
          onInput={({ currentTarget }) => type(currentTarget.value)}
          onBlur={() => setTyped(shown)}
        />
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: buttons in a row are no fieldset */}
      <div class="middle-ways" role="group" aria-label={PRIVACY.moveIt} onKeyDown={byKey}>
        {WAYS.map(({ key, icon, label, east, north }) => (
          <button
            key={key}
            type="button"
            class="icon-button"
            aria-label={label}
            title={label}
            onClick={() => move(east, north)}
          >
            <Icon name={icon} />
          </button>
        ))}
      </div>
      <span class="unseen" role="status">
        {said}
      </span>
    </div>
  );
}
