/** Bytes. */
export interface BudgetLimits {
  /** The limit for all bodies that are read or being processed. */
  readonly heldBytes: number;
  /** The part of it for bodies above `largeBody`, so that they cannot crowd out ordinary ones. */
  readonly heldLargeBytes: number;
  readonly largeBody: number;
}

/** The share of one body. */
export interface Share {
  /** Reserves more bytes; false if they do not fit. */
  grow(bytes: number): boolean;
  /** Reserves `bytes` from now on, never more than before. */
  shrinkTo(bytes: number): void;
  /** Releases everything. May be called twice. */
  free(): void;
}

/** Limits the bytes of all bodies in memory: a flood is answered with 503. */
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
