import { afterAll, describe, expect, it } from "vitest";
import { apply } from "../../simulator/organisation/apply.js";
import type { Fact, VersionedFact } from "../../src/facts/fact.js";
import { IssueBody, issueFacts } from "../../src/facts/issue.js";
import { PullRequestBody, pullRequestFacts } from "../../src/facts/pull-request.js";
import { ReviewBody, reviewFacts } from "../../src/facts/review.js";
import { DeploymentStatusBody, deploymentStatusFacts } from "../../src/facts/deployment.js";
import { renderReview } from "../../simulator/render/comment.js";
import { renderDeploymentStatus } from "../../simulator/render/deployment.js";
import { renderIssue } from "../../simulator/render/issue.js";
import { renderPull } from "../../simulator/render/pull.js";
import { contentHash } from "../../src/store/facts/content-hash.js";
import { TABLES } from "../../src/store/facts/tables.js";
import { deployments } from "../../src/sync/entities/deployments.js";
import { issues } from "../../src/sync/entities/issues.js";
import { pullRequests } from "../../src/sync/entities/pull-requests.js";
import type { Reading, Unit } from "../../src/sync/entity.js";
import { PageSize } from "../../src/sync/run/page-size.js";
import { withDatabase } from "../support/database.js";
import { type SyncSetting, syncSetting } from "./setting.js";

const { store } = await withDatabase();
const setting: SyncSetting = await syncSetting(store, {
  generate: { seed: 5, repositories: 1, pulls: 30, issues: 30, comments: 1, commits: 5, deployments: 4, releases: 1 },
});
afterAll(() => setting.github.close());

const { organisation, clock } = setting.github.simulation;
const [repository] = organisation.repositories.values();
if (!repository) throw new Error("no repository");
await setting.github.control.run("random", { seed: 9, count: 200 });
const name = `${repository.owner.login}/${repository.name}`;
apply(organisation, "openPull", { repository: name, title: "Without words", body: "" });
apply(organisation, "openIssue", { repository: name, title: "Without words", body: "" });

/** What the sync reads of the only repository. */
async function read(unit: Unit): Promise<readonly Fact[]> {
  const reading: Reading = {
    client: setting.options.client(setting.installationId),
    sql: store.sql,
    installationId: setting.installationId,
    account: repository?.owner.login ?? "",
    allows: () => true,
    repository: {
      id: repository?.id ?? 0,
      nodeId: nodeId(),
      owner: repository?.owner.login ?? "",
      name: repository?.name ?? "",
    },
    cursor: {
      repository_id: repository?.id ?? 0,
      entity: unit.name,
      cursor: null,
      since: null,
      started_at: null,
      pages: 0,
      rows: 0,
      total: null,
      attempts: 0,
      position: 0,
      mark: null,
    },
    mode: "full",
    subject: null,
    pageSize: 100,
    sizeOf: (_what, largest) => new PageSize(largest),
    observedAt: clock.now(),
  };
  return (await unit.read(reading)).facts;
}

function nodeId(): string {
  const pull = [...(repository?.pulls.values() ?? [])][0];
  if (!pull) throw new Error("no pull request");
  return renderPull(organisation.urls, pull).base.repo.node_id;
}

const scope = { repositoryId: repository.id, repository: name, observedAt: null };
const versioned = (facts: readonly Fact[], entity: VersionedFact["entity"]): VersionedFact[] =>
  facts
    .filter((fact): fact is VersionedFact => fact.entity === entity && "observedAt" in fact)
    .sort((a, b) => a.row.id - b.row.id);

/** The rows with the digests of their contents: what decides whether one replaces the other. */
function contents(facts: readonly VersionedFact[]): readonly object[] {
  return facts.map((fact) => {
    const spec = TABLES[fact.entity];
    return { row: fact.row, hashes: spec.groups.map((group) => contentHash(spec, group, fact)) };
  });
}

describe("a sync by GraphQL and webhooks give the same facts", () => {
  it("of pull requests and their reviews", async () => {
    const seen = await read(pullRequests);
    const pulls = [...repository.pulls.values()];
    const told = pulls.flatMap((pull) =>
      pullRequestFacts(PullRequestBody.parse(renderPull(organisation.urls, pull)), scope),
    );
    expect(contents(versioned(seen, "pull_request"))).toEqual(contents(versioned(told, "pull_request")));
    expect(pulls.length).toBeGreaterThan(10);
    const reviews = pulls.flatMap((pull) => {
      const { id, number, updated_at: updatedAt } = PullRequestBody.parse(renderPull(organisation.urls, pull));
      return pull.reviews.flatMap((review) =>
        reviewFacts(ReviewBody.parse(renderReview(organisation, review)), { id, number, updatedAt }, scope),
      );
    });
    expect(contents(versioned(seen, "review"))).toEqual(contents(versioned(reviews, "review")));
    expect(reviews.length).toBeGreaterThan(10);
  });

  it("of issues", async () => {
    const told = [...repository.issues.values()].flatMap((issue) =>
      issueFacts(IssueBody.parse(renderIssue(organisation.urls, issue)), scope),
    );
    expect(contents(versioned(await read(issues), "issue"))).toEqual(contents(versioned(told, "issue")));
    expect(told.length).toBeGreaterThan(10);
  });

  it("of deployment statuses", async () => {
    const told = [...repository.deployments.values()].flatMap((deployment) =>
      deployment.statuses.flatMap((status) =>
        deploymentStatusFacts(
          DeploymentStatusBody.parse(renderDeploymentStatus(organisation, status)),
          deployment.id,
          scope,
        ),
      ),
    );
    const seen = versioned(await read(deployments), "deployment_status");
    expect(contents(seen)).toEqual(contents(versioned(told, "deployment_status")));
    expect(told.length).toBeGreaterThan(5);
  });
});
