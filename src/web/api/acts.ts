import { z } from "@hono/zod-openapi";
import type { Clock } from "../../domain.js";
import { replayOne } from "../../jobs/replay.js";
import { requestSync } from "../../jobs/sync/request-sync.js";
import type { JobWakeUp } from "../../store/jobs/wake-up.js";
import { recordAct } from "../../store/people/audit.js";
import type { Sql, Store } from "../../store/store.js";
import { ASKED_BY, latestRuns } from "../../store/sync/runs.js";
import { assertActiveInstallation } from "../../store/tenants/assert-installation.js";
import { reportOf } from "../../sync/report.js";
import { SPOT_SUBJECT } from "../../sync/survey/subject.js";
import { actorOf, scopeOf, type Viewer } from "../viewer.js";
import { assertAdmin, narrowed } from "./access.js";
import { type Api, endpoint, NONE } from "./endpoint.js";
import { ProblemError } from "./problem.js";
import { Id, InstallationId, InstallationOnly, Time } from "./schemas.js";
import { Guid } from "./state.js";

export interface ActsOptions {
  readonly store: Store;
  readonly clock: Clock;
  wakeJobs(wakeUps: readonly JobWakeUp[]): Promise<void>;
  wakeDeliveries(ids: readonly string[]): Promise<void>;
}

const name = z.string().nullable();
const count = z.number();
const SyncRun = z
  .object({
    id: Id,
    installationId: Id,
    mode: z.string(),
    subject: name,
    requestedBy: z.string(),
    status: z.string(),
    reason: name,
    startedAt: Time.nullable(),
    finishedAt: Time.nullable(),
    resumesAt: Time.nullable(),
    workedMs: count,
    etaMs: count.nullable(),
    pages: count,
    rowsWritten: count,
    rowsUnchanged: count,
    points: count,
    requests: count,
    entities: z.array(z.record(z.string(), z.unknown())),
    warnings: z.array(z.record(z.string(), z.unknown())),
  })
  .openapi("SyncRun");

const RUNS_SHOWN = 20;
const REFUSED = {
  unknown: "is not stored",
  unfinished: "is not finished: a worker is processing it, or will",
  "no-body": "cannot be replayed: its body was deleted after BODY_RETENTION_DAYS. GitHub can redeliver for three days",
  duplicate: "is a duplicate: replay the first one",
} as const;

/** The actions of admins, and the sync runs. */
export function addActs(api: Api, options: ActsOptions): void {
  const { store, clock } = options;
  endpoint(api, {
    method: "get",
    path: "/sync",
    summary: "The latest sync runs",
    query: InstallationOnly,
    params: NONE,
    body: NONE,
    answer: z.object({ runs: z.array(SyncRun) }).openapi("SyncRuns"),
    async handle({ query, viewer }) {
      const only = query.installation === undefined ? null : BigInt(query.installation);
      const runs = await store.readAs(
        { ...narrowed(viewer, query.installation), operator: viewer.operator },
        async ({ sql }) => {
          const reports = [];
          for (const run of await latestRuns(sql, only, RUNS_SHOWN))
            reports.push(await reportOf(sql, run, clock.now()));
          return reports;
        },
      );
      return z.object({ runs: z.array(SyncRun) }).parse({ runs });
    },
  });

  endpoint(api, {
    method: "post",
    path: "/sync",
    summary: "Request a sync of an installation, a repository, an issue or a pull request",
    query: NONE,
    params: NONE,
    body: z.strictObject({
      installation: InstallationId,
      repository: z.string().regex(SPOT_SUBJECT, "must be owner/name or owner/name#number").optional(),
      full: z.boolean().default(false),
    }),
    answer: SyncRun,
    status: 202,
    async handle({ body, viewer }) {
      const installationId = BigInt(body.installation);
      assertAdmin(viewer, installationId);
      await assertActiveInstallation(store.sql, installationId);
      const mode = body.repository === undefined ? (body.full ? "full" : "incremental") : "spot";
      const subject = body.repository ?? null;
      const { run, wakeUps } = await requestSync(
        { store, clock },
        { installationId, mode, subject, requestedBy: ASKED_BY.api },
      );
      await act(store.sql, viewer, clock.now(), installationId, "sync.request", subject ?? mode);
      await options.wakeJobs(wakeUps);
      return SyncRun.parse(await reportOf(store.sql, run, clock.now()));
    },
  });

  endpoint(api, {
    method: "post",
    path: "/deliveries/{guid}/replay",
    summary: "Process a stored delivery again",
    query: NONE,
    params: Guid,
    body: NONE,
    answer: z.object({ guid: z.string(), requeuedJobs: z.int() }).openapi("Replay"),
    status: 202,
    also: { 409: "The delivery cannot be replayed now" },
    async handle({ params: { guid }, viewer }) {
      const found = await store.readAs(scopeOf(viewer), ({ prisma }) =>
        prisma.delivery.findUnique({ where: { guid }, select: { installation_id: true } }),
      );
      if (found === null) throw new ProblemError(404, `You see no delivery with the GUID ${guid}.`);
      assertAdmin(viewer, found.installation_id);
      const replayed = await replayOne({ ...options, store, clock }, guid);
      if (replayed.status !== "replayed")
        throw new ProblemError(409, `The delivery ${guid} ${REFUSED[replayed.status]}.`);
      await act(store.sql, viewer, clock.now(), found.installation_id, "delivery.replay", guid);
      return { guid, requeuedJobs: replayed.requeued.length };
    },
  });
}

/** Records a viewer's action. */
export function act(
  sql: Sql,
  viewer: Viewer,
  now: Date,
  installationId: bigint | null,
  action: string,
  target: string,
): Promise<void> {
  return recordAct(sql, { installationId, ...actorOf(viewer), action, target }, now);
}
