/** How the rows of a table belong to a repository. */
type ByRepository =
  | { readonly column: "repository_id" }
  /** Through its parent's row. */
  | { readonly parent: "pull_requests" | "issues"; readonly column: string; readonly where?: string };

interface TenantTable {
  readonly table: string;
  /** Null: the rows belong to the installation only, or stay when a repository moves. */
  readonly moves: readonly ByRepository[];
}

const OWN = [{ column: "repository_id" }] as const;

/**
 * Every table with rows of a tenant, parents first. An export writes and a purge deletes these tables. A test compares
 * the list with the database's catalogue.
 */
export const TENANT_TABLES: readonly TenantTable[] = [
  { table: "repositories", moves: [] },
  { table: "users", moves: [] },
  { table: "labels", moves: OWN },
  { table: "pull_requests", moves: OWN },
  { table: "pull_request_labels", moves: [{ parent: "pull_requests", column: "pull_request_id" }] },
  { table: "review_requests", moves: [{ parent: "pull_requests", column: "pull_request_id" }] },
  { table: "reviews", moves: OWN },
  { table: "linked_issues", moves: [{ parent: "pull_requests", column: "pull_request_id" }] },
  { table: "issues", moves: OWN },
  { table: "issue_labels", moves: [{ parent: "issues", column: "issue_id" }] },
  {
    table: "assignees",
    moves: [
      { parent: "issues", column: "subject_id", where: "t.subject_type = 'issue'" },
      { parent: "pull_requests", column: "subject_id", where: "t.subject_type = 'pull_request'" },
    ],
  },
  { table: "issue_comments", moves: OWN },
  { table: "pushes", moves: OWN },
  { table: "commits", moves: OWN },
  { table: "deployments", moves: OWN },
  { table: "deployment_statuses", moves: OWN },
  { table: "reported_deployments", moves: OWN },
  { table: "releases", moves: OWN },
  { table: "deliveries", moves: [] },
  { table: "drift_ledger", moves: [] },
  { table: "health_checks", moves: [] },
  { table: "jobs", moves: [] },
  { table: "effects", moves: [] },
  { table: "agent_runs", moves: OWN },
  { table: "findings", moves: OWN },
  { table: "finding_feedback", moves: OWN },
  { table: "commands", moves: OWN },
  { table: "review_readings", moves: OWN },
  { table: "repository_settings", moves: OWN },
  { table: "issue_openings", moves: OWN },
  { table: "label_acts", moves: OWN },
  { table: "label_models", moves: OWN },
  { table: "triage_answers", moves: OWN },
  { table: "deploy_locks", moves: OWN },
  { table: "model_usage", moves: OWN },
  { table: "sync_runs", moves: [] },
  { table: "sync_cursors", moves: [] },
  { table: "rate_budgets", moves: [] },
  { table: "alerts", moves: [] },
  { table: "alert_notices", moves: [] },
  { table: "audit_log", moves: [] },
  { table: "events", moves: [] },
  { table: "event_dead_letters", moves: [] },
];
