/** Opened resources, to be closed in reverse order. Each is closed even if others fail. */
export interface Closing {
  /**
   * Registers how to close a resource, and returns it.
   * @throws the reason of an aborted signal: close everything and open nothing more.
   */
  add<T>(thing: T, close: (thing: T) => Promise<unknown> | void): T;
  /** Closes everything, last opened first. Throws the first failure, after all have been tried. Idempotent. */
  close(): Promise<void>;
}

/** @param stop aborted when the process should end, even during the start. */
export function closing(stop?: AbortSignal): Closing {
  const open: (() => Promise<unknown> | void)[] = [];
  let done: Promise<void> | undefined;
  const closeAll = async (): Promise<void> => {
    const failures: unknown[] = [];
    for (let close = open.pop(); close; close = open.pop()) {
      try {
        await close();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  };
  return {
    add(thing, close) {
      open.push(() => close(thing));
      stop?.throwIfAborted();
      return thing;
    },
    close: () => (done ??= closeAll()),
  };
}
