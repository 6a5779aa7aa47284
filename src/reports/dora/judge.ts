import { type Attempt, attemptsOf } from "./attempts.js";
import type { Change, History } from "./changes.js";
import { type Failure, failures, reworkOf, type Rework } from "./failures.js";
import type { DeploymentRow, IncidentRow, Service } from "./rows.js";

/** A change at its first arrival in an environment. */
export interface Arrival {
  readonly change: Change;
  /** The commits of the change in this deployment. */
  readonly shas: readonly string[];
  /** From its first commit to the deployment (ms); null: the first commit is unknown. */
  readonly lead: number | null;
}

/** Why the changes of a deployment are unknown. */
export type Unknown = "first deployment" | "commits not stored";

/** A successful deployment with the data of its figures. */
export interface Judged {
  readonly attempt: Attempt;
  readonly sha: string;
  /** The live deployment that it replaced; null: the first one of the environment. */
  readonly before: Judged | null;
  /** Null: unknown, see `unknown`. */
  readonly arrivals: readonly Arrival[] | null;
  readonly unknown: Unknown | null;
  /** Every commit that it added, as far as known. */
  readonly shas: readonly string[];
  readonly direction: "first" | "forward" | "back" | "again" | "aside";
  failure: Failure | null;
  rework: Rework | null;
}

/** The deployments of one service to one environment. */
export interface Course {
  readonly service: string;
  readonly environment: string;
  readonly judged: readonly Judged[];
  readonly failed: readonly Attempt[];
  readonly unfinished: readonly Attempt[];
}

export interface Given {
  readonly service: Service;
  readonly environment: string;
  readonly rows: readonly DeploymentRow[];
  historyOf(repository: number): History;
  readonly incidents: readonly IncidentRow[];
}

/** Reads an environment's deployments in order: the changes of each, and whether it failed. */
export function courseOf(given: Given): Course {
  const { service, environment } = given;
  const attempts = attemptsOf(given.rows);
  const judged: Judged[] = [];
  const lanes = new Map<number, Lane>();
  for (const attempt of attempts) {
    if (attempt.outcome !== "success") continue;
    const { repository } = attempt.rows[0];
    const lane = lanes.get(repository) ?? newLane(given.historyOf(repository));
    lanes.set(repository, lane);
    const next = arrive(lane, attempt, service);
    if (next !== null) judged.push(next);
  }
  for (const [repository, { history, all, broughtBy }] of lanes) {
    const incidents = given.incidents.filter((incident) => incident.repository === repository);
    const context = { history, judged: all, broughtBy, incidents, rules: service.rules };
    for (const each of all) each.rework = reworkOf(each, context);
    for (const [each, failure] of failures(context)) each.failure = failure;
  }
  return {
    service: service.name,
    environment,
    judged,
    failed: attempts.filter(({ outcome }) => outcome === "failed"),
    unfinished: attempts.filter(({ outcome }) => outcome === "unfinished"),
  };
}

/** The deployments of one repository to the environment so far. */
interface Lane {
  readonly history: History;
  readonly all: Judged[];
  /** Every commit that was ever deployed, by its first deployment; null: before the first known one. */
  readonly broughtBy: Map<string, Judged | null>;
  /** Changes that have already arrived, possibly as another commit. */
  readonly arrived: Set<string>;
  /** The index of the first deployment of each SHA. */
  readonly firstOf: Map<string, number>;
  /** A commit with unstored history was deployed. */
  hasGap: boolean;
}

function newLane(history: History): Lane {
  return { history, all: [], broughtBy: new Map(), arrived: new Set(), firstOf: new Map(), hasGap: false };
}

function arrive(lane: Lane, attempt: Attempt, service: Service): Judged | null {
  const { all, broughtBy } = lane;
  const { sha } = attempt.rows[0];
  const before = all.at(-1) ?? null;
  const { fresh, isWhole, hasGap, meetsLive } = walk(lane, sha, before?.sha ?? null);
  const unknown = before === null ? "first deployment" : isWhole ? null : "commits not stored";
  lane.hasGap ||= hasGap;
  const named = attempt.rows.some((row) => row.service !== null);
  const arrivals = arrivalsOf(lane, fresh, attempt.at, service.owns);
  const direction = meetsLive ? "forward" : directionOf(lane, sha, before, fresh.length);
  const judged: Judged = {
    attempt,
    sha,
    before,
    arrivals: unknown === null ? arrivals : null,
    unknown,
    shas: fresh,
    direction,
    failure: null,
    rework: null,
  };
  for (const each of fresh) broughtBy.set(each, unknown === null ? judged : null);
  // A deployment of several services counts for those whose paths it changes.
  const isOurs =
    named ||
    service.owns === null ||
    unknown !== null ||
    arrivals.length > 0 ||
    (direction === "back" && before !== null);
  if (!isOurs) return null;
  if (!lane.firstOf.has(sha)) lane.firstOf.set(sha, all.length);
  all.push(judged);
  return judged;
}

/** The ancestors of this commit that were never deployed here. */
function walk({ history, broughtBy, hasGap: hadGap }: Lane, sha: string, live: string | null) {
  const fresh: string[] = [];
  const seen = new Set<string>();
  const open = [sha];
  let [hasGap, reachesRoot, meetsLive] = [false, false, false];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (at === live && at !== sha) meetsLive = true;
    if (seen.has(at) || broughtBy.has(at)) continue;
    seen.add(at);
    fresh.push(at);
    const parents = history.commit(at)?.parents ?? null;
    if (parents === null) hasGap = true;
    else if (parents.length === 0) reachesRoot = true;
    else open.push(...parents);
  }
  // Commits behind an earlier gap may have been deployed before, although they look new here.
  return { fresh, hasGap, meetsLive, isWhole: !hasGap && !(hadGap && reachesRoot) };
}

function arrivalsOf(lane: Lane, fresh: readonly string[], at: number, owns: Service["owns"]): readonly Arrival[] {
  const { history, arrived } = lane;
  const shas = new Map<Change, string[]>();
  for (const sha of fresh) {
    const change = history.change(sha);
    if (arrived.has(change.key)) continue;
    const known = shas.get(change);
    if (known) known.push(sha);
    else shas.set(change, [sha]);
  }
  const arrivals: Arrival[] = [];
  for (const [change, own] of shas) {
    arrived.add(change.key);
    if (owns !== null && !touches(history, own, owns)) continue;
    arrivals.push({ change, shas: own, lead: change.startedAt === null ? null : at - change.startedAt });
  }
  return arrivals;
}

/** A commit with unknown files may touch every path; a merge has no files of its own. */
function touches(history: History, shas: readonly string[], owns: (path: string) => boolean): boolean {
  const commits = shas.flatMap((sha) => history.commit(sha) ?? []);
  const own = commits.filter(({ parents }) => (parents?.length ?? 0) < 2);
  return own.length === 0 || own.some(({ files }) => files === null || files.some(owns));
}

function directionOf(lane: Lane, sha: string, before: Judged | null, fresh: number): Judged["direction"] {
  if (before === null) return "first";
  if (before.sha === sha) return "again";
  if (isAncestor(lane.history, before.sha, sha)) return "forward";
  if (fresh > 0) return "aside";
  // All of its commits ran here before. If the commits in between are not stored, the order of arrival decides.
  const isKnown = isAncestor(lane.history, sha, before.sha);
  const [first, live] = [lane.firstOf.get(sha), lane.firstOf.get(before.sha)];
  return isKnown || first === undefined || live === undefined || first < live ? "back" : "forward";
}

/**
 * Whether a commit is an ancestor of a later one. Searches only commits that are not older, with a margin of one day.
 */
function isAncestor(history: History, old: string, sha: string): boolean {
  const SKEW_MS = 24 * 60 * 60_000;
  const since = (history.commit(old)?.committedAt ?? 0) - SKEW_MS;
  const seen = new Set<string>();
  const open = [sha];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (at === old) return true;
    if (seen.has(at)) continue;
    seen.add(at);
    const commit = history.commit(at);
    if (commit !== null && (commit.committedAt ?? since) < since) continue;
    open.push(...(commit?.parents ?? []));
  }
  return false;
}
