import type { StoredFinding } from "../../agents/code-review/subject.js";
import type { ThreadNode } from "../../github/review/context-query.js";
import type { Feedback } from "../../store/reviews/feedback.js";
import type { FindingRow } from "../../store/reviews/findings.js";

const MARKER = /<!-- companyos:finding=([0-9a-f]{1,64}) -->/;

export interface KnownFindings {
  readonly known: readonly StoredFinding[];
  /** What people said to findings since the last review. */
  readonly said: readonly Feedback[];
}

/**
 * What was told before, with its thread as it stands now. An open finding whose thread a person resolved, or whose comment
 * got a thumbs-down, is dismissed: where the code was mended as well, it is gone and nothing is dismissed by it.
 */
export function knownFindings(rows: readonly FindingRow[], threads: readonly ThreadNode[]): KnownFindings {
  const byFingerprint = new Map(threads.flatMap((thread) => entryOf(thread)));
  const said: Feedback[] = [];
  const known = rows.map((row): StoredFinding => {
    const thread = byFingerprint.get(row.fingerprint);
    const feedback = thread && row.state === "open" ? feedbackOf(row, thread) : null;
    if (feedback) said.push(feedback);
    return {
      fingerprint: row.fingerprint,
      rule: row.rule,
      path: row.path,
      severity: row.severity,
      source: row.source,
      says: row.says,
      state: feedback ? "dismissed" : row.state,
      threadId: thread?.id ?? null,
      commentId: thread?.comments.nodes[0]?.id ?? null,
      answered: thread?.comments.nodes.slice(1).some(({ author }) => author?.__typename === "User") ?? false,
    };
  });
  return { known, said };
}

/** Only a comment of our own counts: anybody can copy the marker. */
function entryOf(thread: ThreadNode): readonly (readonly [string, ThreadNode])[] {
  const first = thread.comments.nodes[0];
  const fingerprint = first?.viewerDidAuthor === true ? MARKER.exec(first.body)?.[1] : undefined;
  return fingerprint === undefined ? [] : [[fingerprint, thread]];
}

function feedbackOf({ fingerprint: reference, rule }: FindingRow, thread: ThreadNode): Feedback | null {
  if (thread.isResolved) return { kind: "resolved", reference, rule, by: thread.resolvedBy?.login ?? null };
  const against = thread.comments.nodes[0]?.reactions.nodes.find(({ content }) => content === "THUMBS_DOWN");
  return against ? { kind: "thumbs-down", reference, rule, by: against.user?.login ?? null } : null;
}
