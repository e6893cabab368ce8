/**
 * One question at a time. Who asks while an answer is awaited gets that of one more question after it, the same for all:
 * what the first one answers may have been old when they asked.
 */
export function inTurn(ask: () => Promise<void>): () => Promise<void> {
  let now: Promise<void> | null = null;
  let next: Promise<void> | null = null;
  const begin = () => {
    next = null;
    now = ask().finally(() => {
      now = null;
    });
    return now;
  };
  return () => {
    if (next === null && now === null) return begin();
    next ??= now!.then(begin, begin);
    return next;
  };
}
