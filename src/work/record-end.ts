import { cut } from "../text/cut.js";
import type { Deferral, Outcome } from "../domain.js";
import { type ErrorKind, type FailurePolicy, kindOf, messageOf } from "../errors.js";
import { redact } from "../log.js";
import { type Failure, finishJob, retryJob, type RunOf } from "../store/jobs/end-job.js";
import type { Sql } from "../store/store.js";

const LONGEST_TEXT = 2_000;

/** The end of a run, and when the row is due again. */
export interface Ended {
  readonly status: "done" | "skipped" | "failed" | "waiting" | "superseded" | "lost";
  readonly reason: string;
  readonly againAt: Date | null;
  /** The policy of the failure; null: the run did not fail. */
  readonly errorKind: ErrorKind | null;
}

/** Records a run that did not fail. */
export async function recordOutcome(sql: Sql, run: RunOf, outcome: Outcome | Deferral): Promise<Ended> {
  if (outcome.status === "later") return deferred(sql, run, outcome);
  const { status, reason } = outcome;
  const held = await finishJob(sql, run, { status, reason });
  return { status: held ? status : "lost", reason, againAt: null, errorKind: null };
}

/** Records a failed run according to its policy. */
export async function recordFailure(sql: Sql, run: RunOf, error: unknown, policy: FailurePolicy): Promise<Ended> {
  const failure: Failure = { kind: kindOf(error), text: cut(redact(messageOf(error)), LONGEST_TEXT) };
  switch (policy.kind) {
    case "retry":
      return again(sql, run, new Date(run.now.getTime() + policy.afterMs), true, failure);
    case "retry-at":
      return again(sql, run, policy.at, false, failure);
    case "give-up":
      return finished(sql, run, "failed", redact(policy.reason), failure);
    case "ignore":
      return finished(sql, run, "skipped", redact(policy.reason), failure);
  }
}

/** Releases an unfinished run at once, without using an attempt. */
export async function recordStop(sql: Sql, run: RunOf, reason: string): Promise<Ended> {
  const status = await retryJob(sql, run, { at: run.now, costsAttempt: false, reason });
  return { status, reason, againAt: status === "waiting" ? run.now : null, errorKind: null };
}

async function deferred(sql: Sql, run: RunOf, { at, reason }: Deferral): Promise<Ended> {
  const status = await retryJob(sql, run, { at, costsAttempt: false, reason });
  return { status, reason, againAt: status === "waiting" ? at : null, errorKind: null };
}

async function again(sql: Sql, run: RunOf, at: Date, costsAttempt: boolean, failure: Failure): Promise<Ended> {
  const reason = `will retry: ${failure.kind}`;
  const status = await retryJob(sql, run, { at, costsAttempt, reason, failure });
  return { status, reason, againAt: status === "waiting" ? at : null, errorKind: failure.kind };
}

async function finished(
  sql: Sql,
  run: RunOf,
  status: "failed" | "skipped",
  reason: string,
  failure: Failure,
): Promise<Ended> {
  const held = await finishJob(sql, run, { status, reason, failure });
  return { status: held ? status : "lost", reason, againAt: null, errorKind: failure.kind };
}
