/** The role of a request's transaction: it cannot log in, owns no table, and is bound by row-level security. */
export const WEB_ROLE = "companyos_web";

/** The settings that `readAs` makes for one transaction, and that the policies read. */
export const SETTINGS = {
  /** Installations that the viewer can see. */
  installations: "companyos.installations",
  /** Installations whose account the viewer administers: the viewer also sees rows without a repository. */
  administered: "companyos.administered",
  /** Installations of which the viewer sees every repository. */
  everything: "companyos.everything",
  /** Single visible repositories of the other installations. */
  repositories: "companyos.repositories",
  /** `on`: the viewer also sees rows without an installation. */
  operator: "companyos.operator",
} as const;

/** A list of ids in a setting. An empty or missing setting gives null, and the policy then shows no rows. */
export const IDS_FUNCTION = `CREATE OR REPLACE FUNCTION companyos_ids(setting text) RETURNS bigint[]
  LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT string_to_array(NULLIF(current_setting(setting, true), ''), ',')::bigint[] $$`;

// PostgreSQL computes a subquery without outer references once for each query, not for each row.
const oneOf = (column: string, setting: keyof typeof SETTINGS): string =>
  `${column} = ANY ((SELECT companyos_ids('${SETTINGS[setting]}'))::bigint[])`;
const OPERATOR = `(SELECT current_setting('${SETTINGS.operator}', true)) = 'on'`;
const VISIBLE = oneOf("installation_id", "installations");
const ADMINISTERED = `(${oneOf("installation_id", "administered")} OR (installation_id IS NULL AND ${OPERATOR}))`;
const EVERYTHING = oneOf("installation_id", "everything");

/** Hashed once, however many repositories there are. */
const repositoryIn = (column: string): string =>
  `${column} IN (SELECT unnest(companyos_ids('${SETTINGS.repositories}')))`;

const ofRepository = (column: string): string => `(${EVERYTHING} OR ${repositoryIn(column)})`;
const ofParent = (table: string, column: string): string =>
  `(${EVERYTHING} OR EXISTS (SELECT 1 FROM ${table} parent WHERE parent.id = ${column}))`;

/** Tables whose rows do not carry their own installation or repository. */
const SPECIAL: Readonly<Record<string, string>> = {
  installations: oneOf("id", "installations"),
  repositories: ofRepository("id"),
  users: VISIBLE,
  pull_request_labels: ofParent("pull_requests", "pull_request_id"),
  review_requests: ofParent("pull_requests", "pull_request_id"),
  linked_issues: ofParent("pull_requests", "pull_request_id"),
  issue_labels: ofParent("issues", "issue_id"),
  assignees: `(${EVERYTHING}
    OR (subject_type = 'issue' AND EXISTS (SELECT 1 FROM issues parent WHERE parent.id = subject_id))
    OR (subject_type = 'pull_request' AND EXISTS (SELECT 1 FROM pull_requests parent WHERE parent.id = subject_id)))`,
  delivery_bodies: "EXISTS (SELECT 1 FROM deliveries parent WHERE parent.guid = delivery_bodies.guid)",
  // Ended jobs may name their repository only in their key, so a job is visible with its delivery or agent run.
  jobs: `(${ADMINISTERED} OR EXISTS (SELECT 1 FROM deliveries parent WHERE parent.guid = delivery_guid)
    OR EXISTS (SELECT 1 FROM agent_runs run WHERE run.job_id = jobs.id))`,
  rate_budgets: VISIBLE,
  // A run of one repository names it.
  sync_runs: `(${ADMINISTERED} OR (${VISIBLE} AND subject IS NULL)
    OR EXISTS (SELECT 1 FROM repositories its WHERE its.full_name = split_part(subject, '#', 1)
      AND its.installation_id = sync_runs.installation_id))`,
  app_settings: OPERATOR,
};

export interface ProtectedTable {
  readonly name: string;
  readonly columns: ReadonlySet<string>;
}

/**
 * The rows of a table that a request sees, or null for a table that no request reads (the web role has no right on it).
 * The default is closed: in a table without a repository column, only admins see the rows.
 */
export function policyOf({ name, columns }: ProtectedTable): string | null {
  const special = SPECIAL[name];
  if (special !== undefined) return special;
  if (!columns.has("installation_id")) return null;
  if (!columns.has("repository_id")) return ADMINISTERED;
  return `CASE WHEN COALESCE(repository_id, 0) = 0 THEN ${ADMINISTERED} ELSE ${ofRepository("repository_id")} END`;
}
