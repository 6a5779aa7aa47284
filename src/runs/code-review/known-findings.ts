import type { StoredFinding } from "../../agents/code-review/subject.js";
import type { ThreadNode } from "../../github/review/context-query.js";
import type { Feedback } from "../../store/reviews/feedback.js";
import type { FindingRow } from "../../store/reviews/findings.js";

const MARKER = /<!-- companyos:finding=([0-9a-f]{1,64}) -->/;

export interface KnownFindings {
  readonly known: readonly StoredFinding[];
  /** The reactions of people to findings since the last review. */
  readonly said: readonly Feedback[];
}

/** A person's action on the thread of an open finding. */
export type Objection = Omit<Feedback, "by"> & { readonly by: string };

/** All actions, resolved threads first, because fewer people can resolve a thread. */
export function objectionsIn(rows: readonly FindingRow[], threads: readonly ThreadNode[]): readonly Objection[] {
  const byFingerprint = threadsOf(threads);
  const all = rows
    .filter(({ state }) => state === "open")
    .flatMap((row) => {
      const thread = byFingerprint.get(row.fingerprint);
      return thread ? objectionsTo(row, thread) : [];
    });
  return all.toSorted((a, b) => Number(b.kind === "resolved") - Number(a.kind === "resolved"));
}

/**
 * The posted findings with the current state of their threads. An open finding is dismissed if a permitted person
 * resolved its thread or put a thumbs-down on its comment. If the code was fixed as well, the finding is fixed, not
 * dismissed.
 */
export function knownFindings(
  rows: readonly FindingRow[],
  threads: readonly ThreadNode[],
  mayDismiss: ReadonlySet<string>,
): KnownFindings {
  const byFingerprint = threadsOf(threads);
  const objections = objectionsIn(rows, threads).filter(({ by }) => mayDismiss.has(by.toLowerCase()));
  const said: Feedback[] = [];
  const known = rows.map((row): StoredFinding => {
    const thread = byFingerprint.get(row.fingerprint);
    const feedback = objections.find(({ reference }) => reference === row.fingerprint);
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
      body: thread?.comments.nodes[0]?.body ?? null,
      resolved: thread?.isResolved ?? true,
      answered: thread?.comments.nodes.slice(1).some(({ author }) => author?.__typename === "User") ?? false,
    };
  });
  return { known, said };
}

function threadsOf(threads: readonly ThreadNode[]): ReadonlyMap<string, ThreadNode> {
  return new Map(threads.flatMap((thread) => entryOf(thread)));
}

/** Only comments by this App count, because anyone can copy the marker. */
function entryOf(thread: ThreadNode): readonly (readonly [string, ThreadNode])[] {
  const first = thread.comments.nodes[0];
  const fingerprint = first?.viewerDidAuthor === true ? MARKER.exec(first.body)?.[1] : undefined;
  return fingerprint === undefined ? [] : [[fingerprint, thread]];
}

/** The App resolves threads of fixed findings itself; that is not a dismissal. */
function objectionsTo({ fingerprint: reference, rule }: FindingRow, thread: ThreadNode): readonly Objection[] {
  const own = accountOf(thread.comments.nodes[0]?.author?.login ?? "");
  const objection = (kind: Objection["kind"], by: string | undefined): readonly Objection[] =>
    by === undefined || accountOf(by) === own ? [] : [{ kind, reference, rule, by }];
  const against = thread.first.nodes.flatMap(({ reactions }) => reactions.nodes);
  return [
    ...(thread.isResolved ? objection("resolved", thread.resolvedBy?.login) : []),
    ...against.flatMap(({ user }) => objection("thumbs-down", user?.login)),
  ];
}

/** GraphQL returns an App's login with or without its suffix `[bot]`. */
function accountOf(login: string): string {
  return login.toLowerCase().replace(/\[bot\]$/, "");
}
