import { z } from "zod";
import { DeploymentBody, deploymentFacts, deploymentStatusFacts } from "../../facts/deployment.js";
import type { Fact } from "../../facts/fact.js";
import { LARGEST_PAGE } from "../../github/queries/floor.js";
import type { Unit } from "../entity.js";
import { repositoryOf } from "../gone.js";
import { offPage } from "../off-page.js";
import { resumePointOf } from "../resume-point.js";
import { readStatuses } from "../read-statuses.js";
import { scopeOf } from "../scope.js";

const Deployments = z.array(DeploymentBody);

/**
 * Deployments by REST, because GraphQL does not show whether an environment is production or transient. Their statuses
 * by one GraphQL query for the page, because REST needs one request for each deployment.
 */
export const deployments: Unit = {
  name: "deployments",
  largestPage: LARGEST_PAGE,
  adaptive: false,
  stops: "unchanged",
  async read(reading) {
    const repository = repositoryOf(reading);
    const resumePoint = resumePointOf(reading.cursor);
    const number = Number(resumePoint.page ?? 1);
    const { data } = await reading.client.rest("GET /repos/{owner}/{repo}/deployments", {
      owner: repository.owner,
      repo: repository.name,
      per_page: reading.pageSize,
      page: number,
    });
    const listed = Deployments.parse(data);
    const ids = listed.map(({ id }) => id);
    const behind =
      listed.length < reading.pageSize ? await offPage(reading, repository, "deployments", ids, resumePoint) : null;
    const bodies = [...listed, ...Deployments.parse(behind?.there ?? [])];
    const scope = scopeOf(reading, repository);
    const statuses = await readStatuses(reading, repository, bodies);
    const facts: Fact[] = [
      ...bodies.flatMap((body) => deploymentFacts(body, scope)),
      ...statuses.flatMap(({ deploymentId, status }) => deploymentStatusFacts(status, deploymentId, scope)),
    ];
    return {
      facts,
      absences: behind?.absences ?? [],
      rows: resumePoint.askedTo > 0 ? 0 : listed.length,
      total: null,
      next: behind ? behind.next : String(number + 1),
    };
  },
};
