import { type Level, levelOf, rankOf } from "./level.js";
import type { Reading } from "./reading.js";

/** What is known of one check: its state with its reason, and what the last reading saw. */
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
 * What a reading makes of what was known before. A change takes two readings in a row that are both worse, or both
 * better, and goes as far as both agree: what flaps between two states changes nothing. A first reading that is good is
 * believed. One that could not be made leaves the state as it is, and says why.
 */
export function settle(before: Standing | null, reading: Reading, now: Date): Settled {
  const { level, reason, remedy, value } = reading;
  const known: Standing = before ?? {
    level: levelOf(0),
    since: now,
    reason: "nothing is known against it yet",
    remedy: null,
    value: null,
    pending: null,
    unread: null,
    checkedAt: now,
  };
  if (level === null) return { standing: { ...known, unread: reason, checkedAt: now }, transition: null };
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

/** As far as the last two readings go in one direction from where the state is. */
function agreed(held: number, last: number, now: number): number {
  if (last > held && now > held) return Math.min(last, now);
  if (last < held && now < held) return Math.max(last, now);
  return held;
}
