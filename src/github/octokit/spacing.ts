import { setTimeout as wait } from "node:timers/promises";
import { RateLimitError } from "../../errors.js";

/** The limiter interface of `@octokit/plugin-throttling`; a Bottleneck group has this shape. */
export interface Limiter {
  key(id: string): { schedule<T>(options: unknown, work: () => Promise<T>): Promise<T> };
}

/** No limit of this app. */
export const UNSPACED: Limiter = { key: () => ({ schedule: (_options, work) => work() }) };

/** A later turn is waited for outside of the job. */
const LONGEST_WAIT_MS = 3_000;

/**
 * At most one start in `everyMs` for each key. A short wait blocks; a longer one throws a `RateLimitError`, so that the
 * job is delayed without holding resources.
 */
export class Spacing implements Limiter {
  readonly #next = new Map<string, number>();

  constructor(
    readonly everyMs: number,
    readonly now: () => number = Date.now,
  ) {}

  key(id: string): ReturnType<Limiter["key"]> {
    return {
      schedule: async (_options, work) => {
        await this.#turn(id);
        return work();
      },
    };
  }

  async #turn(id: string): Promise<void> {
    const now = this.now();
    const turn = Math.max(now, this.#next.get(id) ?? 0);
    if (turn - now > LONGEST_WAIT_MS) {
      throw new RateLimitError("Writes wait: GitHub allows one notification a second", new Date(turn));
    }
    this.#next.set(id, turn + this.everyMs);
    if (turn > now) await wait(turn - now);
    else this.#forget(now);
  }

  /** Keys whose turn is past are no longer needed. */
  #forget(now: number): void {
    for (const [id, turn] of this.#next) if (turn < now) this.#next.delete(id);
  }
}
