import type { Decision } from "../agents/agent.js";
import type { Outcome } from "../domain.js";
import { canonicalJson } from "../effects/intent.js";
import type { JobContext } from "../jobs/job.js";
import { insertRun, type NewRun, type RunScope } from "../store/reviews/runs.js";
import { parseJson } from "../unchecked.js";
import type { Asked } from "./asked.js";
import type { DecidedRun } from "./carry-out.js";
import { permitted, type Permissions } from "./permissions.js";
import type { Agent, Collected, OfRepository, SubjectKey } from "./run.js";
import type { ReadSettings } from "./settings/read-settings.js";
import { writeDecision } from "./stored-decision.js";

interface Recording<S, D> extends Collected<S> {
  readonly context: JobContext;
  readonly scope: RunScope;
  readonly key: SubjectKey;
  readonly read: ReadSettings;
  readonly decision: D;
  readonly asked: Asked;
  readonly permissions: Permissions;
  readonly requests: number;
  readonly durationMs: number;
}

/** Writes the run and the agent's own rows in one transaction, before any effect. */
export async function recordDecision<P extends OfRepository, S, C, D extends Decision>(
  agent: Agent<P, S, C, D>,
  recording: Recording<S, D>,
): Promise<DecidedRun> {
  const { context, scope, key, read, decision, headSha, subject } = recording;
  const { shadow } = read.settings;
  const { number } = key;
  const { reason } = decision;
  const stored = storedText(recording);
  const now = context.clock.now();
  const run = await context.store.transaction(async (sql) => {
    const row: NewRun = {
      ...scope,
      ...ofContext(context),
      number,
      headSha,
      trigger: triggerOf(agent, recording.asked, key),
      status: "decided",
      skipped: decision.skipped ?? null,
      reason,
      shadow,
      input: { ...inputOf(decision), settings: read.instead ?? "read" },
      decision: stored,
      requests: recording.requests,
      durationMs: recording.durationMs,
      model: decision.modelCost ?? null,
      now,
    };
    const id = await insertRun(sql, row);
    await agent.record?.(sql, { run: id, scope, number, subject, decision, shadow, now });
    return id;
  });
  return { ...scope, id: run, number, headSha, reason, shadow, decision: parseJson(stored) };
}

function storedText<S, D extends Decision>({ decision, permissions }: Recording<S, D>): string {
  return writeDecision(permitted(decision.effects, permissions), decision.details ?? {});
}

/**
 * Whether a new record would add nothing: the finished run has the same decision, or the new decision about the same
 * commit has no effects. A second record would hide the reason of the first.
 */
export function addsNothing<S, D extends Decision>(earlier: DecidedRun, recording: Recording<S, D>): boolean {
  const { headSha, decision, read } = recording;
  if (earlier.headSha !== headSha) return false;
  if (headSha !== null && decision.effects.length === 0) return true;
  if (earlier.reason !== decision.reason) return false;
  if (earlier.shadow !== read.settings.shadow) return false;
  return canonicalJson(earlier.decision) === canonicalJson(parseJson(storedText(recording)));
}

interface Occasion {
  readonly occasion?: string;
}

/** The trigger that people read: `command`, `re-run`, or the kind of the delivery. */
function triggerOf({ occasion }: Occasion, { trigger }: Asked, { name }: SubjectKey): string {
  return trigger === "delivery" ? (occasion ?? (name.split(":")[0] ?? "").replace("_", " ")) : trigger;
}

function inputOf({ input }: Decision): object {
  return typeof input === "object" && input !== null ? input : {};
}

/** Records a run that could not begin, with its reason. */
export async function recordSkip(
  agent: Occasion,
  silence: {
    readonly context: JobContext;
    readonly scope: RunScope;
    readonly key: SubjectKey;
    readonly asked: Asked;
    readonly reason: string;
    /** As in `agent_runs.skipped`. */
    readonly id: string;
  },
): Promise<Outcome> {
  const { context, scope, key, asked, reason, id } = silence;
  await insertRun(context.store.sql, {
    ...scope,
    ...ofContext(context),
    number: key.number,
    headSha: null,
    trigger: triggerOf(agent, asked, key),
    status: "skipped",
    skipped: id,
    reason,
    shadow: false,
    input: {},
    decision: "{}",
    requests: 0,
    durationMs: 0,
    now: context.clock.now(),
  });
  return { status: "skipped", reason };
}

function ofContext({ jobId, deliveryGuid }: JobContext): Pick<NewRun, "jobId" | "deliveryGuid"> {
  return { jobId, deliveryGuid };
}
