/** Counts running operations. Cheaper than a set of promises, whose old tables only a full garbage collection frees. */
export interface Tally {
  begin(): void;
  end(count?: number): void;
  /** Resolves when no operation is running. */
  none(): Promise<void>;
}

export function createTally(): Tally {
  let underWay = 0;
  const waiting: (() => void)[] = [];
  return {
    begin() {
      underWay++;
    },
    end(count = 1) {
      underWay -= count;
      if (underWay === 0) for (const resolve of waiting.splice(0)) resolve();
    },
    none() {
      if (underWay === 0) return Promise.resolve();
      return new Promise((resolve) => waiting.push(resolve));
    },
  };
}
