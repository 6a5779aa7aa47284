/** Bytes. */
export interface BudgetLimits {
  /** Of all bodies that have been read and are not done with yet. */
  readonly heldBytes: number;
  /** Of those, what bodies over `largeBody` may hold together, so that they never starve the ordinary ones. */
  readonly heldLargeBytes: number;
  readonly largeBody: number;
}

/** What one body holds of the memory for bodies. */
export interface Share {
  /** Takes so many bytes more; false when there is no room for them. */
  grow(bytes: number): boolean;
  /** Holds `bytes` from now on, never more than before. */
  shrinkTo(bytes: number): void;
  /** Gives everything back. May be called twice. */
  free(): void;
}

/** A bound on the bytes of all bodies in flight: a flood is answered with 503 and never fills the memory. */
export interface Budget {
  open(): Share;
  readonly held: number;
}

export function createBudget(limits: BudgetLimits): Budget {
  let held = 0;
  let heldLarge = 0;

  function open(): Share {
    let mine = 0;
    const set = (next: number): void => {
      held += next - mine;
      heldLarge += largePart(next) - largePart(mine);
      mine = next;
    };
    const largePart = (bytes: number): number => (bytes > limits.largeBody ? bytes : 0);
    return {
      grow(bytes) {
        const next = mine + bytes;
        if (held + bytes > limits.heldBytes) return false;
        if (heldLarge + largePart(next) - largePart(mine) > limits.heldLargeBytes) return false;
        set(next);
        return true;
      },
      shrinkTo(bytes) {
        if (bytes < mine) set(bytes);
      },
      free() {
        set(0);
      },
    };
  }

  return {
    open,
    get held() {
      return held;
    },
  };
}
