import type { History } from "./changes.js";
import type { Judged } from "./judge.js";
import type { IncidentRow, Rules } from "./rows.js";

/** The sign that a deployment failed. */
export interface Failure {
  readonly rule: "rollback" | "revert" | "hotfix" | "incident";
  /** The deployment that fixed it; null: an incident without one. */
  readonly by: Judged | null;
  readonly incident: IncidentRow | null;
  /** When the failure ended; null: not yet, or unknown. */
  readonly recoveredAt: number | null;
}

/** The sign that a deployment was unplanned. */
export type Rework = "rollback" | "revert" | "hotfix";

export interface Context {
  readonly history: History;
  /** The deployments of one repository, in order. */
  readonly judged: readonly Judged[];
  readonly broughtBy: ReadonlyMap<string, Judged | null>;
  readonly incidents: readonly IncidentRow[];
  readonly rules: Rules;
}

/** Whether an earlier deployment caused this one. */
export function reworkOf(judged: Judged, context: Context): Rework | null {
  if (judged.direction === "back") return "rollback";
  if (undone(judged, context).length > 0) return "revert";
  return isHotfix(judged, context) ? "hotfix" : null;
}

/** Every failed deployment; of several signs the one with the earliest fix counts. */
export function failures(context: Context): ReadonlyMap<Judged, Failure> {
  const found = new Map<Judged, Failure>();
  const note = (failed: Judged | null, failure: Failure): void => {
    const until = (failed?.attempt.at ?? 0) + context.rules.window;
    const at = failure.by?.attempt.at ?? failure.incident?.openedAt ?? 0;
    if (failed === null || at > until || at < failed.attempt.at) return;
    const known = found.get(failed);
    const isEarlier =
      (failure.recoveredAt ?? Number.POSITIVE_INFINITY) < (known?.recoveredAt ?? Number.POSITIVE_INFINITY);
    if (known === undefined || isEarlier) found.set(failed, failure);
  };
  for (const by of context.judged) {
    const fixed = { by, incident: null, recoveredAt: by.attempt.at };
    if (by.rework === "rollback") note(rolledBack(by, context), { rule: "rollback", ...fixed });
    for (const failed of undone(by, context)) note(failed, { rule: "revert", ...fixed });
    if (by.rework === "hotfix") note(hotfixed(by, context), { rule: "hotfix", ...fixed });
  }
  for (const incident of context.incidents)
    for (const failed of blamed(incident, context))
      note(failed, { rule: "incident", by: null, incident, recoveredAt: incident.closedAt });
  return found;
}

/**
 * The deployment that a rollback replaces: the live one. If that was a rollback itself, the newest earlier one that is
 * no longer live.
 */
function rolledBack(by: Judged, { broughtBy }: Context): Judged | null {
  let failed = by.before;
  const target = broughtBy.get(by.sha) ?? null;
  while (failed !== null && (failed.direction === "back" || failed.direction === "again")) failed = failed.before;
  // A rollback over several rollbacks: each of them has already replaced one deployment.
  for (let steps = rollbacksBefore(by); steps > 0 && failed !== null; steps -= 1) {
    failed = failed.before;
    while (failed !== null && (failed.direction === "back" || failed.direction === "again")) failed = failed.before;
  }
  return failed === target ? null : failed;
}

function rollbacksBefore(by: Judged): number {
  let steps = 0;
  for (let at = by.before; at !== null && at.direction !== "forward" && at.direction !== "aside"; at = at.before)
    if (at.direction === "back") steps += 1;
  return steps;
}

/** The earlier deployments that this one reverts. A revert of a revert does not count. */
function undone(by: Judged, { history, broughtBy, rules }: Context): readonly Judged[] {
  const found = new Set<Judged>();
  for (const sha of by.shas)
    for (const reverted of history.reverts(sha))
      for (const commit of commitsOf(history, reverted)) {
        if (history.reverts(commit).length > 0) continue;
        const brought = broughtBy.get(commit) ?? null;
        const age = brought === null || brought === by ? null : by.attempt.at - brought.attempt.at;
        if (brought !== null && age !== null && age >= 0 && age <= rules.window) found.add(brought);
      }
  return [...found];
}

function commitsOf(history: History, named: string): readonly string[] {
  if (!named.startsWith("#")) return [named];
  const pull = history.named(named)?.pull;
  return pull ? [pull.mergeSha, pull.headSha].flatMap((sha) => sha ?? []) : [];
}

function isHotfix({ attempt, arrivals, before }: Judged, { rules }: Context): boolean {
  if (before === null) return false;
  const onBranch = (name: string): boolean =>
    rules.hotfixBranches.some((prefix) => name.replace(/^refs\/heads\//, "").startsWith(prefix));
  const marked = attempt.rows.some((row) => row.hotfix || row.fixes !== null || onBranch(row.ref));
  return (
    marked ||
    (arrivals ?? []).some(
      ({ change: { pull } }) =>
        pull !== null &&
        (onBranch(pull.headRef) ||
          pull.labels.some((label) => rules.hotfixLabels.some((name) => name.toLowerCase() === label.toLowerCase()))),
    )
  );
}

/** The target that a hotfix names; otherwise the deployment that it replaced. */
function hotfixed(by: Judged, context: Context): Judged | null {
  const fixes = by.attempt.rows.find((row) => row.fixes !== null)?.fixes ?? null;
  if (fixes === null) return by.before;
  return named(fixes, context).findLast(({ attempt }) => attempt.at <= by.attempt.at) ?? by.before;
}

function blamed({ deployments, shas, pulls }: IncidentRow, context: Context): readonly Judged[] {
  return [...deployments.map(String), ...shas, ...pulls.map((number) => `#${number}`)].flatMap((text) =>
    named(text, context),
  );
}

/** The deployments that a text names: by id, by commit, or by their changes. */
function named(text: string, { judged, history, broughtBy }: Context): readonly Judged[] {
  const byKey = judged.filter(({ attempt }) =>
    attempt.rows.some(({ key }) => key === `github:${text}` || key === text),
  );
  if (byKey.length > 0) return byKey;
  if (text.startsWith("#")) {
    const brought = commitsOf(history, text).flatMap((sha) => broughtBy.get(sha) ?? []);
    return [...new Set(brought)];
  }
  const sha = /^[0-9a-f]{7,40}$/.test(text) ? history.resolve(text) : null;
  if (sha === null) return [];
  const deployed = judged.filter((each) => each.sha === sha);
  return deployed.length > 0 ? deployed : [broughtBy.get(sha)].flatMap((each) => each ?? []);
}
