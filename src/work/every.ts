/** A periodic task of this process. */
export interface Regular {
  /** Waits for the current run. */
  stop(): Promise<void>;
}

/**
 * Runs `work` every given number of milliseconds, first after one interval. `work` may return an earlier time for its
 * next run. Deliberately not a schedule of the queue: it restores the queue after the queue has lost everything.
 * @param jitter in [0, 1): spreads the runs of many processes over half an interval.
 */
export function every(
  ms: number,
  work: () => Promise<{ readonly soonerMs?: number } | void>,
  options: { readonly jitter: () => number; readonly onError: (error: unknown) => void },
): Regular {
  let stopped = false;
  let running: Promise<void> = Promise.resolve();
  let timer = setTimeout(tick, ms * (0.5 + options.jitter() / 2));
  function tick(): void {
    running = run();
  }
  async function run(): Promise<void> {
    let pause = ms * (0.75 + options.jitter() / 2);
    try {
      const answer = await work();
      pause = answer?.soonerMs ?? pause;
    } catch (error) {
      options.onError(error);
    }
    if (!stopped) timer = setTimeout(tick, pause);
  }
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
