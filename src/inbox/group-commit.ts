import { createTally } from "./tally.js";

/** It is not known to be durable: the sender must be told to try again. */
export class NotDurableError extends Error {
  override readonly name = "NotDurableError";
}

export interface GroupCommitOptions<E, R> {
  /**
   * Makes a batch durable with one commit and gives one result for each entry, in order. The signal is the commit's own
   * until it ends, and a later commit gets it again: nothing may be left on it.
   */
  readonly commit: (batch: readonly E[], signal: AbortSignal) => Promise<readonly R[]>;
  readonly bytesOf: (entry: E) => number;
  readonly maxRows: number;
  /** A batch ends with the entry that reaches it. */
  readonly maxBytes: number;
  /** Commits under way at once; more than one only while a crowd waits. */
  readonly inFlight: number;
  /** So many entries that wait begin a commit at once; fewer wait for the end of the turn of the event loop. */
  readonly crowd: number;
  /** How long an entry may wait, its commit included. */
  readonly timeoutMs: number;
}

/** Entries that come together share one commit. */
export interface GroupCommit<E, R> {
  /** Resolves once the entry is committed. @throws NotDurableError */
  add(entry: E): Promise<R>;
  /** Resolves when nothing waits and nothing is under way. */
  idle(): Promise<void>;
}

interface Waiting<E, R> {
  readonly entry: E;
  readonly since: number;
  readonly resolve: (result: R) => void;
  readonly reject: (error: NotDurableError) => void;
}

/**
 * A commit starts as soon as a slot is free, with all that waits by then: alone an entry waits for nobody, and under load
 * the batches grow by themselves. A failed commit fails its own entries only, and the next batch tries afresh.
 */
export function createGroupCommit<E, R>(options: GroupCommitOptions<E, R>): GroupCommit<E, R> {
  const waiting: Waiting<E, R>[] = [];
  const added = createTally();
  // Used again: one for each commit is more to collect than all else that a commit leaves.
  const controllers: AbortController[] = [];
  let underWay = 0;
  let scheduled = false;

  /** A second commit at once halves the batches; it is worth that only when the first one is slow. */
  function mayStart(): boolean {
    return waiting.length > 0 && underWay < (waiting.length < options.crowd ? 1 : options.inFlight);
  }

  function schedule(): void {
    if (!mayStart()) return;
    // A crowd goes at once: its commit runs while the requests that came with it are read.
    if (waiting.length >= options.crowd) return void commitNext();
    if (scheduled) return;
    scheduled = true;
    // After the events of this turn: requests that were read together are committed together.
    setImmediate(() => {
      scheduled = false;
      while (mayStart()) void commitNext();
    });
  }

  async function commitNext(): Promise<void> {
    const batch = waiting.splice(0, sizeOfNext());
    underWay++;
    try {
      const results = await commitInTime(batch);
      for (const [index, { resolve, reject }] of batch.entries()) {
        const result = results[index];
        if (result === undefined) reject(new NotDurableError("the commit did not report its outcome"));
        else resolve(result);
      }
    } catch (cause) {
      const error = new NotDurableError("the batch could not be committed", { cause });
      for (const { reject } of batch) reject(error);
    }
    underWay--;
    schedule();
    added.end(batch.length);
  }

  function sizeOfNext(): number {
    let bytes = 0;
    const full = waiting.findIndex(({ entry }, index) => {
      bytes += options.bytesOf(entry);
      return index + 1 >= options.maxRows || bytes >= options.maxBytes;
    });
    return full < 0 ? waiting.length : full + 1;
  }

  /** Past the patience of its oldest entry a commit is given up, whether or not it still listens to its signal. */
  async function commitInTime(batch: readonly Waiting<E, R>[]): Promise<readonly R[]> {
    const oldest = batch[0]?.since ?? performance.now();
    const controller = controllers.pop() ?? new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(
        () => {
          const reason = new NotDurableError(`no commit within ${options.timeoutMs} ms`);
          controller.abort(reason);
          reject(reason);
        },
        Math.max(0, options.timeoutMs - (performance.now() - oldest)),
      );
    });
    try {
      const entries = batch.map(({ entry }) => entry);
      return await Promise.race([options.commit(entries, controller.signal), late]);
    } finally {
      clearTimeout(timer);
      if (!controller.signal.aborted) controllers.push(controller);
    }
  }

  return {
    add(entry) {
      added.begin();
      return new Promise((resolve, reject) => {
        waiting.push({ entry, since: performance.now(), resolve, reject });
        schedule();
      });
    },
    idle: () => added.none(),
  };
}
