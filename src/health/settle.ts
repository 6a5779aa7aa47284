import { type Level, levelOf, rankOf, UNKNOWN } from "./level.js";
import type { Reading } from "./reading.js";

/** The stored result of a check: its state with the reason, and the last reading. */
export interface Standing {
  readonly level: Level;
  readonly since: Date;
  readonly reason: string;
  readonly remedy: string | null;
  /** When the last successful reading was made. */
  readonly value: number | null;
  /** The last reading if it differs from the state: half of a state change. */
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
 * The new state after a reading. The first successful reading counts at once; until then the state is `unknown`. After
 * that a change needs two consecutive readings that are both worse or both better, and moves as far as both agree, so a
 * flapping check does not change. A failed reading keeps the state and records the reason.
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
    // The state keeps its reason while a reading differs from it.
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

/** The level that both readings agree on, in one direction from the present state. */
function agreed(held: number, last: number, now: number): number {
  if (last > held && now > held) return Math.min(last, now);
  if (last < held && now < held) return Math.max(last, now);
  return held;
}
