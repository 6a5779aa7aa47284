import type { ReviewSettings } from "./settings/settings.js";
import { list, say, type Said } from "../../text/say.js";
import type { Change } from "./change.js";
import { type Codeowners, ownersOf } from "./codeowners/parse.js";
import { changedLineCount } from "./diff/lines.js";

export interface ReviewerFacts {
  readonly change: Change;
  readonly author: string | null;
  readonly codeowners: Codeowners;
  /** By path: how many of the touched lines, or of the file's recent commits, each login wrote. */
  readonly history: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** Pending review requests, by login. */
  readonly openReviews: ReadonlyMap<string, number>;
  /** Logins and `organisation/team` names that are already requested, or have reviewed. */
  readonly involved: readonly string[];
  /** Possible reviewers in lower case; null: unknown. */
  readonly available: ReadonlySet<string> | null;
}

export interface ReviewerProposal {
  readonly users: readonly string[];
  /** Slugs of teams, without the organisation. */
  readonly teams: readonly string[];
  readonly reason: Said;
}

interface Candidate {
  readonly name: string;
  owns: number;
  wrote: number;
}

/**
 * The reviewers to request: owners of the changed files and authors of the touched lines, weighted by these lines and
 * divided by their pending reviews. Teams only if no person is an owner. Bots, the author and involved people are left
 * out.
 */
export function proposeReviewers(facts: ReviewerFacts, settings: ReviewSettings["reviewers"]): ReviewerProposal {
  const taken = new Set([...facts.involved, ...settings.ignore, facts.author ?? ""].map((name) => name.toLowerCase()));
  const missing = Math.max(0, settings.count - facts.involved.length);
  const candidates = [...candidatesOf(facts).values()].filter(
    ({ name }) => !taken.has(name.toLowerCase()) && !name.endsWith("[bot]") && !name.includes("@"),
  );
  const open = new Map([...facts.openReviews].map(([login, count]) => [login.toLowerCase(), count]));
  const people = candidates
    .filter(({ name }) => !name.includes("/") && (facts.available?.has(name.toLowerCase()) ?? true))
    .map((candidate) => ({ ...candidate, score: scoreOf(candidate, open.get(candidate.name.toLowerCase()) ?? 0) }))
    .toSorted((a, b) => b.score - a.score || (a.name < b.name ? -1 : 1))
    .slice(0, missing);
  const teams = people.some(({ owns }) => owns > 0)
    ? []
    : candidates
        .filter(({ name }) => name.includes("/"))
        .toSorted((a, b) => b.owns - a.owns)
        .slice(0, missing > 0 ? 1 : 0);
  return {
    users: people.map(({ name }) => name),
    teams: teams.map(({ name }) => name.slice(name.indexOf("/") + 1)),
    reason: reason(people, teams),
  };
}

/** The most comparisons with CODEOWNERS patterns for one change: far more than an ordinary file needs. */
const STEPS = 20_000_000;

function candidatesOf({ change, codeowners, history }: ReviewerFacts): ReadonlyMap<string, Candidate> {
  const candidates = new Map<string, Candidate>();
  const candidate = (name: string): Candidate => {
    const known = candidates.get(name.toLowerCase()) ?? { name, owns: 0, wrote: 0 };
    candidates.set(name.toLowerCase(), known);
    return known;
  };
  const steps = { left: STEPS };
  for (const file of change.files) {
    const lines = Math.max(1, changedLineCount(file));
    for (const owner of ownersOf(codeowners, file.path, steps)) candidate(owner).owns += lines;
    const writers = history.get(file.previousPath ?? file.path) ?? new Map<string, number>();
    const total = [...writers.values()].reduce((sum, count) => sum + count, 0);
    for (const [writer, count] of writers) candidate(writer).wrote += (lines * count) / Math.max(1, total);
  }
  return candidates;
}

/** Ownership counts twice as much as authorship. */
function scoreOf({ owns, wrote }: Candidate, open: number): number {
  return (2 * owns + wrote) / (1 + open);
}

function reason(people: readonly Candidate[], teams: readonly Candidate[]): Said {
  const owners = [...people.filter(({ owns }) => owns > 0), ...teams].map(({ name }) => name);
  const writers = people.filter(({ owns }) => owns === 0).map(({ name }) => name);
  if (owners.length === 0 && writers.length === 0)
    return say`nobody else owns or wrote what changed, or enough people are asked`;
  if (writers.length === 0) return say`${list(owners)} by CODEOWNERS`;
  return owners.length === 0
    ? say`${list(writers)} wrote the touched code`
    : say`${list(owners)} by CODEOWNERS, ${list(writers)} wrote the touched code`;
}
