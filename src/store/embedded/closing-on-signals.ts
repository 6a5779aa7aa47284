import { constants } from "node:os";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Gives `work` what is opened, and closes it afterwards. A signal that ends the process closes it first, also while it is
 * still being opened, and a second one waits for that.
 */
export async function closingOnSignals<T, R>(
  opened: Promise<T>,
  close: (opened: T) => Promise<void>,
  work: (opened: T) => Promise<R>,
): Promise<R> {
  let ending = false;
  const end = (signal: (typeof SIGNALS)[number]): void => {
    if (ending) return;
    ending = true;
    const exit = (): never => process.exit(128 + constants.signals[signal]);
    opened.then(close).then(exit, exit);
  };
  for (const signal of SIGNALS) process.on(signal, end);
  try {
    const value = await opened;
    try {
      return await work(value);
    } finally {
      // What the work says when its database goes away under it is nobody's concern: the process ends.
      if (ending) await new Promise<never>(() => undefined);
      await close(value);
    }
  } finally {
    for (const signal of SIGNALS) process.off(signal, end);
  }
}
