import { kindOf, messageOf } from "../errors.js";
import type { Log } from "../log.js";

const ONCE_PER_MS = 60_000;
const KINDS_REMEMBERED = 200;

/** Reports one error of a connection or a worker; `where` names it. */
export type ErrorReport = (where: string, error: unknown) => void;

/**
 * Logs each distinct error at most once a minute, with the number of repetitions: an unavailable backend causes
 * thousands. The unavailability itself is one line without a stack.
 */
export function errorReport(log: Log, now: () => number = Date.now): ErrorReport {
  const seen = new Map<string, { since: number; suppressed: number }>();
  return (where, error) => {
    const away = kindOf(error) === "network";
    const key = away
      ? "away"
      : `${where}\0${error instanceof Error ? error.name : ""}\0${messageOf(error).replaceAll(/\d+/g, "0")}`;
    const last = seen.get(key);
    if (last && now() - last.since < ONCE_PER_MS) {
      last.suppressed += 1;
      return;
    }
    if (seen.size >= KINDS_REMEMBERED) seen.clear();
    seen.set(key, { since: now(), suppressed: 0 });
    const suppressed = last?.suppressed ?? 0;
    if (away) log.warn({ where, reason: messageOf(error), suppressed }, "queue does not respond; will retry");
    else log.warn({ where, err: error, suppressed }, "queue error");
  };
}
