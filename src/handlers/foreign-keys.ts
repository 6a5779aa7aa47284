import type { HandledEvent } from "../domain.js";

/**
 * The signature covers the body but not the event name. These top-level keys identify events. A payload with a key of
 * another event is refused; otherwise a captured `star` with the action `deleted` could be sent again as a
 * `repository`.
 */
const IDENTIFYING = [
  "alert",
  "answer",
  "blocked_user",
  "branches",
  "build",
  "check_run",
  "check_suite",
  "client_payload",
  "comment",
  "commit",
  "commit_oid",
  "commits",
  "deployment",
  "deployment_status",
  "discussion",
  "effective_date",
  "forkee",
  "hook",
  "hook_id",
  "invitation",
  "issue",
  "key",
  "label",
  "marketplace_purchase",
  "member",
  "membership",
  "merge_group",
  "milestone",
  "package",
  "pages",
  "project",
  "project_card",
  "project_column",
  "projects_v2",
  "projects_v2_item",
  "pull_request",
  "pusher_type",
  "registry_package",
  "ref",
  "ref_type",
  "release",
  "repositories_added",
  "repository",
  "requestor",
  "review",
  "reviewers",
  "rule",
  "ruleset",
  "secret_type",
  "security_advisory",
  "since",
  "sponsorship",
  "starred_at",
  "status",
  "sub_issue",
  "target_url",
  "team",
  "thread",
  "user",
  "workflow_job",
  "workflow_run",
  "zen",
] as const;
type Telling = (typeof IDENTIFYING)[number];

/** The identifying keys that each handled event may have. */
const OWN: Readonly<Record<HandledEvent, readonly Telling[]>> = {
  pull_request: ["pull_request", "repository", "label", "milestone"],
  pull_request_review: ["pull_request", "review", "repository"],
  push: ["ref", "commits", "repository"],
  issues: ["issue", "repository", "label", "milestone"],
  issue_comment: ["issue", "comment", "repository"],
  deployment: ["deployment", "repository", "workflow_run"],
  deployment_status: ["deployment", "deployment_status", "repository", "check_run", "workflow_run"],
  release: ["release", "repository"],
  installation: [],
  installation_repositories: ["repositories_added"],
  repository: ["repository"],
  check_run: ["check_run", "repository"],
  check_suite: ["check_suite", "repository"],
  merge_group: ["merge_group", "repository"],
  deployment_protection_rule: ["deployment", "ref", "repository"],
  github_app_authorization: [],
};

/** A top-level key of the payload that belongs to another event, or null. A `starred_at` of null counts too. */
export function foreignKey(event: HandledEvent, payload: unknown): string | null {
  if (typeof payload !== "object" || payload === null) return null;
  const own = new Set<string>(OWN[event]);
  return IDENTIFYING.find((key) => !own.has(key) && Object.hasOwn(payload, key)) ?? null;
}
