import { type MutableRef, useEffect, useRef } from 'preact/hooks';
import type { Room } from '../map/contract.ts';
import { PHONE } from './use-media.ts';

interface RoomTaken {
  /** Beside the map, or on a phone below it. */
  panel: MutableRef<HTMLElement | null>;
  /** Below the map; there is none on a phone. */
  dock: MutableRef<HTMLElement | null>;
  /** A list, which on a phone lies over the map too. */
  list: MutableRef<HTMLElement | null>;
  /** Says when there is another thing to measure. */
  because: unknown;
  /** So much of the map is covered, from now on. */
  onRoom(room: Room, glide: boolean): void;
}

/** Tells how much of the map is covered, and keeps what lies at its edges clear of it. */
export function useRoom({ panel, dock, list, because, onRoom }: RoomTaken) {
  const tell = useRef(onRoom);
  tell.current = onRoom;
  const told = useRef<string | null>(null);

  useEffect(() => {
    const measure = () => {
      const side = panel.current?.getBoundingClientRect();
      const foot = dock.current?.getBoundingClientRect();
      const isSheet = matchMedia(PHONE).matches;
      const isOpen = panel.current?.classList.contains('is-open') ?? false;
      const top = list.current?.getBoundingClientRect().top;
      const over = isSheet && side && top !== undefined ? Math.max(0, Math.round(side.top - top)) : 0;
      const room = {
        left: isSheet || !isOpen || !side ? 0 : Math.round(side.width) + 16,
        bottom: Math.round(isSheet ? (side?.height ?? 0) : foot ? foot.height + 16 : 0),
      };
      const text = JSON.stringify([room, over]);
      if (text === told.current) return;
      document.documentElement.style.setProperty('--room-left', `${room.left}px`);
      document.documentElement.style.setProperty('--room-bottom', `${room.bottom}px`);
      document.documentElement.style.setProperty('--room-over', `${over}px`);
      tell.current({ ...room, bottom: room.bottom + over }, told.current !== null);
      told.current = text;
    };
    measure();
    const observer = new ResizeObserver(measure);
    for (const { current } of [panel, dock, list]) if (current) observer.observe(current);
    observer.observe(document.documentElement);
    return () => observer.disconnect();
  }, [because]);

  // nothing is covered any more
  useEffect(
    () => () => {
      for (const side of ['left', 'bottom', 'over'])
        document.documentElement.style.removeProperty(`--room-${side}`);
    },
    [],
  );
}
