import { createTally } from "./tally.js";

/** The delivery may not be durable; GitHub must be asked to send it again. */
export class NotDurableError extends Error {
  override readonly name = "NotDurableError";
}

export interface GroupCommitOptions<E, R> {
  /**
   * Commits a batch and returns one result for each entry, in order. The signal belongs to this commit until it ends
   * and is then reused: remove every listener from it.
   */
  readonly commit: (batch: readonly E[], signal: AbortSignal) => Promise<readonly R[]>;
  readonly bytesOf: (entry: E) => number;
  readonly maxRows: number;
  /** An entry that reaches this size ends the batch. */
  readonly maxBytes: number;
  /** The most concurrent commits. More than one runs only when many entries wait. */
  readonly inFlight: number;
  /** This many waiting entries begin a commit at once. Fewer wait for the end of the turn of the event loop. */
  readonly crowd: number;
  /** How long an entry may wait, including its commit. */
  readonly timeoutMs: number;
}

/** Entries that arrive together share one commit. */
export interface GroupCommit<E, R> {
  /** Resolves once the entry is committed. @throws NotDurableError */
  add(entry: E): Promise<R>;
  /** Resolves when no entry waits and no commit is running. */
  idle(): Promise<void>;
}

interface Waiting<E, R> {
  readonly entry: E;
  readonly since: number;
  readonly resolve: (result: R) => void;
  readonly reject: (error: NotDurableError) => void;
}

/**
 * A commit starts as soon as a slot is free, with all waiting entries. A single entry does not wait, and under load the
 * batches grow. A failed commit fails only its own entries.
 */
export function createGroupCommit<E, R>(options: GroupCommitOptions<E, R>): GroupCommit<E, R> {
  const waiting: Waiting<E, R>[] = [];
  const added = createTally();
  // Reused: one controller for each commit would be most of a commit's garbage.
  const controllers: AbortController[] = [];
  let underWay = 0;
  let scheduled = false;

  /** A second concurrent commit halves the batches. This pays only when the first one is slow. */
  function mayStart(): boolean {
    return waiting.length > 0 && underWay < (waiting.length < options.crowd ? 1 : options.inFlight);
  }

  function schedule(): void {
    if (!mayStart()) return;
    // Many entries start at once: the commit runs while further requests are read.
    if (waiting.length >= options.crowd) return void commitNext();
    if (scheduled) return;
    scheduled = true;
    // After the events of this turn, so that requests read together are committed together.
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

  /** A commit is given up at the deadline of its oldest entry, even if it ignores its signal. */
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
