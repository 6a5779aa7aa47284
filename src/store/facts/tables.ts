import type { VersionedEntity } from "../../facts/fact.js";
import type { Columns, SetSpec, TableSpec } from "./table.js";

const AUTHOR: Columns = { author_login: "text", author_association: "text" };

const ASSIGNEES = (subject: "issue" | "pull_request"): SetSpec => ({
  property: "assignees",
  table: "assignees",
  parent: "subject_id",
  fixed: { subject_type: subject },
  key: { user_id: "bigint" },
  compared: {},
  uncompared: { login: "text" },
  unseen: "(SELECT u.type FROM users u WHERE u.id = t.user_id) = 'Bot'",
});

const LABELS = (table: string, parent: string): SetSpec => ({
  property: "labels",
  table,
  parent,
  fixed: {},
  key: { label_id: "bigint" },
  compared: { name: "text" },
  uncompared: {},
});

/** Two sets of one table: a read without `members: read` knows only one of them. */
const REVIEWERS = (property: "reviewers" | "teams", type: "user" | "team"): SetSpec => ({
  property,
  table: "review_requests",
  parent: "pull_request_id",
  fixed: { reviewer_type: type },
  key: { reviewer_id: "bigint" },
  compared: {},
  uncompared: { reviewer_name: "text" },
});

function simple(
  entity: VersionedEntity,
  table: string,
  compared: Columns,
  uncompared: Columns,
  rest: Partial<Pick<TableSpec, "tenant" | "greatest" | "deletion" | "sets">> = {},
): TableSpec {
  return {
    entity,
    table,
    tenant: true,
    groups: [{ version: "updated_at", hash: "content_hash", compared, uncompared }],
    greatest: {},
    deletion: "final",
    sets: [],
    ...rest,
  };
}

/** Every versioned table, by the entity of its facts. */
export const TABLES: Readonly<Record<VersionedEntity, TableSpec>> = {
  installation: simple(
    "installation",
    "installations",
    {
      account_login: "text",
      account_type: "text",
      repository_selection: "text",
      permissions: "jsonb",
      events: "text[]",
      suspended_at: "timestamptz",
    },
    { account_id: "bigint", app_id: "bigint" },
    { tenant: false },
  ),
  repository: simple(
    "repository",
    "repositories",
    {
      owner_login: "text",
      name: "text",
      full_name: "text",
      private: "boolean",
      visibility: "text",
      default_branch: "text",
      description: "text",
      archived: "boolean",
      disabled: "boolean",
      fork: "boolean",
    },
    { node_id: "text", created_at: "timestamptz" },
    { greatest: { pushed_at: "timestamptz" }, deletion: "until-newer" },
  ),
  pull_request: {
    entity: "pull_request",
    table: "pull_requests",
    tenant: true,
    groups: [
      {
        version: "core_updated_at",
        hash: "content_hash",
        compared: {
          repository_id: "bigint",
          number: "int",
          title: "text",
          body: "text",
          state: "text",
          draft: "boolean",
          locked: "boolean",
          author_id: "bigint",
          head_ref: "text",
          head_sha: "text",
          head_repository_id: "bigint",
          base_ref: "text",
          base_sha: "text",
          merge_commit_sha: "text",
          merged: "boolean",
          merged_at: "timestamptz",
          closed_at: "timestamptz",
          created_at: "timestamptz",
        },
        uncompared: { node_id: "text", ...AUTHOR },
      },
      {
        version: "details_updated_at",
        hash: "details_hash",
        compared: {
          merged_by_id: "bigint",
          additions: "int",
          deletions: "int",
          changed_files: "int",
          commits: "int",
        },
        uncompared: { merged_by_login: "text" },
      },
    ],
    greatest: { updated_at: "timestamptz" },
    deletion: "final",
    sets: [
      LABELS("pull_request_labels", "pull_request_id"),
      REVIEWERS("reviewers", "user"),
      REVIEWERS("teams", "team"),
      ASSIGNEES("pull_request"),
    ],
  },
  review: simple(
    "review",
    "reviews",
    {
      repository_id: "bigint",
      pull_request_id: "bigint",
      author_id: "bigint",
      state: "text",
      body: "text",
      commit_id: "text",
      submitted_at: "timestamptz",
    },
    { node_id: "text", author_login: "text" },
  ),
  issue: simple(
    "issue",
    "issues",
    {
      repository_id: "bigint",
      number: "int",
      title: "text",
      body: "text",
      state: "text",
      state_reason: "text",
      locked: "boolean",
      author_id: "bigint",
      milestone: "text",
      closed_at: "timestamptz",
      created_at: "timestamptz",
    },
    { node_id: "text", transferred_to: "text", ...AUTHOR },
    { sets: [LABELS("issue_labels", "issue_id"), ASSIGNEES("issue")] },
  ),
  issue_comment: simple(
    "issue_comment",
    "issue_comments",
    {
      repository_id: "bigint",
      issue_number: "int",
      author_id: "bigint",
      body: "text",
      created_at: "timestamptz",
    },
    { node_id: "text", ...AUTHOR },
  ),
  deployment: simple(
    "deployment",
    "deployments",
    {
      repository_id: "bigint",
      sha: "text",
      ref: "text",
      task: "text",
      environment: "text",
      original_environment: "text",
      production_environment: "boolean",
      transient_environment: "boolean",
      description: "text",
      creator_id: "bigint",
      created_at: "timestamptz",
    },
    { node_id: "text", creator_login: "text", payload: "jsonb", performed_via_github_app: "text" },
    // Never changes, and only deliveries contain it: a read leaves the stored value.
    { greatest: { workflow: "text", workflow_run_id: "bigint" } },
  ),
  deployment_status: simple(
    "deployment_status",
    "deployment_statuses",
    {
      repository_id: "bigint",
      deployment_id: "bigint",
      state: "text",
      description: "text",
      environment: "text",
      target_url: "text",
      log_url: "text",
      environment_url: "text",
      created_at: "timestamptz",
    },
    { node_id: "text", creator_login: "text" },
    { greatest: { check_run_id: "bigint" } },
  ),
  release: simple(
    "release",
    "releases",
    {
      repository_id: "bigint",
      tag_name: "text",
      name: "text",
      body: "text",
      draft: "boolean",
      prerelease: "boolean",
      target_commitish: "text",
      author_id: "bigint",
      created_at: "timestamptz",
      published_at: "timestamptz",
    },
    { node_id: "text", author_login: "text" },
    // Without `contents: write` GitHub does not show drafts: a draft counts as deleted until it is published.
    { deletion: "until-later" },
  ),
};
