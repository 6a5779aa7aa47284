/** One call as it was answered. */
export interface LoggedCall {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly caller: string;
  /** 0: no answer was sent (timeout, reset, dropped). */
  readonly status: number;
  /** For GraphQL: the operation's name and the points. */
  readonly operation?: string;
  readonly points?: number;
  readonly nodes?: number;
  readonly at: number;
  readonly ms: number;
}

const KEEP = 20_000;

/** The calls so far, and what the simulation could not answer. */
export class CallLog {
  #calls: LoggedCall[] = [];
  readonly counts = new Map<string, number>();
  /** Contents of files that were read over GraphQL. */
  texts = 0;
  /** Calls and fields that are not simulated: each was a 501. A test that sees one should fail. */
  readonly unhandled = new Map<string, number>();

  add(call: LoggedCall): void {
    this.#calls.push(call);
    if (this.#calls.length > KEEP * 2) this.#calls = this.#calls.slice(-KEEP);
    const key = `${call.method} ${call.operation ?? call.path.split("?")[0]}`;
    this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
  }

  addUnhandled(what: string): void {
    this.unhandled.set(what, (this.unhandled.get(what) ?? 0) + 1);
  }

  /** The newest calls, oldest first. */
  calls(): readonly LoggedCall[] {
    return this.#calls.slice(-KEEP);
  }

  clear(): void {
    this.#calls = [];
    this.counts.clear();
    this.texts = 0;
    this.unhandled.clear();
  }
}
