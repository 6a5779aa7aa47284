import { kindOf, ResourceLimitError } from "../../errors.js";

/** After this many good pages a larger one is tried; the number doubles with each failure. */
const PATIENCE = 3;
const MOST_PATIENCE = 48;

/**
 * The page size of one list in a run. GitHub answers 502, or not at all, when a page takes too long. Then the size is
 * halved, and grows again later.
 */
export class PageSize {
  #size: number;
  #good = 0;
  #patience = PATIENCE;
  #grown = false;

  constructor(readonly largest: number) {
    this.#size = largest;
  }

  get current(): number {
    return this.#size;
  }

  /** A page of `size` succeeded. */
  answered(size: number): void {
    if (size < this.#size) return;
    this.#good += 1;
    if (this.#size === this.largest || this.#good < this.#patience) return;
    this.#size = Math.min(this.largest, this.#size * 2);
    this.#good = 0;
    this.#grown = true;
  }

  /** A page of `size` failed. False: it cannot be smaller, or the failure does not depend on the size. */
  failed(size: number, error: unknown): boolean {
    if (!mayBeTooLarge(error) || size <= 1) return false;
    if (size === this.#size) {
      this.#size = Math.max(1, Math.floor(size / 2));
      if (this.#grown) this.#patience = Math.min(MOST_PATIENCE, this.#patience * 2);
      this.#good = 0;
      this.#grown = false;
    }
    return true;
  }
}

/** Answers that can mean that a page takes too long: 502, no answer, or GitHub's own 'too much'. */
export function mayBeTooLarge(error: unknown): boolean {
  return error instanceof ResourceLimitError || kindOf(error) === "network";
}

/** Reads all items, as many at once as GitHub can deliver. */
export async function inBatches<T, R>(
  size: PageSize,
  items: readonly T[],
  ask: (some: readonly T[]) => Promise<R>,
): Promise<readonly R[]> {
  const answers: R[] = [];
  for (let from = 0; from < items.length;) {
    const count = size.current;
    try {
      answers.push(await ask(items.slice(from, from + count)));
      size.answered(count);
      from += count;
    } catch (error) {
      if (!size.failed(count, error)) throw error;
    }
  }
  return answers;
}
