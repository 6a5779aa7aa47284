import { z } from "zod";
import type { Finding } from "../../agents/code-review/finding.js";
import type { ReviewDecision } from "../../agents/code-review/agent.js";
import { recordFeedback } from "../../store/reviews/feedback.js";
import {
  decideFindings,
  forgetFindings,
  type FoundRow,
  seeFindings,
  settleFindings,
  markPosted,
} from "../../store/reviews/findings.js";
import { keepReading } from "../../store/reviews/readings.js";
import type { Sql } from "../../store/store.js";
import { toPlain } from "../../text/markdown.js";
import type { DecidedRun, RunEnd } from "../carry-out.js";
import type { Made } from "../run.js";
import { readDecision } from "../stored-decision.js";
import type { Gathered } from "./gather.js";
import { writeReading } from "./stored-reading.js";

/** Writes findings and people's reactions in the transaction that stores the decision. */
export async function recordReview(sql: Sql, made: Made<Gathered, ReviewDecision>): Promise<void> {
  const { run, scope, number, subject, decision, shadow, now } = made;
  if (number === null) return;
  const { installationId, repositoryId } = scope;
  const pull = { installationId, repositoryId, number };
  const marked = { ...pull, shadow };
  const { reviewed } = decision;
  await decideFindings(sql, marked, run, (reviewed?.fresh ?? []).map(rowOf), now);
  await seeFindings(sql, marked, run, (reviewed?.repeated ?? []).map(rowOf));
  if (!reviewed) return;
  await settleSaid(sql, marked, subject, reviewed.findings, now);
  const files = writeReading(decision, subject.identities);
  await keepReading(sql, pull, { readBy: subject.input.readBy, files, now });
}

interface Pull {
  readonly installationId: bigint;
  readonly repositoryId: bigint;
  readonly number: number;
}

/** A dismissal counts only while the finding still exists; otherwise the code was fixed. */
async function settleSaid(
  sql: Sql,
  marked: Pull & { readonly shadow: boolean },
  { said }: Gathered,
  findings: readonly Finding[],
  now: Date,
): Promise<void> {
  const present = new Set(findings.map(({ fingerprint }) => fingerprint));
  const dismissed = said.filter(({ reference }) => present.has(reference));
  const fixed = said.filter(({ reference }) => !present.has(reference));
  const references = (some: Gathered["said"]) => ({ fingerprints: some.map(({ reference }) => reference) });
  await recordFeedback(sql, marked, dismissed, now);
  await settleFindings(sql, marked, "dismissed", references(dismissed), now);
  await settleFindings(sql, marked, "fixed", references(fixed), now);
}

const Stored = z.object({
  /** Fingerprints of findings that no longer exist. */
  fixed: z.array(z.string()).default([]),
});

/** Findings count as posted once their review is written; in shadow mode at once, so that each is counted once. */
export async function endReview(sql: Sql, run: DecidedRun, { status, applied, now }: RunEnd): Promise<void> {
  const { installationId, repositoryId, number, shadow } = run;
  if (status === "abandoned" || number === null) return forgetFindings(sql, run.id);
  const dry = applied.some((result) => result.status === "dry-run");
  const has = (kinds: readonly string[], ends: readonly string[]) =>
    applied.some(({ effect, status: end }) => kinds.includes(effect.kind) && ends.includes(end));
  const given = applied.some(({ effect, status: end }) => effect.kind === "review" && end !== "cancelled");
  const waits = has(["review"], ["blocked"]) || leftOutIn(run).includes("review");
  // If the review is blocked, its findings stay unposted until it is written or a new run finds them again.
  if (shadow || (given && !dry && !waits)) await markPosted(sql, run.id, now);
  else if (!waits) await forgetFindings(sql, run.id);
  const fixed = Stored.safeParse(run.decision).data?.fixed ?? [];
  const scope = { installationId, repositoryId, number, shadow };
  const open = has(CLOSING, ["blocked", "cancelled"]);
  if (!dry && !open) await settleFindings(sql, scope, "fixed", { fingerprints: fixed }, now);
}

/** Kinds of effects that close a thread. */
const CLOSING: readonly string[] = ["resolve-thread", "review-comment"];

function leftOutIn({ decision }: DecidedRun): readonly string[] {
  return readDecision(decision)?.leftOut.map(({ kind }) => kind) ?? [];
}

/** The counts that the run's row shows beside its effects. */
export function detailsOf({ reviewed }: ReviewDecision): object {
  if (!reviewed) return { fixed: [] };
  return {
    fixed: reviewed.fixed.map(({ fingerprint }) => fingerprint),
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

function rowOf({ fingerprint, rule, severity, source, path, line, endLine, says }: Finding): FoundRow {
  return { fingerprint, rule, severity, source, path, line, endLine, says: toPlain(says) };
}
