import { type MutableRef, useEffect, useRef } from 'preact/hooks';
import type { Room, WorldMap } from '../map/contract.ts';

interface MapRoom {
  room: MutableRef<Room>;
  onRoom(taken: Room, glide: boolean): void;
}

/** How much of the map is covered, told to whichever map there is: one that comes later hears of it at once. */
export function useMapRoom(map: WorldMap | null): MapRoom {
  const room = useRef<Room>({ left: 0, bottom: 0 });
  useEffect(() => map?.makeRoom(room.current, false), [map]);
  const onRoom = (taken: Room, glide: boolean) => {
    room.current = taken;
    map?.makeRoom(taken, glide);
  };
  return { room, onRoom };
}
