// Ranges of commits. SQL by hand: a recursive statement walks a part of the history at a time.
import { z } from "zod";
import type { Sql } from "../store.js";

/** A commit of a range, as mirrored. */
export interface RangeCommit {
  readonly sha: string;
  readonly parents: readonly string[];
  readonly message: string;
  readonly authorLogin: string | null;
  readonly authoredAt: Date | null;
  readonly committedAt: Date | null;
  readonly firstSeenAt: Date | null;
  /** Paths of its files, if a push listed them. */
  readonly files: readonly string[];
}

export interface CommitRange {
  /** The commits in `head` but not in `base`, latest first; of an incomplete range only the found ones. */
  readonly commits: readonly RangeCommit[];
  /** How `head` relates to `base`; `unknown`: the mirror lacks commits in between. */
  readonly relation: "identical" | "ahead" | "behind" | "diverged" | "unknown";
  /** False: a commit or its parents are not stored, or the range exceeds the limit. */
  readonly complete: boolean;
  /** The commits that are not stored, or whose parents are not. */
  readonly missing: readonly string[];
}

/** A pull request whose change is in a range. */
export interface RangePull {
  readonly id: bigint;
  readonly number: number;
  readonly title: string;
  readonly author: string | null;
  readonly mergedAt: Date | null;
  readonly mergeSha: string | null;
  readonly headSha: string;
}

/** The most commits of a range. */
const LIMIT = 5_000;
/** How many generations one statement reads ahead. */
const AHEAD = 100;
/** Committers' clocks differ: how far behind the oldest found commit the other side is still searched. */
const SKEW_MS = 24 * 60 * 60_000;

const STRETCH = `
WITH RECURSIVE walk AS (
  SELECT sha, parents, 1 AS depth FROM commits WHERE repository_id = $1 AND sha = ANY ($2::text[])
  UNION
  SELECT c.sha, c.parents, walk.depth + 1 FROM walk CROSS JOIN LATERAL unnest(walk.parents) AS parent(sha)
    JOIN commits c ON c.repository_id = $1 AND c.sha = parent.sha
  WHERE walk.depth < ${AHEAD}
)
SELECT c.sha, c.parents, c.message, c.author_login, c.authored_at, c.committed_at, c.first_seen_at,
  c.added || c.modified || c.removed AS files
FROM commits c WHERE c.repository_id = $1 AND c.sha IN (SELECT sha FROM walk)`;

const Row = z
  .object({
    sha: z.string(),
    parents: z.array(z.string()).nullable(),
    message: z.string(),
    author_login: z.string().nullable(),
    authored_at: z.date().nullable(),
    committed_at: z.date().nullable(),
    first_seen_at: z.date().nullable(),
    files: z.array(z.string()),
  })
  .transform((row) => ({
    sha: row.sha,
    parents: row.parents,
    message: row.message,
    authorLogin: row.author_login,
    authoredAt: row.authored_at,
    committedAt: row.committed_at,
    firstSeenAt: row.first_seen_at,
    files: row.files,
  }));
type Row = z.output<typeof Row>;

/** Which of the two ends leads to a commit, and the time of such a descendant. */
interface Reached {
  readonly byHead: boolean;
  readonly byBase: boolean;
  readonly childAt: number;
}

/** The commits in `head` but not in `base`: `git log base..head`, from the mirror alone. Both are full SHAs. */
export async function commitsBetween(
  sql: Sql,
  repositoryId: bigint,
  base: string,
  head: string,
  limit = LIMIT,
): Promise<CommitRange> {
  if (base === head) return { commits: [], relation: "identical", complete: true, missing: [] };
  const rows = new Map<string, Row | null>();
  const start = Number.POSITIVE_INFINITY;
  const reached = new Map<string, Reached>([
    [head, { byHead: true, byBase: false, childAt: start }],
    [base, { byHead: false, byBase: true, childAt: start }],
  ]);
  // A commit that is not stored is no later than its descendants.
  const timeOf = (sha: string): number => rows.get(sha)?.committedAt?.getTime() ?? reached.get(sha)?.childAt ?? start;
  const isOnlyHeads = (sha: string): boolean => reached.get(sha)?.byHead === true && !reached.get(sha)?.byBase;
  // Commits whose parents are not marked yet.
  const open = new Set([head, base]);
  const gaps = new Set<string>();
  let oldest = start;
  for (let found = 0; found <= limit;) {
    await readAhead(sql, repositoryId, open, rows);
    const at = latest(open, timeOf);
    if (at === null || (timeOf(at) < oldest - SKEW_MS && ![...open].some(isOnlyHeads))) break;
    open.delete(at);
    const marks = reached.get(at);
    const parents = rows.get(at)?.parents ?? null;
    if (parents === null) gaps.add(at);
    if (parents === null || marks === undefined) continue;
    if (isOnlyHeads(at)) {
      oldest = Math.min(oldest, timeOf(at));
      found += 1;
    }
    for (const parent of parents) {
      const before = reached.get(parent);
      const after = {
        byHead: before?.byHead === true || marks.byHead,
        byBase: before?.byBase === true || marks.byBase,
        childAt: Math.min(before?.childAt ?? start, timeOf(at)),
      };
      if (before?.byHead !== after.byHead || before.byBase !== after.byBase) open.add(parent);
      reached.set(parent, after);
    }
  }
  const isBehind = reached.get(head)?.byBase === true;
  const isAhead = reached.get(base)?.byHead === true;
  const commits = isBehind
    ? []
    : [...reached.keys()]
        .filter(isOnlyHeads)
        .flatMap((sha) => rows.get(sha) ?? [])
        .map((row) => ({ ...row, parents: row.parents ?? [] }))
        .toSorted((a, b) => timeOf(b.sha) - timeOf(a.sha) || (a.sha < b.sha ? -1 : 1));
  const isWhole = isBehind || open.size === 0 || ![...open].some(isOnlyHeads);
  const complete =
    isBehind || (isWhole && ![...gaps].some(isOnlyHeads) && (gaps.size === 0 || allFollow(base, commits)));
  const apart = complete && gaps.size === 0 ? "diverged" : "unknown";
  const relation = isBehind ? "behind" : isAhead ? "ahead" : apart;
  return { commits, relation, complete, missing: complete ? [] : [...gaps] };
}

/**
 * Whether each commit descends from the base, and so cannot be its ancestor. Otherwise a commit of the range may belong
 * to the base through commits that are not stored.
 */
function allFollow(base: string, commits: readonly RangeCommit[]): boolean {
  const follow = new Set([base]);
  let left = commits;
  for (;;) {
    const next = left.filter(({ parents }) => !parents.some((parent) => follow.has(parent)));
    if (next.length === left.length) return next.length === 0;
    const waiting = new Set(next);
    for (const commit of left) if (!waiting.has(commit)) follow.add(commit.sha);
    left = next;
  }
}

/** Reads the unread open commits, and a part of the history behind them. */
async function readAhead(sql: Sql, repositoryId: bigint, open: ReadonlySet<string>, rows: Map<string, Row | null>) {
  const wanted = [...open].filter((sha) => !rows.has(sha));
  if (wanted.length === 0) return;
  const found = await sql.query(STRETCH, [repositoryId, wanted], "deployments-range");
  for (const row of found.map((each) => Row.parse(each))) rows.set(row.sha, row);
  for (const sha of wanted) if (!rows.has(sha)) rows.set(sha, null);
}

function latest(open: ReadonlySet<string>, timeOf: (sha: string) => number): string | null {
  let best: string | null = null;
  for (const sha of open) if (best === null || timeOf(sha) > timeOf(best)) best = sha;
  return best;
}

const PULLS = `
SELECT id::text AS id, number, title, author_login, merged_at, merge_commit_sha, head_sha FROM pull_requests
WHERE repository_id = $1 AND merged AND deleted_at IS NULL
  AND (merge_commit_sha = ANY ($2::text[]) OR head_sha = ANY ($2::text[]))
ORDER BY merged_at DESC NULLS LAST, number DESC`;

const Pull = z
  .object({
    id: z.coerce.bigint(),
    number: z.number(),
    title: z.string(),
    author_login: z.string().nullable(),
    merged_at: z.date().nullable(),
    merge_commit_sha: z.string().nullable(),
    head_sha: z.string(),
  })
  .transform((row): RangePull => ({
    id: row.id,
    number: row.number,
    title: row.title,
    author: row.author_login,
    mergedAt: row.merged_at,
    mergeSha: row.merge_commit_sha,
    headSha: row.head_sha,
  }));

/** The merged pull requests whose merge, squash or head is among the commits, the latest merge first. */
export async function pullsOf(sql: Sql, repositoryId: bigint, shas: readonly string[]): Promise<readonly RangePull[]> {
  if (shas.length === 0) return [];
  const rows = await sql.query(PULLS, [repositoryId, shas], "deployments-range-pulls");
  return rows.map((row) => Pull.parse(row));
}
