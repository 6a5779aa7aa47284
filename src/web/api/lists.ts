import { z } from "@hono/zod-openapi";
import { listRuns } from "../../reports/agent-runs.js";
import { listDeliveries } from "../../reports/deliveries.js";
import { type Page, readCursor, type Wanted } from "../../reports/listing.js";
import { listDeployments, listIssues, listPulls } from "../../reports/subjects.js";
import type { Reading } from "../../store/read-as.js";
import type { Scope } from "../../store/scope.js";
import type { Store } from "../../store/store.js";
import { narrowed } from "./access.js";
import { type Api, endpoint, NONE } from "./endpoint.js";
import { Id, iso, pageOf, Paging, RepositoryName, Text, Time } from "./schemas.js";

const name = z.string().nullable();
const Shared = {
  id: Id,
  repository: name,
  number: z.int(),
  title: z.string(),
  state: z.string(),
  author: name,
  labels: z.array(z.string()),
  updatedAt: Time,
};
const SubjectFilter = z.object({
  state: z.enum(["open", "closed"]).optional(),
  repository: RepositoryName.optional(),
  author: Text,
  label: Text,
  text: Text,
});
const number = z.coerce.number().int().positive().optional();

const Pull = z
  .object({
    ...Shared,
    draft: z.boolean(),
    merged: z.boolean(),
    headSha: z.string(),
    checks: name,
    openFindings: z.int(),
    review: z.object({ status: z.string(), skipped: name, reason: z.string(), shadow: z.boolean() }).nullable(),
  })
  .openapi("PullRequest");
const Issue = z
  .object({ ...Shared, stateReason: name, assignees: z.array(z.string()), comments: z.int() })
  .openapi("Issue");
const Deployment = z
  .object({
    id: Id,
    repository: name,
    environment: z.string(),
    ref: z.string(),
    sha: z.string(),
    task: z.string(),
    creator: name,
    production: z.boolean().nullable(),
    status: z.object({ state: z.string(), description: name, at: Time }).nullable(),
    createdAt: Time,
  })
  .openapi("Deployment");
const Delivery = z
  .object({
    guid: z.string(),
    event: z.string(),
    action: name,
    repository: name,
    subject: name,
    sender: name,
    status: z.string(),
    reason: name,
    error: name,
    attempts: z.int(),
    bytes: z.int(),
    duplicateOf: name,
    receivedAt: Time,
    processedAt: Time.nullable(),
  })
  .openapi("Delivery");
const Run = z
  .object({
    id: Id,
    agent: z.string(),
    repository: name,
    number: z.int().nullable(),
    headSha: name,
    trigger: z.string(),
    status: z.string(),
    skipped: name,
    reason: z.string(),
    shadow: z.boolean(),
    findings: z.int(),
    durationMs: z.int(),
    createdAt: Time,
  })
  .openapi("AgentRun");

interface Listed<F extends z.ZodObject, R extends z.ZodType, Row> {
  readonly path: string;
  readonly summary: string;
  readonly name: string;
  readonly item: R;
  readonly filter: F;
  read(reading: Reading, scope: Scope, filter: z.output<F>, wanted: Wanted): Promise<Page<Row>>;
  show(row: Row): z.input<R>;
}

function list<F extends z.ZodObject, R extends z.ZodType, Row>(
  api: Api,
  store: Store,
  { path, summary, name: named, item, filter, read, show }: Listed<F, R, Row>,
): void {
  endpoint(api, {
    method: "get",
    path,
    summary,
    query: z.strictObject({ ...Paging.shape, ...filter.shape }),
    params: NONE,
    body: NONE,
    answer: pageOf(named, item),
    async handle({ query, viewer }) {
      const { installation, limit, cursor } = Paging.parse(query);
      const scope = narrowed(viewer, installation);
      const wanted = { limit, cursor: cursor === undefined ? null : readCursor(cursor), order: "newest" } as const;
      const asked = z.object(filter.shape).parse(query);
      const page = await store.readAs(scope, (reading) => read(reading, scope, filter.parse(asked), wanted));
      return { items: page.rows.map(show), next: page.next, searchedTo: iso(page.searchedTo) };
    },
  });
}

/** The lists of the dashboard, page by page. */
export function addLists(api: Api, store: Store): void {
  list(api, store, {
    path: "/pulls",
    summary: "Pull requests, the latest change first",
    name: "PullRequestPage",
    item: Pull,
    filter: SubjectFilter.extend({ number }),
    read: ({ sql }, scope, filter, wanted) => listPulls(sql, scope, filter, wanted),
    show: ({ id, at, head_sha, checks_state, open_findings, run, ...pull }) => ({
      ...pull,
      id: String(id),
      headSha: head_sha,
      checks: checks_state,
      openFindings: open_findings,
      review: run,
      updatedAt: iso(at),
    }),
  });
  list(api, store, {
    path: "/issues",
    summary: "Issues, the latest change first",
    name: "IssuePage",
    item: Issue,
    filter: SubjectFilter.extend({ number }),
    read: ({ sql }, scope, filter, wanted) => listIssues(sql, scope, filter, wanted),
    show: ({ id, at, state_reason, ...issue }) => ({
      ...issue,
      id: String(id),
      stateReason: state_reason,
      updatedAt: iso(at),
    }),
  });
  list(api, store, {
    path: "/deployments",
    summary: "Deployments with the latest of their statuses, the newest first",
    name: "DeploymentPage",
    item: Deployment,
    filter: z.object({ repository: RepositoryName.optional(), environment: Text, state: Text }),
    read: ({ sql }, scope, filter, wanted) => listDeployments(sql, scope, filter, wanted),
    show: ({ id, at, production_environment, status, ...deployment }) => ({
      ...deployment,
      id: String(id),
      production: production_environment,
      status: status && { ...status, at: iso(status.at) },
      createdAt: iso(at),
    }),
  });
  list(api, store, {
    path: "/deliveries",
    summary: "Deliveries, the newest first",
    name: "DeliveryPage",
    item: Delivery,
    filter: z.object({
      event: Text,
      action: Text,
      repository: RepositoryName.optional(),
      number,
      guid: z.guid().optional(),
      sender: Text,
      status: Text,
      text: Text,
      from: Time.optional(),
      to: Time.optional(),
    }),
    read: ({ sql }, scope, { status, from, to, ...filter }, wanted) =>
      listDeliveries(
        sql,
        scope,
        {
          ...filter,
          status: status?.split(","),
          from: from === undefined ? undefined : new Date(from),
          to: to === undefined ? undefined : new Date(to),
        },
        wanted,
      ),
    show: ({ at, body_bytes, duplicate_of, processed_at, sender_login, ...delivery }) => ({
      ...delivery,
      sender: sender_login,
      bytes: body_bytes,
      duplicateOf: duplicate_of,
      receivedAt: iso(at),
      processedAt: iso(processed_at),
    }),
  });
  list(api, store, {
    path: "/agents/runs",
    summary: "What the agents decided and why, the newest first",
    name: "AgentRunPage",
    item: Run,
    filter: z.object({ agent: Text, repository: RepositoryName.optional(), status: Text, text: Text }),
    read: ({ sql }, scope, filter, wanted) => listRuns(sql, scope, filter, wanted),
    show: ({ id, at, head_sha, duration_ms, found, ...run }) => ({
      ...run,
      id: String(id),
      headSha: head_sha,
      findings: found,
      durationMs: duration_ms,
      createdAt: iso(at),
    }),
  });
}
