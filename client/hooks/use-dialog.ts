import { useCallback, useEffect, useState } from 'preact/hooks';
import type { DialogName } from '../dialogs/table.ts';

/**
 * The window that is open, and how to open another, or with null none. It is a step of the browser's history: the back
 * button, or a phone's gesture, closes it.
 */
export function useDialog(): [DialogName | null, (name: DialogName | null) => void] {
  const [open, setOpen] = useState<DialogName | null>(null);
  useEffect(() => {
    // a page that is loaded anew begins without
    if (dialogOfStep() !== null) history.replaceState(null, '');
    const follow = () => setOpen(dialogOfStep());
    addEventListener('popstate', follow);
    return () => removeEventListener('popstate', follow);
  }, []);

  const show = useCallback((name: DialogName | null) => {
    const isStep = dialogOfStep() !== null;
    // it is gone when the step is
    if (name === null && isStep) return history.back();
    if (name !== null) history[isStep ? 'replaceState' : 'pushState']({ dialog: name }, '');
    setOpen(name);
  }, []);
  return [open, show];
}

function dialogOfStep(): DialogName | null {
  return (history.state as { dialog?: DialogName } | null)?.dialog ?? null;
}
