import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { ApiError, type Import, type Status } from '../api.ts';
import type { Picked } from '../drop.ts';
import { justQueued, shownImports } from '../imports.ts';
import { formatCount } from '../numbers.ts';
import { type Upload, upload } from '../upload.ts';
import { WORDS } from '../words.ts';

/** Files on their way to the server. */
export interface Sending {
  id: number;
  /** What is sent: a file's name, or how many there are. */
  label: string;
  /** 0 to 1. */
  share: number;
  /** Why it failed; null while it goes. */
  fault: string | null;
}

export interface Imports {
  sending: Sending[];
  shown: Import[];
  send(files: readonly Picked[]): void;
  dismissSending(id: number): void;
  dismiss(importId: string): void;
}

/** Uploads and the imports they become. `onSignedOut`: an upload was refused because nobody is signed in. */
export function useImports(status: Status | null, onSignedOut: () => void): Imports {
  const [sending, setSending] = useState<Sending[]>([]);
  const [shown, setShown] = useState<Import[]>([]);
  const uploads = useRef(new Map<number, Upload>());
  const told = useRef<Import[]>([]);
  const next = useRef(1);

  useEffect(() => {
    if (status === null) return;
    told.current = status.imports;
    setShown((before) => shownImports(before, status.imports));
  }, [status]);

  const dismissSending = useCallback((id: number) => {
    uploads.current.get(id)?.abort();
    setSending((before) => before.filter((one) => one.id !== id));
  }, []);

  const send = useCallback(
    (files: readonly Picked[]) => {
      const id = next.current++;
      const change = (part: Partial<Sending>) =>
        setSending((before) => before.map((one) => (one.id === id ? { ...one, ...part } : one)));
      const isOne = files.length === 1;
      const label = isOne ? files[0].file.name : `${formatCount(files.length)} ${WORDS.files(files.length)}`;
      setSending((before) => [
        ...before,
        { id, label, share: 0, fault: files.length === 0 ? WORDS.noFiles : null },
      ]);
      if (files.length === 0) return;
      const started = upload(files, (share) => change({ share }));
      uploads.current.set(id, started);
      started.finished
        .then((importId) => {
          setSending((before) => before.filter((one) => one.id !== id));
          // the server may have told of it before it answered
          setShown((before) =>
            before.some((one) => one.id === importId)
              ? before
              : shownImports([...before, justQueued(importId)], told.current),
          );
        })
        .catch((error) => {
          if (!(error instanceof ApiError) || error.code === 'aborted') return;
          if (error.status === 401) onSignedOut();
          change({ fault: error.status === 0 ? WORDS.uploadBroke : error.message });
        })
        .finally(() => uploads.current.delete(id));
    },
    [onSignedOut],
  );

  const dismiss = useCallback(
    (importId: string) => setShown((before) => before.filter((one) => one.id !== importId)),
    [],
  );

  return { sending, shown, send, dismissSending, dismiss };
}
