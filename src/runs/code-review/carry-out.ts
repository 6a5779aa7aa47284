import { redact } from "../../log.js";
import type { Effect } from "../../effects/effect.js";
import { kindOf, messageOf } from "../../errors.js";
import { intentOf } from "../../effects/intent.js";
import { wasBegun } from "../../store/effects/ledger.js";
import { forgetFindings, settleFindings, tellFindings } from "../../store/reviews/findings.js";
import { headOf } from "../../store/reviews/pull-request.js";
import { endRun } from "../../store/reviews/runs.js";
import type { JobContext } from "../../jobs/job.js";
import type { StoredDecision } from "./stored-decision.js";

/** A decision that is written down and to be carried out. */
export interface DecidedRun {
  readonly id: bigint;
  readonly installationId: bigint;
  readonly repositoryId: bigint;
  readonly number: number;
  readonly headSha: string | null;
  readonly reason: string;
  readonly shadow: boolean;
  readonly decision: StoredDecision;
}

export type CarriedOut =
  | { readonly status: "done"; readonly reason: string }
  /** The head moved before anything was written. */
  | { readonly status: "abandoned"; readonly reason: string };

/**
 * Does what was decided, once however often this is called. Abandons it when the head has moved and nothing of it has
 * reached GitHub; what has begun is brought to its end, or it would be said twice.
 */
export async function carryOut(run: DecidedRun, context: JobContext): Promise<CarriedOut> {
  const { store, clock } = context;
  const moved = await movedTo(run, context);
  if (moved !== null) {
    const reason = `abandoned: the head moved to ${moved.slice(0, 7)} before anything was written`;
    await store.transaction(async (sql) => {
      await forgetFindings(sql, run.id);
      await endRun(sql, run.id, { status: "abandoned", reason, notes: [], requests: 0, now: clock.now() });
    });
    return { status: "abandoned", reason };
  }
  const { notes, dry, reviewed } = run.shadow ? NOTHING_WRITTEN : await applyAll(run.decision.effects, context);
  const scope = {
    installationId: run.installationId,
    repositoryId: run.repositoryId,
    number: run.number,
    shadow: run.shadow,
  };
  await store.transaction(async (sql) => {
    const now = clock.now();
    if (reviewed && !dry) await tellFindings(sql, run.id, now);
    else await forgetFindings(sql, run.id);
    if (!dry) {
      await settleFindings(sql, scope, "fixed", { fingerprints: run.decision.fixed }, now);
    }
    const all = [...run.decision.notes, ...notes];
    const requests = run.shadow ? 0 : run.decision.effects.length;
    await endRun(sql, run.id, { status: "done", reason: run.reason, notes: all, requests, now });
  });
  const suffix = [...run.decision.notes, ...notes].map((note) => `; ${note}`).join("");
  return {
    status: "done",
    reason: `${run.reason}${run.shadow ? " Shadow mode: nothing was written." : ""}${suffix}`,
  };
}

/** In shadow findings count as told, so that each is counted once. */
const NOTHING_WRITTEN = { notes: [], dry: false, reviewed: true };

async function movedTo(run: DecidedRun, { store }: JobContext): Promise<string | null> {
  if (run.headSha === null) return null;
  const head = await headOf(store.sql, run.installationId, run.repositoryId, run.number);
  if (head === null || head === run.headSha) return null;
  const begun = await wasBegun(store.sql, run.decision.effects.map(intentOf));
  return begun ? null : head;
}

/**
 * One after the other. What GitHub refuses for good is noted; what may pass ends the attempt. `reviewed`: the review was
 * given, so that its findings are told.
 */
async function applyAll(
  effects: readonly Effect[],
  context: JobContext,
): Promise<{ readonly notes: readonly string[]; readonly dry: boolean; readonly reviewed: boolean }> {
  const notes: string[] = [];
  let [dry, reviewed] = [false, false];
  const writer = context.effects();
  for (const effect of effects) {
    try {
      const [result] = await writer.apply([effect], context);
      dry ||= result?.status === "dry-run";
      if (result?.note !== undefined) notes.push(result.note);
      if (effect.kind === "review") reviewed = result?.status !== "cancelled";
      if (result?.status === "blocked") notes.push(`${effect.kind} waits: ${result.reason ?? "writes are paused"}`);
    } catch (error) {
      const kind = kindOf(error);
      if (kind !== "gone" && kind !== "invalid") throw error;
      notes.push(`${effect.kind} was refused: ${redact(messageOf(error))}`);
    }
  }
  return { notes, dry, reviewed };
}
