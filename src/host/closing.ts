/** What was opened, to be closed in reverse. Every one is closed, whatever the others do. */
export interface Closing {
  /**
   * Remembers how to close something; gives the thing back.
   * @throws the reason of a signal that was aborted: what was opened is to be closed, and nothing more opened.
   */
  add<T>(thing: T, close: (thing: T) => Promise<unknown> | void): T;
  /** Closes everything, last opened first. Throws the first failure, after all have been tried. Idempotent. */
  close(): Promise<void>;
}

/** @param stop aborted when the process is to end, also before everything is open. */
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
