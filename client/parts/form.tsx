import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { useDoing } from '../hooks/use-doing.ts';
import { COMMON } from '../words/common.ts';

interface FormProps {
  /** One below the other, or all in a line. */
  class?: 'stack' | 'line-form';
  /** What is done, on the button that does it. */
  verb: string;
  /** Nothing is to be done yet: there are no buttons. */
  isIdle?: boolean;
  /** Rejects with what the server says against it; then nothing typed is lost. */
  onSubmit(): Promise<void>;
  /** Leaves all as it was. */
  onCancel?(): void;
  children: ComponentChildren;
}

/** Asks the server for a change, and says why where it is refused. */
export function Form({
  class: name = 'stack',
  verb,
  isIdle = false,
  onSubmit,
  onCancel,
  children,
}: FormProps) {
  const { isDoing, fault, run } = useDoing();
  const submit = (event: Event) => {
    event.preventDefault();
    void run(onSubmit);
  };
  return (
    <form class={name} onSubmit={submit}>
      {children}
      {fault && (
        <p class="fault" role="alert">
          {fault}
        </p>
      )}
      {!isIdle && (
        <div class="buttons">
          {onCancel && (
            <button type="button" class="secondary" onClick={onCancel}>
              {COMMON.cancel}
            </button>
          )}
          <button type="submit" class="primary" disabled={isDoing}>
            {verb}
          </button>
        </div>
      )}
    </form>
  );
}

interface NameFieldProps {
  name: string;
  /** What it may be like. */
  example: string;
  /** Who reads it. */
  note?: string;
  /** Whoever came here came to type. */
  isFocused?: boolean;
  onName(name: string): void;
}

/** What a thing is called: any text, as long as the server takes. */
export function NameField({ name, example, note, isFocused = false, onName }: NameFieldProps) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    if (isFocused) input.current?.focus();
  }, []);
  return (
    <div class="field">
      <label for={id}>{COMMON.name}</label>
      <input
        ref={input}
        id={id}
        type="text"
        required
        maxLength={100}
        pattern=".*\S.*"
        autocomplete="off"
        placeholder={example}
        aria-describedby={note && `${id}-note`}
        value={name}
        onInput={({ currentTarget }) => onName(currentTarget.value)}
      />
      {note && <span id={`${id}-note`}>{note}</span>}
    </div>
  );
}
