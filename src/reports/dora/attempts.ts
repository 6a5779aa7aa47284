import type { DeploymentRow } from "./rows.js";

/** One attempt to deploy: a deployment, or all deployments by the jobs of one workflow run for one commit. */
export interface Attempt {
  readonly rows: readonly [DeploymentRow, ...DeploymentRow[]];
  readonly outcome: "success" | "failed" | "unfinished";
  /** When it succeeded or failed; the time of its creation while it is unfinished. */
  readonly at: number;
}

const FAILED: ReadonlySet<string> = new Set(["failure", "error"]);

/** The attempts of one environment in the order in which they ended. */
export function attemptsOf(rows: readonly DeploymentRow[]): readonly Attempt[] {
  const groups = new Map<string, [DeploymentRow, ...DeploymentRow[]]>();
  for (const row of rows) {
    const key = row.run === null ? row.key : `run ${row.repository} ${row.run} ${row.sha}`;
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return [...groups.values()].map(attemptOf).toSorted(byTime);
}

function attemptOf(group: [DeploymentRow, ...DeploymentRow[]]): Attempt {
  const rows: typeof group = [...group];
  rows.sort((a, b) => a.order - b.order);
  const failed = rows.filter(({ state }) => state !== null && FAILED.has(state));
  if (failed.length > 0) return { rows, outcome: "failed", at: latest(failed.map(({ stateAt }) => stateAt ?? 0)) };
  if (rows.some(({ state }) => state !== "success"))
    return { rows, outcome: "unfinished", at: latest(rows.map(({ createdAt }) => createdAt)) };
  return { rows, outcome: "success", at: latest(rows.map(({ succeededAt }) => succeededAt ?? 0)) };
}

function latest(times: readonly number[]): number {
  return times.reduce((best, at) => Math.max(best, at), 0);
}

function byTime(a: Attempt, b: Attempt): number {
  return a.at - b.at || a.rows[0].createdAt - b.rows[0].createdAt || a.rows[0].order - b.rows[0].order;
}
