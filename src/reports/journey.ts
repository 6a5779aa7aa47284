// The way of one pull request to its environments: SQL by hand, since commits, deployments and deliveries are joined by SHA.
import { z } from "zod";
import { commitsBetween } from "../store/deployments/range.js";
import { environmentsNow, STATE_OF } from "../store/deployments/environments.js";
import type { Sql } from "../store/store.js";

/** One thing that happened to a change on its way, and the delivery that proves it. */
export interface Step {
  /** Null: it has not happened. */
  readonly at: Date | null;
  readonly what: string;
  /** Null: no delivery told of it; a read of GitHub did. */
  readonly guid: string | null;
  readonly deployment: bigint | null;
  /** Of a deployment: whether the change runs in the environment now; null: not known. */
  readonly live: boolean | null;
}

const Pull = z.object({
  full_name: z.string(),
  head_ref: z.string(),
  head_sha: z.string(),
  base_sha: z.string(),
  merge_commit_sha: z.string().nullable(),
  merged: z.boolean(),
  merged_at: z.date().nullable(),
  created_at: z.date(),
});
type Pull = z.infer<typeof Pull>;

const PULL = `
SELECT r.full_name, p.head_ref, p.head_sha, p.base_sha, p.merge_commit_sha, p.merged, p.merged_at, p.created_at
FROM pull_requests p JOIN repositories r ON r.id = p.repository_id
WHERE p.repository_id = $1 AND p.number = $2 AND p.deleted_at IS NULL ORDER BY p.id DESC LIMIT 1`;

/** How many deployments after the merge are searched for the change, in each environment. */
const SEARCHED = 30;

const SUCCEEDED = `
SELECT d.id::text AS id, d.sha, s.succeeded_at FROM deployments d CROSS JOIN LATERAL (${STATE_OF}) s
WHERE d.repository_id = $1 AND d.environment = $2 AND d.deleted_at IS NULL AND s.state = 'success'
  AND d.created_at > $3::timestamptz - interval '1 day'
ORDER BY s.succeeded_at, d.id LIMIT ${SEARCHED}`;
const Succeeded = z.object({ id: z.coerce.bigint(), sha: z.string(), succeeded_at: z.date() });
type Succeeded = z.infer<typeof Succeeded>;

const DELIVERY = `
SELECT guid FROM deliveries WHERE repository_id = $1 AND subject = $2 AND event = $3 AND ($4::text IS NULL OR action = $4)
  AND ($5::jsonb IS NULL OR outcome -> 'facts' @> $5::jsonb) AND status <> 'duplicate' ORDER BY id LIMIT 1`;

/** From the first commit to the environments, in order. Empty: no such pull request is stored. */
export async function journeyOf(sql: Sql, repositoryId: bigint, number: number): Promise<readonly Step[]> {
  const [row] = await sql.query(PULL, [repositoryId, number]);
  if (row === undefined) return [];
  const pull = Pull.parse(row);
  const guidOf = async (subject: string, event: string, action: string | null, fact: object | null) => {
    const facts = fact === null ? null : JSON.stringify([fact]);
    const [told] = await sql.query(DELIVERY, [repositoryId, subject, event, action, facts]);
    return told === undefined ? null : String(told["guid"]);
  };
  const subject = `pull_request:${number}`;
  const steps: Step[] = [];
  const note = (step: Pick<Step, "at" | "what" | "guid"> & Partial<Step>): void =>
    void steps.push({ deployment: null, live: null, ...step });

  const first = await firstCommit(sql, repositoryId, pull);
  if (first !== null) {
    const fact = { entity: "commit", key: `${pull.full_name}@${first.sha.slice(0, 7)}` };
    const guid = await guidOf(`push:refs/heads/${pull.head_ref}`, "push", null, fact);
    note({ at: first.at, what: `first commit ${first.sha.slice(0, 7)}`, guid });
  }
  note({ at: pull.created_at, what: "opened", guid: await guidOf(subject, "pull_request", "opened", null) });
  const target = pull.merged ? (pull.merge_commit_sha ?? pull.head_sha) : pull.head_sha;
  if (pull.merged)
    note({
      at: pull.merged_at,
      what: `merged as ${target.slice(0, 7)}`,
      guid: await guidOf(subject, "pull_request", "closed", null),
    });
  for (const { environment, live } of await environmentsNow(sql, { repository: pull.full_name })) {
    const found = await arrival(sql, repositoryId, environment, pull, target);
    if (found === null) {
      if (pull.merged) note({ at: null, what: `not deployed to ${environment}`, guid: null });
      continue;
    }
    const isLive = live === null ? null : live.id === found.id || (await contains(sql, repositoryId, target, live.sha));
    const fact = { entity: "deployment_status", key: await successOf(sql, pull.full_name, found.id) };
    note({
      at: found.succeeded_at,
      what: `deployed to ${environment} with ${found.sha.slice(0, 7)}, ${liveWords(isLive)}`,
      guid: await guidOf(`deployment:${found.id}`, "deployment_status", null, fact),
      deployment: found.id,
      live: isLive,
    });
  }
  return steps.toSorted((a, b) => (a.at?.getTime() ?? Infinity) - (b.at?.getTime() ?? Infinity));
}

function liveWords(isLive: boolean | null): string {
  if (isLive === null) return "not known whether it is live";
  return isLive ? "live now" : "not live any more";
}

/** The earliest commit of its branch; null: none is stored. */
async function firstCommit(sql: Sql, repositoryId: bigint, pull: Pull) {
  const { commits } = await commitsBetween(sql, repositoryId, pull.base_sha, pull.head_sha);
  return commits.reduce<{ readonly sha: string; readonly at: Date } | null>(
    (first, { sha, authoredAt, committedAt }) => {
      const at = authoredAt ?? committedAt;
      return at !== null && (first === null || at < first.at) ? { sha, at } : first;
    },
    null,
  );
}

/** The first successful deployment of the environment that has the change; null: none is known. */
async function arrival(
  sql: Sql,
  repositoryId: bigint,
  environment: string,
  { head_sha: head, created_at: created }: Pull,
  target: string,
): Promise<Succeeded | null> {
  const rows = await sql.query(SUCCEEDED, [repositoryId, environment, created]);
  for (const candidate of rows.map((row) => Succeeded.parse(row)))
    if (candidate.sha === head || (await contains(sql, repositoryId, target, candidate.sha)) === true) return candidate;
  return null;
}

/** Whether a deployed commit has another one in its history; null: the mirror cannot tell. */
async function contains(sql: Sql, repositoryId: bigint, sha: string, deployed: string): Promise<boolean | null> {
  const { relation } = await commitsBetween(sql, repositoryId, sha, deployed);
  if (relation === "unknown") return null;
  return relation === "ahead" || relation === "identical";
}

/** The key of the fact by which a delivery told of the deployment's first success. */
async function successOf(sql: Sql, fullName: string, id: bigint): Promise<string> {
  const [row] = await sql.query(
    `SELECT id::text AS id FROM deployment_statuses WHERE deployment_id = $1 AND state = 'success' AND deleted_at IS NULL
     ORDER BY created_at, id LIMIT 1`,
    [id],
  );
  return `${fullName} deployment ${id} status ${row === undefined ? "" : String(row["id"])}`;
}
