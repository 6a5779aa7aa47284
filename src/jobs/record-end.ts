import type { Deferral, Outcome } from "../domain.js";
import { type ErrorKind, type FailurePolicy, kindOf, messageOf } from "../errors.js";
import { redact } from "../log.js";
import { type Failure, finishJob, retryJob, type RunOf } from "../store/jobs/end-job.js";
import type { Sql } from "../store/store.js";

const LONGEST_TEXT = 2_000;

/** What became of a run, and when it wants to be woken again. */
export interface Ended {
  readonly status: "done" | "skipped" | "failed" | "waiting" | "superseded" | "lost";
  readonly because: string;
  readonly againAt: Date | null;
  /** What the failure means; null when the run did not fail. */
  readonly errorKind: ErrorKind | null;
}

/** Writes a run that did not fail. */
export async function recordOutcome(sql: Sql, run: RunOf, outcome: Outcome | Deferral): Promise<Ended> {
  if (outcome.status === "later") return deferred(sql, run, outcome);
  const { status, because } = outcome;
  const held = await finishJob(sql, run, { status, because });
  return { status: held ? status : "lost", because, againAt: null, errorKind: null };
}

/** Writes a failed run as its policy says; switches on the policy and on nothing else. */
export async function recordFailure(sql: Sql, run: RunOf, error: unknown, policy: FailurePolicy): Promise<Ended> {
  const failure: Failure = { kind: kindOf(error), text: redact(messageOf(error)).slice(0, LONGEST_TEXT) };
  switch (policy.kind) {
    case "retry":
      return again(sql, run, new Date(run.now.getTime() + policy.afterMs), true, failure);
    case "retry-at":
      return again(sql, run, policy.at, false, failure);
    case "give-up":
      return finished(sql, run, "failed", redact(policy.because), failure);
    case "ignore":
      return finished(sql, run, "skipped", redact(policy.because), failure);
  }
}

/** Gives a run back unfinished: at once, and no attempt is used. */
export async function recordStop(sql: Sql, run: RunOf, because: string): Promise<Ended> {
  const status = await retryJob(sql, run, { at: run.now, costsAttempt: false, because });
  return { status, because, againAt: status === "waiting" ? run.now : null, errorKind: null };
}

async function deferred(sql: Sql, run: RunOf, { at, because }: Deferral): Promise<Ended> {
  const status = await retryJob(sql, run, { at, costsAttempt: false, because });
  return { status, because, againAt: status === "waiting" ? at : null, errorKind: null };
}

async function again(sql: Sql, run: RunOf, at: Date, costsAttempt: boolean, failure: Failure): Promise<Ended> {
  const because = `to be tried again: ${failure.kind}`;
  const status = await retryJob(sql, run, { at, costsAttempt, because, failure });
  return { status, because, againAt: status === "waiting" ? at : null, errorKind: failure.kind };
}

async function finished(
  sql: Sql,
  run: RunOf,
  status: "failed" | "skipped",
  because: string,
  failure: Failure,
): Promise<Ended> {
  const held = await finishJob(sql, run, { status, because, failure });
  return { status: held ? status : "lost", because, againAt: null, errorKind: failure.kind };
}
