import { useRef } from 'preact/hooks';
import { ACCEPTED, type Picked, picked } from '../drop.ts';
import { Icon } from './icon.tsx';

interface FileButtonProps {
  label: string;
  class: string;
  onFiles(files: Picked[]): void;
}

/** A button that opens the file picker. */
export function FileButton({ label, class: name, onFiles }: FileButtonProps) {
  const input = useRef<HTMLInputElement>(null);
  const take = () => {
    const files = [...(input.current?.files ?? [])].map(picked);
    // the same file may be chosen again
    input.current!.value = '';
    if (files.length > 0) onFiles(files);
  };
  return (
    <>
      <button type="button" class={name} onClick={() => input.current?.click()}>
        <Icon name="upload" />
        {label}
      </button>
      <input ref={input} type="file" hidden multiple accept={ACCEPTED} onChange={take} aria-label={label} />
    </>
  );
}
