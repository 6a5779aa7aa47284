import { historyOf } from "../../src/reports/dora/changes.js";
import type { DeploymentRow, DoraRows } from "../../src/reports/dora/rows.js";

/**
 * Apache DevLake's rules, as its sources and pull requests describe them, in our words: how a pull request finds its
 * deployment (`change_lead_time_calculator`, `prev_deployment_commit_enricher`, refdiff's differences of commits) and how
 * an incident finds one (`incident_deploy_connector`). `first`: until pull request 7362 the first deployment takes the
 * whole history. `chain`: since then it takes nothing. `direct`: since pull request 8942 a deployment of the merge commit
 * itself comes before the chain.
 */
export type DevlakeRule = "first" | "chain" | "direct";

export interface DevlakeResult {
  /** Milliseconds from the first commit to the deployment, by pull request; null: it finds no deployment. */
  readonly leads: ReadonlyMap<number, number | null>;
  /** The deployment that each incident is attributed to; null: none. */
  readonly incidents: ReadonlyMap<number, string | null>;
}

export function devlake(rows: DoraRows, rule: DevlakeRule): DevlakeResult {
  const parents = new Map(rows.commits.map(({ sha, parents: of }) => [sha, of ?? []]));
  const history = historyOf(rows.commits, rows.pulls);
  const ended = rows.deployments
    .filter(({ environment, state }) => environment === "production" && state === "success")
    .map((row) => ({ row, at: finishedAt(row) }))
    .toSorted((a, b) => a.at - b.at);
  const chain = ended.map(({ row, at }, index) => {
    const before = ended[index - 1]?.row ?? null;
    const isLinked = before !== null || rule === "first";
    return { row, at, brought: isLinked ? difference(parents, row.sha, before?.sha ?? null) : new Set<string>() };
  });
  const leads = new Map(
    rows.pulls.map((pull) => {
      const direct = rule === "direct" ? ended.find(({ row }) => row.sha === pull.mergeSha) : undefined;
      const found = direct ?? chain.find(({ brought }) => pull.mergeSha !== null && brought.has(pull.mergeSha));
      const start = history.named(`#${pull.number}`)?.startedAt ?? null;
      return [pull.number, found === undefined || start === null ? null : found.at - start];
    }),
  );
  const incidents = new Map(
    rows.incidents.map(({ number, openedAt }) => [number, ended.findLast(({ at }) => at <= openedAt)?.row.key ?? null]),
  );
  return { leads, incidents };
}

function finishedAt({ stateAt, createdAt }: DeploymentRow): number {
  return stateAt ?? createdAt;
}

function difference(parents: ReadonlyMap<string, readonly string[]>, to: string, from: string | null): Set<string> {
  const ancestors = (sha: string | null): Set<string> => {
    const found = new Set<string>();
    const open = sha === null ? [] : [sha];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (found.has(at)) continue;
      found.add(at);
      open.push(...(parents.get(at) ?? []));
    }
    return found;
  };
  const known = ancestors(from);
  return new Set([...ancestors(to)].filter((sha) => !known.has(sha)));
}
