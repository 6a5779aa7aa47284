import { z } from "zod";
import type { Scope } from "../store/scope.js";
import type { Sql } from "../store/store.js";
import { type Condition, type Listing, listRows, type Page, type Wanted } from "./listing.js";

const name = z.string().nullable();
const Shared = {
  id: z.coerce.bigint(),
  at: z.date(),
  number: z.number(),
  title: z.string(),
  state: z.string(),
  author_login: name,
  full_name: name,
  labels: z.array(z.string()),
};

const PullRow = z
  .object({
    ...Shared,
    draft: z.boolean(),
    merged: z.boolean(),
    head_sha: z.string(),
    checks_state: name,
    open_findings: z.number(),
    run: z
      .object({ status: z.string(), skipped: name, reason: z.string(), risk: name.optional(), shadow: z.boolean() })
      .nullable(),
    observed_at: z.date().nullable(),
  })
  .transform(({ full_name: repository, author_login: author, ...row }) => ({ ...row, repository, author }));
/** A pull request in a list, with the last review of it. */
export type ListedPull = z.output<typeof PullRow>;

const PULLS: Listing<ListedPull> = {
  table: "pull_requests",
  at: "updated_at",
  columns: `t.number, t.title, t.state, t.draft, t.merged, t.author_login, t.head_sha, t.checks_state, t.observed_at,
    r.full_name, ARRAY(SELECT l.name FROM pull_request_labels l WHERE l.pull_request_id = t.id ORDER BY l.name) AS labels,
    (SELECT count(*)::int FROM findings f WHERE f.repository_id = t.repository_id AND f.number = t.number AND f.state = 'open'
      AND NOT f.shadow) AS open_findings,
    (SELECT jsonb_build_object('status', a.status, 'skipped', a.skipped, 'reason', a.reason, 'shadow', a.shadow,
        'risk', a.decision #>> '{risk,risk}')
      FROM agent_runs a WHERE a.repository_id = t.repository_id AND a.agent = 'code-review' AND a.number = t.number
      ORDER BY a.id DESC LIMIT 1) AS run`,
  joins: "LEFT JOIN repositories r ON r.id = t.repository_id",
  row: PullRow,
  repository: "repository_id",
  ownerless: false,
};

const IssueRow = z
  .object({ ...Shared, state_reason: name, assignees: z.array(z.string()), comments: z.number() })
  .transform(({ full_name: repository, author_login: author, ...row }) => ({ ...row, repository, author }));
/** An issue in a list. */
export type ListedIssue = z.output<typeof IssueRow>;

const ISSUES: Listing<ListedIssue> = {
  table: "issues",
  at: "updated_at",
  columns: `t.number, t.title, t.state, t.state_reason, t.author_login, r.full_name,
    ARRAY(SELECT l.name FROM issue_labels l WHERE l.issue_id = t.id ORDER BY l.name) AS labels,
    ARRAY(SELECT a.login FROM assignees a WHERE a.subject_type = 'issue' AND a.subject_id = t.id ORDER BY a.login) AS assignees,
    (SELECT count(*)::int FROM issue_comments c WHERE c.repository_id = t.repository_id AND c.issue_number = t.number
      AND c.deleted_at IS NULL) AS comments`,
  joins: "LEFT JOIN repositories r ON r.id = t.repository_id",
  row: IssueRow,
  repository: "repository_id",
  ownerless: false,
};

const DeploymentRow = z
  .object({
    id: z.coerce.bigint(),
    at: z.date(),
    sha: z.string(),
    ref: z.string(),
    environment: z.string(),
    task: z.string(),
    creator_login: name,
    production_environment: z.boolean().nullable(),
    full_name: name,
    description: name,
    status: z.object({ state: z.string(), description: name, at: z.coerce.date() }).nullable(),
  })
  .transform(({ full_name: repository, creator_login: creator, ...row }) => ({ ...row, repository, creator }));
/** A deployment in a list, with the latest of its statuses. */
export type ListedDeployment = z.output<typeof DeploymentRow>;

const DEPLOYMENTS: Listing<ListedDeployment> = {
  table: "deployments",
  at: "created_at",
  columns: `t.sha, t.ref, t.environment, t.task, t.creator_login, t.production_environment, t.description, r.full_name,
    (SELECT jsonb_build_object('state', s.state, 'description', s.description, 'at', s.created_at)
      FROM deployment_statuses s WHERE s.installation_id = t.installation_id AND s.deployment_id = t.id AND s.deleted_at IS NULL
      ORDER BY s.created_at DESC, s.id DESC LIMIT 1) AS status`,
  joins: "LEFT JOIN repositories r ON r.id = t.repository_id",
  row: DeploymentRow,
  repository: "repository_id",
  ownerless: false,
};

export interface SubjectFilter {
  readonly state?: string | undefined;
  readonly repository?: string | undefined;
  readonly author?: string | undefined;
  readonly label?: string | undefined;
  readonly text?: string | undefined;
  readonly number?: number | undefined;
}

export interface DeploymentFilter {
  readonly repository?: string | undefined;
  readonly environment?: string | undefined;
  readonly state?: string | undefined;
}

type Filters = { readonly exact: Condition[]; readonly filters: Condition[] };

function filtersOf({ state, repository, author, text, number }: SubjectFilter): Filters {
  return {
    exact: [
      { sql: "t.deleted_at IS NULL AND ?", value: true },
      ...(state === undefined ? [] : [{ sql: "t.state = ?", value: state }]),
      ...inRepository(repository),
      ...(number === undefined ? [] : [{ sql: "t.number = ?::int", value: number }]),
    ],
    filters: [
      ...(author === undefined ? [] : [{ sql: "lower(t.author_login) = lower(?)", value: author }]),
      ...(text === undefined ? [] : [{ sql: "t.title ILIKE ?", value: containing(text) }]),
    ],
  };
}

function inRepository(name: string | undefined): Condition[] {
  if (name === undefined) return [];
  return [{ sql: "t.repository_id IN (SELECT id FROM repositories WHERE lower(full_name) = lower(?))", value: name }];
}

function containing(text: string): string {
  return `%${text.replaceAll(/[%_\\]/g, "\\$&")}%`;
}

export function listPulls(sql: Sql, scope: Scope, filter: SubjectFilter, wanted: Wanted): Promise<Page<ListedPull>> {
  const { exact, filters } = filtersOf(filter);
  if (filter.label !== undefined)
    filters.push({
      sql: "EXISTS (SELECT FROM pull_request_labels l WHERE l.pull_request_id = t.id AND lower(l.name) = lower(?))",
      value: filter.label,
    });
  return listRows(sql, scope, PULLS, wanted, { exact, filters });
}

export function listIssues(sql: Sql, scope: Scope, filter: SubjectFilter, wanted: Wanted): Promise<Page<ListedIssue>> {
  const { exact, filters } = filtersOf(filter);
  if (filter.label !== undefined)
    filters.push({
      sql: "EXISTS (SELECT FROM issue_labels l WHERE l.issue_id = t.id AND lower(l.name) = lower(?))",
      value: filter.label,
    });
  return listRows(sql, scope, ISSUES, wanted, { exact, filters });
}

export function listDeployments(
  sql: Sql,
  scope: Scope,
  { repository, environment, state }: DeploymentFilter,
  wanted: Wanted,
): Promise<Page<ListedDeployment>> {
  const exact = [{ sql: "t.deleted_at IS NULL AND ?", value: true }, ...inRepository(repository)];
  const filters: Condition[] = [];
  if (environment !== undefined) filters.push({ sql: "lower(t.environment) = lower(?)", value: environment });
  if (state !== undefined)
    filters.push({
      sql: `? = (SELECT s.state FROM deployment_statuses s WHERE s.installation_id = t.installation_id AND s.deployment_id = t.id
        AND s.deleted_at IS NULL ORDER BY s.created_at DESC, s.id DESC LIMIT 1)`,
      value: state,
    });
  return listRows(sql, scope, DEPLOYMENTS, wanted, { exact, filters });
}
