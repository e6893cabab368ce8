import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { DialogName } from '../dialogs/table.ts';
import { addStep, markStep, onTravel, thisStep } from '../steps.ts';

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
    if (thisStep().dialog !== null) markStep(null);
    return onTravel((from, to) => {
      if (isGoing.current) {
        isGoing.current = false;
        // opened in that moment: it is a step only now, or it would have been the one that went
        if (wanted.current !== null) addStep(wanted.current);
      } else if (to.dialog === null || to.at > from.at) set(to.dialog);
      // back from a choice that was made beside a window: who has closed that since does not want it again
      else if (wanted.current === null) markStep(null);
    });
  }, []);

  const show = useCallback((name: DialogName | null) => {
    set(name);
    if (isGoing.current) return;
    const isStep = thisStep().dialog !== null;
    if (name !== null) {
      if (isStep) markStep(name);
      else addStep(name);
    } else if (isStep) {
      isGoing.current = true;
      history.back();
    }
  }, []);
  return [open, show];
}
