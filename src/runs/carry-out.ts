import { type Effect, MOMENTARY_KINDS } from "../effects/effect.js";
import { intentOf } from "../effects/intent.js";
import type { EffectResult, Revise } from "../effects/writer.js";
import { messageOf } from "../errors.js";
import type { JobContext } from "../jobs/job.js";
import { redact } from "../log.js";
import { wasBegun } from "../store/effects/ledger.js";
import { endRun, type RunScope, type StoredRun } from "../store/reviews/runs.js";
import type { Sql, Store } from "../store/store.js";
import { fateOf, passing } from "./failures.js";
import { readDecision } from "./stored-decision.js";

/** A stored decision that is to be applied. */
export interface DecidedRun extends RunScope, Pick<StoredRun, "id" | "number" | "reason" | "shadow" | "decision"> {
  /** The commit of the decision; null: none. */
  readonly headSha: string | null;
}

/** The parts of an agent that are needed to apply a decision. */
export interface RunOwner {
  stillHolds(run: DecidedRun, store: Store): Promise<string | null>;
  revise?(effect: Effect, run: DecidedRun, sql: Sql): Promise<Effect>;
  ended?(sql: Sql, run: DecidedRun, end: RunEnd): Promise<void>;
}

export interface RunEnd {
  /** `abandoned`: nothing of it was written. */
  readonly status: "done" | "abandoned";
  /** The results of the effects, without those that GitHub refused. Empty in shadow mode. */
  readonly applied: readonly EffectResult[];
  readonly now: Date;
}

export interface CarriedOut {
  readonly status: RunEnd["status"];
  readonly reason: string;
}

/**
 * Applies a stored decision; calling it again does not repeat effects. A decision that is out of date is abandoned if
 * none of its effects has reached GitHub. If some have, the rest is applied too, or the next run would repeat them.
 */
export async function carryOut(owner: RunOwner, run: DecidedRun, context: JobContext): Promise<CarriedOut> {
  const { store, clock } = context;
  const { effects, notes } = readDecision(run.decision) ?? UNREADABLE;
  const outdated = await outdatedReason(owner, run, effects, context);
  if (outdated !== null) {
    const reason = `abandoned: ${outdated} before anything was written`;
    const ending = { reason, notes: [], requests: 0 };
    await store.transaction(async (sql) => {
      const now = clock.now();
      await owner.ended?.(sql, run, { status: "abandoned", applied: [], now });
      await endRun(sql, run.id, { status: "abandoned", ...ending, now });
    });
    return { status: "abandoned", reason };
  }
  const applied = run.shadow ? { results: [], notes: [] } : await applyAll(owner, run, effects, context);
  const all = [...notes, ...applied.notes];
  const requests = run.shadow ? 0 : effects.length;
  await store.transaction(async (sql) => {
    const now = clock.now();
    await owner.ended?.(sql, run, { status: "done", applied: applied.results, now });
    await endRun(sql, run.id, { status: "done", reason: run.reason, notes: all, requests, now });
  });
  const mode = run.shadow ? " Shadow mode: nothing was written." : "";
  return { status: "done", reason: `${run.reason}${mode}${all.map((note) => `; ${note}`).join("")}` };
}

const UNREADABLE = { effects: [], notes: ["this version cannot read the stored decision"] };

async function outdatedReason(
  owner: RunOwner,
  run: DecidedRun,
  effects: readonly Effect[],
  { store }: JobContext,
): Promise<string | null> {
  // A decision to write nothing is never out of date: the next run would decide the same, and never end.
  if (effects.length === 0) return null;
  const reason = await owner.stillHolds(run, store);
  if (reason === null) return null;
  return (await wasBegun(store.sql, effects.map(intentOf))) ? null : reason;
}

/** Applies effects one by one. A permanent refusal by GitHub becomes a note; a temporary failure ends the attempt. */
async function applyAll(
  owner: RunOwner,
  run: DecidedRun,
  effects: readonly Effect[],
  context: JobContext,
): Promise<{ readonly results: readonly EffectResult[]; readonly notes: readonly string[] }> {
  const results: EffectResult[] = [];
  const notes: string[] = [];
  const writer = context.effects();
  const revise: Revise = (effect, sql) => owner.revise?.(effect, run, sql) ?? Promise.resolve(effect);
  for (const effect of effects) {
    try {
      const [result] = await writer.apply([effect], context, revise);
      if (!result) continue;
      results.push(result);
      if (result.note !== undefined) notes.push(result.note);
      if (result.status === "blocked") notes.push(`${effect.kind} waits: ${result.reason ?? "writes are paused"}`);
      if (result.status === "cancelled" && MOMENTARY_KINDS.has(effect.kind))
        notes.push(`${effect.kind} was not made: ${result.reason ?? "writes are paused"}`);
    } catch (error) {
      const fate = fateOf(error, effect, context);
      if (fate === null) throw passing(error);
      notes.push(`${effect.kind} ${fate}: ${redact(messageOf(error))}`);
    }
  }
  return { results, notes };
}
