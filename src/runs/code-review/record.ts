import type { Outcome, RepositoryRef } from "../../domain.js";
import { toPlain } from "../../text/markdown.js";
import type { Finding } from "../../agents/code-review/finding.js";
import { recordFeedback } from "../../store/reviews/feedback.js";
import { decideFindings, type FoundRow, seeFindings, settleFindings } from "../../store/reviews/findings.js";
import type { StoredPullRequest } from "../../store/reviews/pull-request.js";
import { keepReading } from "../../store/reviews/readings.js";
import { insertRun, type NewRun } from "../../store/reviews/runs.js";
import type { JobContext } from "../../jobs/job.js";
import type { Asked } from "./asked.js";
import type { DecidedRun } from "./carry-out.js";
import type { Decided } from "./gather.js";
import { REVIEW_AGENT } from "./options.js";
import { permitted } from "./permissions.js";
import type { ReadSettings } from "./read-settings.js";
import { settingsCheck } from "./settings-check.js";
import { writeDecision } from "./stored-decision.js";
import { writeReading } from "./stored-reading.js";

interface Recording {
  readonly context: JobContext;
  readonly scope: { readonly installationId: bigint; readonly repositoryId: bigint; readonly number: number };
  readonly repository: RepositoryRef;
  readonly pull: StoredPullRequest;
  readonly read: ReadSettings;
  readonly by: Asked;
  readonly decided: Decided;
  readonly requests: number;
  readonly durationMs: number;
}

/** Writes run, findings and what people said in one transaction, before anything is done about them. */
export async function recordDecision(recording: Recording): Promise<DecidedRun> {
  const { context, scope, pull, read, decided } = recording;
  const { decision } = decided;
  const { shadow } = read.settings;
  const settings = settingsCheck(recording.repository, pull.head_sha, read);
  const { effects, notes } = permitted([...decision.effects, ...settings], pull.permissions);
  const reviewed = decision.reviewed;
  const fixed = reviewed?.fixed.map(({ fingerprint }) => fingerprint) ?? [];
  const stored = { effects, fixed, notes };
  const now = context.clock.now();
  const runId = await context.store.transaction(async (sql) => {
    const runRow: NewRun = {
      ...scope,
      ...ofContext(context),
      agent: REVIEW_AGENT,
      headSha: pull.head_sha,
      trigger: recording.by.trigger,
      status: "decided",
      skipped: decision.skipped,
      reason: decision.reason,
      shadow,
      input: { ...decided.input, settings: read.instead ?? "read" },
      decision: writeDecision(stored, summaryOf(decided)),
      requests: recording.requests,
      durationMs: recording.durationMs,
      model: reviewed?.modelCost ?? null,
      now,
    };
    const created = await insertRun(sql, runRow);
    const marked = { ...scope, shadow };
    await decideFindings(sql, marked, created, (reviewed?.fresh ?? []).map(rowOf), now);
    await seeFindings(sql, marked, created, (reviewed?.repeated ?? []).map(rowOf));
    if (reviewed) {
      await settle(sql, recording, now);
      const files = writeReading(decision, decided.identities);
      await keepReading(sql, scope, { readBy: decided.input.readBy, files, now });
    }
    return created;
  });
  const reason = decision.reason;
  return { id: runId, ...scope, headSha: pull.head_sha, reason, shadow, decision: stored };
}

type Sql = Parameters<typeof insertRun>[0];

/** A dismissal counts where the finding is still there; where it is gone it was mended. */
async function settle(sql: Sql, { scope, read, decided }: Recording, now: Date): Promise<void> {
  const there = new Set(decided.decision.reviewed?.findings.map(({ fingerprint }) => fingerprint));
  const [dismissed, mended] = [
    decided.said.filter(({ reference }) => there.has(reference)),
    decided.said.filter(({ reference }) => !there.has(reference)),
  ];
  const marked = { ...scope, shadow: read.settings.shadow };
  const references = (said: Decided["said"]) => ({ fingerprints: said.map(({ reference }) => reference) });
  await recordFeedback(sql, scope, dismissed, now);
  await settleFindings(sql, marked, "dismissed", references(dismissed), now);
  await settleFindings(sql, marked, "fixed", references(mended), now);
}

/** A review that could not even begin: its reason is on record like any other. */
export async function recordSilence(silence: {
  readonly context: JobContext;
  readonly scope: Recording["scope"];
  readonly pull: StoredPullRequest;
  readonly trigger: string;
  readonly reason: string;
}): Promise<Outcome> {
  const { context, scope, pull, trigger, reason } = silence;
  await insertRun(context.store.sql, {
    ...scope,
    ...ofContext(context),
    agent: REVIEW_AGENT,
    headSha: pull.head_sha,
    trigger,
    status: "skipped",
    skipped: "not-permitted",
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

function rowOf({ fingerprint, rule, severity, source, path, line, endLine, says }: Finding): FoundRow {
  return { fingerprint, rule, severity, source, path, line, endLine, says: toPlain(says) };
}

/** What the run's row shows beside the effects. */
function summaryOf({ decision: { reviewed } }: Decided): object {
  if (!reviewed) return {};
  return {
    gaps: reviewed.gaps.map(({ path, reason }) => ({ path, reason: toPlain(reason) })),
    muted: reviewed.muted,
    risk: { risk: reviewed.risk.risk, reasons: reviewed.risk.reasons.map(toPlain) },
    counts: {
      fresh: reviewed.fresh.length,
      waiting: reviewed.waiting.length,
      repeated: reviewed.repeated.length,
      assumed: reviewed.assumed.length,
      silenced: reviewed.silenced.length,
      fixed: reviewed.fixed.length,
    },
    secondReading: reviewed.secondReading,
  };
}
