import { z } from "zod";
import type { Repository } from "../organisation/repository.js";
import { repositoryApi } from "../render/conversation.js";
import { renderRepository } from "../render/repository.js";
import { iso } from "../render/time.js";
import { NO_CONTENT, NOT_FOUND } from "../server/answer.js";
import { bodyOf, numberParam, param } from "../server/call.js";
import { page } from "../server/page.js";
import { repositoryRoutes } from "../server/repository-route.js";
import { inRepository, perform } from "./changes.js";
import { resolveRef } from "./resolve-ref.js";

type State = "error" | "failure" | "pending" | "success";

/** The newest state of each context of a commit: statuses and check runs together. */
export function contextsOf(repository: Repository, sha: string): ReadonlyMap<string, State> {
  const runs = (repository.checkRuns.get(sha) ?? []).map(({ name, conclusion }): [string, State] => [
    name,
    conclusion === null ? "pending" : conclusion === "success" ? "success" : "failure",
  ]);
  const statuses = (repository.statuses.get(sha) ?? []).map(({ context, state }): [string, State] => [context, state]);
  return new Map([...runs, ...statuses]);
}

const Review = z.object({
  environment_name: z.string(),
  state: z.enum(["approved", "rejected"]).optional(),
  comment: z.string().optional(),
});

/** What protects a branch, and what an environment waits for. */
export const gateRoutes = repositoryRoutes([
  {
    method: "GET",
    path: "/commits/:ref/status",
    permission: ["statuses", "read"],
    handle: (call, repository) => {
      const sha = resolveRef(repository, param(call, "ref"));
      if (sha === null) return NOT_FOUND;
      const { urls } = call.simulation.organisation;
      const all = repository.statuses.get(sha) ?? [];
      const latest = [...new Map(all.map((status) => [status.context, status])).values()];
      const worst = latest.some(({ state }) => state === "failure" || state === "error")
        ? "failure"
        : latest.length === 0 || latest.some(({ state }) => state === "pending")
          ? "pending"
          : "success";
      const api = repositoryApi(urls, repository);
      return page(
        call,
        "simple-commit-status",
        latest,
        ({ id, context, state, createdAt }) => ({
          id,
          node_id: `SC_${id}`,
          url: `${api}/statuses/${sha}`,
          avatar_url: null,
          state,
          context,
          description: null,
          target_url: null,
          created_at: iso(createdAt),
          updated_at: iso(createdAt),
        }),
        (statuses, total_count) => ({
          state: worst,
          statuses,
          sha,
          total_count,
          repository: renderRepository(urls, repository),
          commit_url: `${api}/commits/${sha}`,
          url: `${api}/commits/${sha}/status`,
        }),
      );
    },
  },
  {
    method: "GET",
    path: "/rules/branches/*branch",
    permission: ["metadata", "read"],
    handle: (call, repository) => {
      const { requiredChecks, defaultBranch } = repository;
      const rules = param(call, "branch") === defaultBranch && requiredChecks.length > 0 ? [requiredChecks] : [];
      return page(call, "repository-rule-detailed", rules, (contexts) => ({
        type: "required_status_checks" as const,
        parameters: {
          strict_required_status_checks_policy: false,
          required_status_checks: contexts.map((context) => ({ context })),
        },
        ruleset_source_type: "Repository" as const,
        ruleset_source: `${repository.owner.login}/${repository.name}`,
        ruleset_id: 1,
      }));
    },
  },
  {
    method: "POST",
    path: "/actions/runs/:run/deployment_protection_rule",
    permission: ["deployments", "write"],
    content: true,
    handle: (call, repository) => {
      const { environment_name: environment, state = null, comment = "" } = bodyOf(call, Review);
      perform(call, "reviewJob", {
        ...inRepository(call, repository),
        runId: numberParam(call, "run"),
        environment,
        state,
        comment,
      });
      return NO_CONTENT;
    },
  },
]);
