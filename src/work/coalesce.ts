/**
 * Collects ids that arrive during an add, and adds them together in the next one. At most one add runs at a time. `add`
 * must not reject. The promise resolves when the add with these ids has ended.
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
