import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { DialogName } from '../dialogs/table.ts';

/**
 * The window that is open, and how to open another, or with null none. It is a step of the browser's history: the back
 * button, or a phone's gesture, closes it.
 */
export function useDialog(): [DialogName | null, (name: DialogName | null) => void] {
  const [open, setOpen] = useState<DialogName | null>(null);
  const wanted = useRef<DialogName | null>(null);
  /** The step of a window that was closed goes a moment later. */
  const isGoing = useRef(false);

  const set = useCallback((name: DialogName | null) => {
    wanted.current = name;
    setOpen(name);
  }, []);
  useEffect(() => {
    // a page that is loaded anew begins without
    if (dialogOfStep() !== null) history.replaceState(null, '');
    const follow = () => {
      if (!isGoing.current) return set(dialogOfStep());
      isGoing.current = false;
      // opened in that moment: it is a step only now, or it would have been the one that went
      if (wanted.current !== null) history.pushState({ dialog: wanted.current }, '');
    };
    addEventListener('popstate', follow);
    return () => removeEventListener('popstate', follow);
  }, []);

  const show = useCallback((name: DialogName | null) => {
    set(name);
    if (isGoing.current) return;
    const isStep = dialogOfStep() !== null;
    if (name !== null) history[isStep ? 'replaceState' : 'pushState']({ dialog: name }, '');
    else if (isStep) {
      isGoing.current = true;
      history.back();
    }
  }, []);
  return [open, show];
}

function dialogOfStep(): DialogName | null {
  return (history.state as { dialog?: DialogName } | null)?.dialog ?? null;
}
