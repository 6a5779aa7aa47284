import { redact } from "../../log.js";
import type { Outcome } from "../../domain.js";
import { messageOf, policyFor } from "../../errors.js";
import { giveUpCursors } from "../../store/sync/cursors.js";
import { progressOf, warningsOf } from "../../store/sync/progress.js";
import { releaseCursors } from "../../store/sync/release-cursors.js";
import { tenantOf } from "../../store/sync/repositories.js";
import { endRun, pauseRun, type RunEnd, takeRun } from "../../store/sync/runs.js";
import { SupersededError } from "../../store/sync/superseded.js";
import { ExcludedError } from "../excluded.js";
import { activate, type ActiveRun } from "./active-run.js";
import type { SyncOptions } from "./options.js";
import { planRun } from "./plan.js";
import { work } from "./work.js";

const NO_TENANT = { account_login: "", allow_repositories: [], deny_repositories: [] };

/** The number of attempts of the run, including this one, and the limit after which it fails. */
export interface Tries {
  readonly attempt: number;
  readonly maxAttempts: number;
}
const ONCE: Tries = { attempt: 1, maxAttempts: 1 };

/**
 * Works on a run until it ends, starting where an earlier process left it.
 * @throws failures that stop the whole run: a used-up rate limit, or a failure that a retry may fix. The run is paused
 * then, with the time and the reason in its row.
 */
export async function runSync(
  options: SyncOptions,
  runId: bigint,
  signal: AbortSignal,
  tries = ONCE,
): Promise<Outcome> {
  const { store, clock } = options;
  const runner = options.token();
  const row = await takeRun(store.sql, runId, runner, clock.now());
  if (!row) return { status: "skipped", reason: "the sync run has already ended" };
  const tenant = await tenantOf(store.sql, row.installation_id);
  const run = activate(options, row, { runner, tenant: tenant ?? NO_TENANT, signal });
  if (tenant === null) return end(run, "cancelled", "the App is uninstalled or suspended");
  try {
    if (!(await planRun(run))) return await end(run, "cancelled", "a full sync must run first");
    await work(run);
  } catch (error) {
    if (error instanceof ExcludedError) return await end(run, "cancelled", error.message);
    await interrupted(run, error, tries);
    throw error;
  }
  const warnings = await warningsOf(store.sql, run.id);
  return warnings.length === 0
    ? end(run, "completed", "everything was read")
    : end(run, "completed-with-warnings", `${warnings.length} lists could not be read; the next run retries them`);
}

async function interrupted(run: ActiveRun, error: unknown, tries: Tries): Promise<void> {
  const { store, clock } = run.options;
  if (run.signal.aborted || error instanceof SupersededError) return;
  const now = clock.now();
  const reason = redact(messageOf(error));
  const policy = policyFor(error, { ...tries, now, jitter: 0 });
  if (policy.kind === "give-up" || policy.kind === "ignore") return void (await end(run, "failed", reason));
  const resumeAt = policy.kind === "retry-at" ? policy.at : new Date(now.getTime() + policy.afterMs);
  await pauseRun(store.sql, run.id, run.runner, { now, resumeAt, reason });
}

async function end(run: ActiveRun, status: RunEnd["status"], reason: string): Promise<Outcome> {
  const { store, clock, log } = run.options;
  const now = clock.now();
  await store.transaction(async (sql) => {
    await giveUpCursors(sql, run.id, now);
    const [warnings, progress] = [await warningsOf(sql, run.id), await progressOf(sql, run.id)];
    const ended = await endRun(sql, run.id, run.runner, { status, reason, warnings, progress, now });
    if (!ended) throw new SupersededError(run.id);
    await releaseCursors(sql, run.installationId, now);
  });
  log.info({ run: String(run.id), mode: run.mode, status, reason }, "sync run ended");
  return { status: status === "cancelled" ? "skipped" : "done", reason: `${status}: ${reason}` };
}
