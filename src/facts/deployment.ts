import { z } from "zod";
import type { DeploymentFact, DeploymentStatusFact, Fact } from "./fact.js";
import type { DeploymentPayload } from "./rows.js";
import { id, ifReadable, instant, orNull, text, textOrNothing } from "./scalars.js";
import type { Scope } from "./scope.js";
import { Author, userFacts } from "./user.js";

export const DeploymentBody = z.object({
  id,
  node_id: ifReadable(z.string()),
  sha: z.string(),
  ref: z.string(),
  task: ifReadable(z.string()),
  environment: orNull(z.string()),
  original_environment: ifReadable(z.string()),
  production_environment: orNull(z.boolean()),
  transient_environment: orNull(z.boolean()),
  description: ifReadable(text),
  creator: Author,
  payload: ifReadable(z.union([z.string(), z.record(z.string(), z.unknown())])),
  performed_via_github_app: ifReadable(z.object({ slug: ifReadable(z.string()) })),
  created_at: instant,
  updated_at: instant,
});
export type DeploymentBody = z.infer<typeof DeploymentBody>;

export const DeploymentStatusBody = z.object({
  id,
  node_id: ifReadable(z.string()),
  state: z.string(),
  description: textOrNothing,
  environment: orNull(z.string()),
  target_url: textOrNothing,
  log_url: textOrNothing,
  environment_url: textOrNothing,
  creator: Author,
  created_at: instant,
  updated_at: instant,
});
export type DeploymentStatusBody = z.infer<typeof DeploymentStatusBody>;

/** Data that only deliveries contain: the GitHub Actions job that created the deployment or set the status. */
export const ByActions = z.object({
  workflow: ifReadable(z.object({ path: ifReadable(z.string()), name: ifReadable(text) })),
  workflow_run: ifReadable(z.object({ id })),
  check_run: ifReadable(z.object({ id })),
});
export type ByActions = Partial<z.infer<typeof ByActions>>;

/** How much of a payload is stored (bytes of JSON); GitHub documents no limit. */
const PAYLOAD_BYTES = 16 * 1024;
const SHORT = 200;
const FIELDS = 50;

/** A large payload keeps only short values at its top level, where marks such as `hotfix` are. */
export function boundedPayload(payload: DeploymentPayload | null): DeploymentPayload | null {
  if (payload === null || payload === "") return null;
  if (Buffer.byteLength(JSON.stringify(payload)) <= PAYLOAD_BYTES) return payload;
  if (typeof payload === "string") return null;
  const short = Object.entries(payload).filter(
    ([name, value]) =>
      name.length <= SHORT && typeof value !== "object" && (typeof value !== "string" || value.length <= SHORT),
  );
  return Object.fromEntries(short.slice(0, FIELDS));
}

/** A deployment and its creator. */
export function deploymentFacts(body: DeploymentBody, scope: Scope, by: ByActions = {}): Fact[] {
  const deployment: DeploymentFact = {
    entity: "deployment",
    key: `${scope.repository} deployment ${body.id}`,
    observedAt: scope.observedAt,
    deleted: false,
    row: {
      id: body.id,
      repository_id: scope.repositoryId,
      node_id: body.node_id,
      sha: body.sha,
      ref: body.ref,
      task: body.task ?? "deploy",
      environment: body.environment ?? "production",
      original_environment: body.original_environment,
      production_environment: body.production_environment,
      transient_environment: body.transient_environment,
      description: body.description,
      creator_id: body.creator?.id ?? null,
      creator_login: body.creator?.login ?? null,
      payload: boundedPayload(body.payload),
      performed_via_github_app: body.performed_via_github_app?.slug ?? null,
      workflow: by.workflow?.path ?? by.workflow?.name ?? null,
      workflow_run_id: by.workflow_run?.id ?? null,
      created_at: body.created_at,
      updated_at: body.updated_at,
    },
  };
  return [...userFacts([body.creator], scope.observedAt ?? body.updated_at), deployment];
}

/** One status of a deployment and its creator. */
export function deploymentStatusFacts(
  body: DeploymentStatusBody,
  deploymentId: number,
  scope: Scope,
  by: ByActions = {},
): Fact[] {
  const status: DeploymentStatusFact = {
    entity: "deployment_status",
    key: `${scope.repository} deployment ${deploymentId} status ${body.id}`,
    observedAt: scope.observedAt,
    deleted: false,
    row: {
      id: body.id,
      repository_id: scope.repositoryId,
      deployment_id: deploymentId,
      node_id: body.node_id,
      state: body.state,
      description: body.description,
      environment: body.environment,
      target_url: body.target_url,
      log_url: body.log_url,
      environment_url: body.environment_url,
      creator_login: body.creator?.login ?? null,
      check_run_id: by.check_run?.id ?? null,
      created_at: body.created_at,
      updated_at: body.updated_at,
    },
  };
  return [...userFacts([body.creator], scope.observedAt ?? body.updated_at), status];
}
