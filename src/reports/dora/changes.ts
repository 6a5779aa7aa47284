import type { CommitRow, PullRow } from "./rows.js";

/** One change that reaches production: a merged pull request, or a commit outside of one. */
export interface Change {
  /** `#12`, or the SHA of a commit. */
  readonly key: string;
  readonly pull: PullRow | null;
  /** When its first commit was made; null: unknown. */
  readonly startedAt: number | null;
}

/** The commits of one repository, and the change of each. */
export interface History {
  commit(sha: string): CommitRow | null;
  change(sha: string): Change;
  /** The change with this name, if known. */
  named(key: string): Change | null;
  /** The full SHA that begins like this; null: none or several. */
  resolve(prefix: string): string | null;
  /** The commit's target of a revert: `#12` or a SHA. */
  reverts(sha: string): readonly string[];
}

/** A rebase rewrites all commits of a pull request when it is merged. */
const MERGE_MS = 60_000;
const REVERTS = /This reverts commit ([0-9a-f]{7,40})/g;
const REVERTS_PULL = /^Reverts (?:[\w.-]+\/[\w.-]+)?#(\d{1,9})\b/m;
const PICKED = /\(cherry picked from commit ([0-9a-f]{7,40})\)/;

export function historyOf(commits: readonly CommitRow[], pulls: readonly PullRow[]): History {
  const bySha = new Map(commits.map((commit) => [commit.sha, commit]));
  const pullOf = assign(bySha, pulls);
  const merges = new Map(pulls.flatMap((pull) => (pull.mergeSha === null ? [] : [[pull.mergeSha, pull]])));
  const startOf = starts(bySha, pulls, pullOf);
  const changes = new Map<string, Change>();
  const remember = (change: Change): Change => {
    changes.set(change.key, change);
    return change;
  };
  for (const pull of pulls) remember({ key: `#${pull.number}`, pull, startedAt: startOf.get(pull) ?? null });
  let sorted: readonly string[] | null = null;

  const resolve = (prefix: string): string | null => {
    if (bySha.has(prefix)) return prefix;
    sorted ??= [...bySha.keys()].toSorted();
    const [first, second] = beginning(sorted, prefix);
    return second === undefined ? (first ?? null) : null;
  };

  const change = (sha: string, depth = 0): Change => {
    const pull = pullOf.get(sha) ?? merges.get(sha);
    if (pull !== undefined) {
      const known = changes.get(`#${pull.number}`);
      if (known) return known;
    }
    const commit = bySha.get(sha);
    const picked = commit?.message == null ? undefined : PICKED.exec(commit.message)?.[1];
    const original = picked === undefined || depth > 5 ? null : resolve(picked);
    if (original !== null && original !== sha) return change(original, depth + 1);
    const known = changes.get(sha);
    return known ?? remember({ key: sha, pull: null, startedAt: commit ? madeAt(commit) : null });
  };

  return {
    commit: (sha) => bySha.get(sha) ?? null,
    change: (sha) => change(sha),
    named: (key) => changes.get(key) ?? (bySha.has(key) ? change(key) : null),
    resolve,
    reverts(sha) {
      const message = bySha.get(sha)?.message ?? "";
      const pull = pullOf.get(sha);
      const numbers = [REVERTS_PULL.exec(message)?.[1], pull?.reverts].flatMap((number) => number ?? []);
      const shas = [...message.matchAll(REVERTS)].flatMap(([, reverted = ""]) => resolve(reverted) ?? []);
      return [...numbers.map((number) => `#${number}`), ...shas];
    },
  };
}

/** Author dates come from a person's clock; one after the commit's own date is wrong. */
function madeAt({ authoredAt, committedAt }: CommitRow): number | null {
  if (authoredAt === null) return committedAt;
  return committedAt === null ? authoredAt : Math.min(authoredAt, committedAt);
}

/** The pull request of each commit: by its merge, its branch, and its rebased commits. */
function assign(bySha: ReadonlyMap<string, CommitRow>, pulls: readonly PullRow[]): Map<string, PullRow> {
  const merges = new Set(pulls.flatMap(({ mergeSha }) => mergeSha ?? []));
  const mainline = new Set<string>();
  for (const merge of merges)
    for (let at: string | undefined = merge; at !== undefined && !mainline.has(at); at = bySha.get(at)?.parents?.[0])
      mainline.add(at);
  const pullOf = new Map<string, PullRow>();
  for (const pull of pulls) {
    const { mergeSha, headSha } = pull;
    if (mergeSha !== null) pullOf.set(mergeSha, pull);
    for (const sha of branchOf(headSha, bySha, mainline)) if (!pullOf.has(sha)) pullOf.set(sha, pull);
    for (const sha of rebased(pull, bySha, merges)) if (!pullOf.has(sha)) pullOf.set(sha, pull);
  }
  return pullOf;
}

/** The commits of a branch down to its fork from the mainline. */
function branchOf(head: string, bySha: ReadonlyMap<string, CommitRow>, mainline: ReadonlySet<string>): Set<string> {
  const found = new Set<string>();
  const open = [head];
  for (let sha = open.pop(); sha !== undefined; sha = open.pop()) {
    if (found.has(sha) || mainline.has(sha) || !bySha.has(sha)) continue;
    found.add(sha);
    open.push(...(bySha.get(sha)?.parents ?? []));
  }
  return found;
}

function rebased(
  { mergeSha, mergedAt, commits }: PullRow,
  bySha: ReadonlyMap<string, CommitRow>,
  merges: ReadonlySet<string>,
): readonly string[] {
  const found: string[] = [];
  let at = mergeSha === null ? undefined : bySha.get(mergeSha);
  while (found.length < (commits ?? 1) - 1) {
    const [parent, ...more] = at?.parents ?? [];
    at = parent === undefined ? undefined : bySha.get(parent);
    if (at === undefined || more.length > 0 || merges.has(at.sha) || (at.parents?.length ?? 0) > 1) break;
    if (Math.abs((at.committedAt ?? 0) - mergedAt) > MERGE_MS) break;
    found.push(at.sha);
  }
  return found;
}

/** When the first commit of each pull request was made, if all of its commits are known. */
function starts(
  bySha: ReadonlyMap<string, CommitRow>,
  pulls: readonly PullRow[],
  pullOf: ReadonlyMap<string, PullRow>,
): Map<PullRow, number> {
  const own = new Map<PullRow, { count: number; first: number }>();
  for (const [sha, pull] of pullOf) {
    const commit = bySha.get(sha);
    const made = commit === undefined ? null : madeAt(commit);
    if (made === null || (sha === pull.mergeSha && sha !== pull.headSha && !keepsAuthorDate(commit))) continue;
    const known = own.get(pull);
    own.set(pull, { count: (known?.count ?? 0) + 1, first: Math.min(known?.first ?? made, made) });
  }
  const found = new Map<PullRow, number>();
  for (const pull of pulls) {
    const known = own.get(pull);
    if (known && known.count >= (pull.commits ?? 1)) found.set(pull, known.first);
  }
  return found;
}

/** A rebase keeps the author's date; a squash and a merge have the date of the merge. */
function keepsAuthorDate(commit: CommitRow | undefined): boolean {
  if (commit === undefined || (commit.parents?.length ?? 0) > 1) return false;
  return (commit.authoredAt ?? 0) < (commit.committedAt ?? 0);
}

/** The first two of the sorted texts that begin with the prefix. */
function beginning(sorted: readonly string[], prefix: string): readonly string[] {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? "") < prefix) low = middle + 1;
    else high = middle;
  }
  return sorted.slice(low, low + 2).filter((text) => text.startsWith(prefix));
}
