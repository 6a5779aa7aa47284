export interface FairLimitOptions {
  /** Pieces of work at once. */
  readonly size: number;
  /** The part of them for one owner; the rest is left to others. */
  readonly perOwner: number;
}

/** Owners whose last turn is remembered. A forgotten one counts as waiting longest. */
const REMEMBERED = 1_000;

interface Waiting {
  readonly owner: string;
  start(): void;
  refuse(reason: unknown): void;
}

/**
 * Runs work within a limit for all and one for each owner. Next is the owner with the least running work, among equals
 * the one served longest ago, with its oldest work. One owner's backlog therefore does not delay the others.
 */
export class FairLimit {
  readonly #waiting: Waiting[] = [];
  readonly #running = new Map<string, number>();
  /** Owners by their last turn, the latest last. */
  readonly #served = new Set<string>();
  #closed: { readonly reason: unknown } | null = null;

  constructor(readonly options: FairLimitOptions) {}

  /** @throws the reason of `close` when it came first. */
  async run<T>(owner: string, work: () => Promise<T>): Promise<T> {
    if (this.#closed) throw this.#closed.reason;
    await new Promise<void>((start, refuse) => {
      this.#waiting.push({ owner, start, refuse });
      this.#next();
    });
    try {
      return await work();
    } finally {
      this.#count(owner, -1);
      this.#next();
    }
  }

  /** Rejects waiting and future work. */
  close(reason: unknown): void {
    this.#closed ??= { reason };
    for (const { refuse } of this.#waiting.splice(0)) refuse(reason);
  }

  #next(): void {
    const running = [...this.#running.values()].reduce((sum, count) => sum + count, 0);
    if (running >= this.options.size) return;
    const turns = [...this.#served];
    const [next] = this.#waiting
      .filter(({ owner }) => this.#of(owner) < this.options.perOwner)
      .toSorted((a, b) => this.#of(a.owner) - this.#of(b.owner) || turns.indexOf(a.owner) - turns.indexOf(b.owner));
    if (!next) return;
    this.#waiting.splice(this.#waiting.indexOf(next), 1);
    this.#count(next.owner, 1);
    this.#served.delete(next.owner);
    this.#served.add(next.owner);
    const [oldest] = this.#served;
    if (this.#served.size > REMEMBERED && oldest !== undefined) this.#served.delete(oldest);
    next.start();
  }

  #of(owner: string): number {
    return this.#running.get(owner) ?? 0;
  }

  #count(owner: string, by: number): void {
    const count = this.#of(owner) + by;
    if (count > 0) this.#running.set(owner, count);
    else this.#running.delete(owner);
  }
}
