import { historyOf, type History } from "./changes.js";
import { type Course, courseOf } from "./judge.js";
import type { DeploymentRow, DoraRows, Service } from "./rows.js";

/**
 * The history of each environment of each service: a pure function of the rows in any order. A repository without a
 * service is a service of its own.
 */
export function coursesOf(rows: DoraRows, services: readonly Service[]): readonly Course[] {
  const commits = grouped(rows.commits);
  const pulls = grouped(rows.pulls);
  const histories = new Map<number, History>();
  const historyIn = (repository: number): History => {
    const known = histories.get(repository);
    if (known) return known;
    const made = historyOf(commits.get(repository) ?? [], pulls.get(repository) ?? []);
    histories.set(repository, made);
    return made;
  };
  const incidents = grouped(rows.incidents);
  const deployments = grouped(rows.deployments);
  return services.flatMap((service) => {
    const own = service.repositories.flatMap((repository) => deployments.get(repository) ?? []);
    const mine = own.filter(({ service: named }) => named === null || named === service.name);
    const byEnvironment = new Map<string, DeploymentRow[]>();
    for (const row of mine) {
      const key = row.environment.toLowerCase();
      const known = byEnvironment.get(key);
      if (known) known.push(row);
      else byEnvironment.set(key, [row]);
    }
    return [...byEnvironment.values()].flatMap((group) => {
      const [first] = group;
      if (first === undefined) return [];
      return courseOf({
        service,
        environment: first.environment,
        rows: group,
        historyOf: historyIn,
        incidents: service.repositories.flatMap((repository) => incidents.get(repository) ?? []),
      });
    });
  });
}

function grouped<R extends { readonly repository: number }>(rows: readonly R[]): ReadonlyMap<number, readonly R[]> {
  const groups = new Map<number, R[]>();
  for (const row of rows) {
    const group = groups.get(row.repository);
    if (group) group.push(row);
    else groups.set(row.repository, [row]);
  }
  return groups;
}
