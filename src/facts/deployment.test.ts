import { describe, expect, it } from "vitest";
import { ByActions, boundedPayload, DeploymentBody, deploymentFacts } from "./deployment.js";

const scope = { repositoryId: 7, repository: "acme/one", observedAt: null };
const at = { created_at: "2026-01-01T00:00:00Z", updated_at: "2026-01-01T00:00:00Z" };
const body = DeploymentBody.parse({ id: 1, sha: "a".repeat(40), ref: "main", creator: null, payload: "", ...at });

it("keeps the workflow and its run, which only a delivery contains", () => {
  const by = ByActions.parse({
    workflow: { path: ".github/workflows/deploy.yml", name: "Deploy" },
    workflow_run: { id: 9 },
  });
  const [told] = deploymentFacts(body, scope, by);
  expect(told?.row).toMatchObject({ workflow: ".github/workflows/deploy.yml", workflow_run_id: 9, payload: null });
  const [read] = deploymentFacts(body, scope);
  expect(read?.row).toMatchObject({ workflow: null, workflow_run_id: null });
});

describe("the payload of a deployment", () => {
  it("is stored unchanged while it is small", () => {
    expect(boundedPayload({ hotfix: true, plan: { steps: 2 } })).toEqual({ hotfix: true, plan: { steps: 2 } });
    expect(boundedPayload("text")).toBe("text");
  });

  it("keeps its short values at the top when it is large", () => {
    const large = { hotfix: true, log: "x".repeat(20_000), nested: { a: 1 }, fixes: 12 };
    expect(boundedPayload(large)).toEqual({ hotfix: true, fixes: 12 });
    expect(boundedPayload("x".repeat(20_000))).toBeNull();
  });
});
