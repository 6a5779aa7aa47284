/** Counts what is under way. Cheaper than a set of promises, whose old tables only a full collection finds. */
export interface Tally {
  begin(): void;
  end(count?: number): void;
  /** Resolves when nothing is under way. */
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
