import { type Level, levelOf, rankOf, UNKNOWN } from "./level.js";
import type { Reading } from "./reading.js";

/** A check as it stands: its state with the reason, and what the last reading saw. */
export interface Standing {
  readonly level: Level;
  readonly since: Date;
  readonly reason: string;
  readonly remedy: string | null;
  /** Of the last reading that could be made. */
  readonly value: number | null;
  /** The last reading where it differs from the state: half a transition. */
  readonly pending: { readonly level: Level; readonly reason: string } | null;
  /** Why the last reading could not be made; null when it was. */
  readonly unread: string | null;
  readonly checkedAt: Date;
}

export interface Settled {
  readonly standing: Standing;
  /** Null when the level stays. */
  readonly transition: { readonly from: Level; readonly to: Level } | null;
}

/**
 * The state after a reading. The first reading that could be made counts at once; until then the state is `unknown`.
 * After that a change takes two readings in a row that are both worse, or both better, and goes as far as both agree: a
 * check that flaps between two states changes nothing. A reading that could not be made keeps the state and says why.
 */
export function settle(before: Standing | null, reading: Reading, now: Date): Settled {
  const { level, reason, remedy, value } = reading;
  const known: Standing = before ?? { ...NEVER_READ, since: now, checkedAt: now };
  if (level === null) return { standing: { ...known, unread: reason, checkedAt: now }, transition: null };
  if (known.level.state === "unknown") {
    const first = { level, since: now, reason, remedy, value, pending: null, unread: null, checkedAt: now };
    return { standing: first, transition: rankOf(level) === 0 ? null : { from: known.level, to: level } };
  }
  const held = rankOf(known.level);
  const seen = rankOf(level);
  const next = agreed(held, known.pending === null ? held : rankOf(known.pending.level), seen);
  const agrees = seen === next;
  const standing: Standing = {
    level: levelOf(next),
    since: next === held ? known.since : now,
    // A state keeps its words while a reading speaks of another one.
    reason: agrees || next !== held ? reason : known.reason,
    remedy: agrees || next !== held ? remedy : known.remedy,
    value,
    pending: agrees ? null : { level, reason },
    unread: null,
    checkedAt: now,
  };
  return { standing, transition: next === held ? null : { from: known.level, to: levelOf(next) } };
}

const NEVER_READ = {
  level: UNKNOWN,
  reason: "not checked yet",
  remedy: null,
  value: null,
  pending: null,
  unread: null,
} as const;

/** As far as the last two readings go in one direction from where the state is. */
function agreed(held: number, last: number, now: number): number {
  if (last > held && now > held) return Math.min(last, now);
  if (last < held && now < held) return Math.max(last, now);
  return held;
}
