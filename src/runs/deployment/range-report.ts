import type { EndedDeployment, ReportedPull, ReportedRange } from "../../agents/deployment/report.js";
import { incidentPrefix, MOST_COMMENTED } from "../../agents/deployment/report.js";
import type { DeploymentSettings } from "../../agents/deployment/settings.js";
import { type Deployed, resultOf, running } from "../../agents/deployment/state.js";
import { deploymentsOf } from "../../store/deployments/history.js";
import { lastIncident } from "../../store/deployments/incidents.js";
import { commitsBetween, pullsOf, type RangePull } from "../../store/deployments/range.js";
import type { KnownRepository } from "../../store/repositories/find-repository.js";
import type { Sql } from "../../store/store.js";

const HISTORY = 50;

interface Reading {
  readonly sql: Sql;
  readonly repository: KnownRepository;
  readonly settings: DeploymentSettings;
}

/** Reads, from the mirror alone, everything that the report of a deployment needs. */
export async function endedDeployment(
  { sql, repository, settings }: Reading,
  deployment: Deployed,
): Promise<EndedDeployment> {
  const { ref, installationId } = repository;
  const scope = { installationId, repositoryId: ref.id };
  const history = await deploymentsOf(sql, scope, deployment.environment, HISTORY);
  const place = history.findIndex(({ id }) => id === deployment.id);
  const from = place < 0 ? null : running(history.slice(place + 1));
  const { state, at } = resultOf(deployment);
  const range = await rangeOf(sql, ref.id, from, deployment);
  const commented = settings.comments && state === "succeeded" && range.pulls.length <= MOST_COMMENTED;
  return {
    repository: ref,
    deployment,
    state: state === "succeeded" ? "succeeded" : "failed",
    at,
    newest: place === 0,
    range: commented
      ? { ...range, pulls: await withLive({ sql, repository, settings }, range.pulls, deployment) }
      : range,
    incident: await lastIncident(sql, scope, incidentPrefix(deployment.environment)),
  };
}

type Pull = ReportedPull & Pick<RangePull, "mergeSha" | "headSha">;

async function rangeOf(
  sql: Sql,
  repositoryId: bigint,
  from: Deployed | null,
  to: Deployed,
): Promise<ReportedRange & { readonly pulls: readonly Pull[] }> {
  if (from === null) return { from, commits: 0, complete: true, pulls: [], back: false };
  const { commits, complete, relation } = await commitsBetween(sql, repositoryId, from.sha, to.sha);
  const pulls = await pullsOf(
    sql,
    repositoryId,
    commits.map(({ sha }) => sha),
  );
  return {
    from,
    commits: commits.length,
    complete,
    pulls: pulls.map((pull) => ({ ...pull, live: [] })),
    back: relation === "behind",
  };
}

/** Where each pull request runs now: a few, in the environments of the settings and the one that was deployed to. */
async function withLive(
  { sql, repository, settings }: Reading,
  pulls: readonly Pull[],
  deployment: Deployed,
): Promise<readonly ReportedPull[]> {
  const scope = { installationId: repository.installationId, repositoryId: repository.ref.id };
  const names = [...new Set([...Object.keys(settings.environments), deployment.environment])];
  const active = [];
  for (const environment of names) {
    const now =
      environment === deployment.environment
        ? deployment
        : running(await deploymentsOf(sql, scope, environment, HISTORY));
    if (now !== null) active.push({ environment, sha: now.sha });
  }
  const found: ReportedPull[] = [];
  for (const pull of pulls) {
    const live = [];
    for (const each of active) {
      const own = each.environment === deployment.environment;
      if (own || (await contains(sql, repository.ref.id, each.sha, pull.mergeSha ?? pull.headSha))) live.push(each);
    }
    found.push({ ...pull, live });
  }
  return found;
}

async function contains(sql: Sql, repositoryId: bigint, sha: string, change: string): Promise<boolean> {
  const { relation } = await commitsBetween(sql, repositoryId, sha, change);
  return relation === "behind" || relation === "identical";
}
