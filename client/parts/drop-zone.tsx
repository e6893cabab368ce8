import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { bringsFiles, filesOf, type Picked } from '../drop.ts';
import { WORDS } from '../words.ts';
import { Icon } from './icon.tsx';

/** The whole page takes files; while they hover over it, it says so. */
export function DropZone({ onFiles }: { onFiles(files: Picked[]): void }) {
  const [isOver, setOver] = useState(false);
  // dragenter and dragleave come for every element on the way
  const depth = useRef(0);

  // from the frame on that first invites to drop something
  useLayoutEffect(() => {
    const handle = (
      name: 'dragenter' | 'dragleave' | 'dragover' | 'drop',
      act: (event: DragEvent) => void,
    ) => {
      const listener = (event: DragEvent) => {
        if (!bringsFiles(event.dataTransfer)) return;
        event.preventDefault();
        act(event);
      };
      addEventListener(name, listener);
      return () => removeEventListener(name, listener);
    };
    const set = (count: number) => {
      depth.current = Math.max(0, count);
      setOver(depth.current > 0);
    };
    const undo = [
      handle('dragenter', () => set(depth.current + 1)),
      handle('dragleave', () => set(depth.current - 1)),
      handle('dragover', ({ dataTransfer }) => {
        dataTransfer!.dropEffect = 'copy';
      }),
      handle('drop', ({ dataTransfer }) => {
        set(0);
        filesOf(dataTransfer!).then(onFiles, () => onFiles([]));
      }),
    ];
    return () => {
      for (const stop of undo) stop();
    };
  }, [onFiles]);

  if (!isOver) return null;
  return (
    <div class="drop-zone" aria-hidden="true">
      <div>
        <Icon name="upload" />
        <strong>{WORDS.dropHere}</strong>
        <p>{WORDS.dropKinds}</p>
      </div>
    </div>
  );
}
