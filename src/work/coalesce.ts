/**
 * Gathers what comes while an add is under way into the next one: at most one is in flight, however fast ids come.
 * `add` must not reject. The promise resolves when the add that holds these ids has ended.
 */
export function coalesce<T>(add: (batch: readonly T[]) => Promise<void>): (items: readonly T[]) => Promise<void> {
  let pending: T[] = [];
  let current: Promise<void> = Promise.resolve();
  let next: Promise<void> | null = null;
  return (items) => {
    for (const item of items) pending.push(item);
    next ??= current.then(() => {
      const batch = pending;
      pending = [];
      next = null;
      current = add(batch);
      return current;
    });
    return next;
  };
}
