import { constants } from "node:os";
import { messageOf } from "../../errors.js";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/**
 * A terminal sends Ctrl-C to all of its processes, and npm forwards it: repeated signals within this time count as one.
 */
const ONCE_MS = 1_000;

/** The open resources of this process, each to be closed before it ends. */
const closers = new Set<() => Promise<void>>();
let endingSince: number | null = null;

/**
 * Runs `work` with a collector of opened resources, and closes them afterwards. A signal that ends the process closes
 * everything first, including resources that are still being opened; a second signal, a second later, ends it at once.
 * `close` may be called twice.
 */
export async function closingOnSignals<T, R>(
  opened: Promise<T>,
  close: (opened: T) => Promise<void>,
  work: (opened: T) => Promise<R>,
): Promise<R> {
  const closer = (): Promise<void> => opened.then(close, () => undefined);
  if (closers.size === 0) for (const signal of SIGNALS) process.on(signal, end);
  closers.add(closer);
  try {
    const value = await opened;
    try {
      return await work(value);
    } finally {
      // Errors of the work after its database was closed do not matter, because the process ends.
      if (endingSince !== null) await new Promise<never>(() => undefined);
      await close(value);
    }
  } finally {
    closers.delete(closer);
    if (closers.size === 0) for (const signal of SIGNALS) process.off(signal, end);
  }
}

function end(signal: NodeJS.Signals): void {
  const code = 128 + constants.signals[signal];
  if (endingSince !== null) {
    if (performance.now() - endingSince > ONCE_MS) process.exit(code);
    return;
  }
  endingSince = performance.now();
  void closeAll().then(() => process.exit(code));
}

async function closeAll(): Promise<void> {
  // One by one; the loop also sees resources that the work opens meanwhile.
  for (const closer of closers)
    await closer().catch((error: unknown) => void process.stderr.write(`${messageOf(error)}\n`));
}
