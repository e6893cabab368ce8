import { useRef } from 'preact/hooks';
import { ACCEPTED, isWanted, type Picked, picked } from '../drop.ts';
import { Icon } from './icon.tsx';

interface FileButtonProps {
  label: string;
  class: string;
  /** All there is in a folder and its folders is chosen, not files one by one. */
  isFolder?: boolean;
  /** The icon alone is seen. */
  isSmall?: boolean;
  /** None: there was nothing in it that could be imported. */
  onFiles(files: Picked[]): void;
}

/** A button that opens the picker of files, or of a folder. */
export function FileButton({
  label,
  class: name,
  isFolder = false,
  isSmall = false,
  onFiles,
}: FileButtonProps) {
  const input = useRef<HTMLInputElement>(null);
  const take = () => {
    const files = [...(input.current?.files ?? [])].map(picked);
    // the same file may be chosen again
    input.current!.value = '';
    if (files.length > 0) onFiles(isFolder ? files.filter(({ path }) => isWanted(path)) : files);
  };
  return (
    <>
      <button
        type="button"
        class={name}
        aria-label={isSmall ? label : undefined}
        title={isSmall ? label : undefined}
        onClick={() => input.current?.click()}
      >
        <Icon name={isFolder ? 'folder' : 'upload'} />
        {!isSmall && label}
      </button>
      <input
        ref={input}
        type="file"
        hidden
        multiple
        accept={isFolder ? undefined : ACCEPTED}
        {...(isFolder && { webkitdirectory: true })}
        onChange={take}
        aria-label={label}
      />
    </>
  );
}
