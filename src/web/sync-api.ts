import { z } from "zod";
import type { RequestHandler } from "../http/server.js";
import type { Clock } from "../domain.js";
import { requestSync } from "../jobs/sync/request-sync.js";
import type { JobWakeUp } from "../store/jobs/wake-up.js";
import type { Store } from "../store/store.js";
import { ASKED_BY, latestRuns } from "../store/sync/runs.js";
import { assertActiveInstallation, assertInstallation } from "../store/tenants/assert-installation.js";
import { reportOf, type SyncReport } from "../sync/report.js";
import { SPOT_SUBJECT } from "../sync/survey/subject.js";
import { InstallationId, InstallationQuery } from "./installation-id.js";
import { readJson } from "./json.js";
import { type OperatorOptions, operatorPath } from "./operator.js";

export interface SyncApiOptions extends OperatorOptions {
  readonly store: Store;
  readonly clock: Clock;
  wake(wakeUps: readonly JobWakeUp[]): Promise<void>;
}

const PATH = "/api/integrations/github/sync";
const RUNS_SHOWN = 20;

const Wish = z.strictObject({
  installation: InstallationId,
  /** One repository `owner/name`, or `owner/name#number`. */
  repository: z.string().regex(SPOT_SUBJECT, "must be owner/name or owner/name#number").optional(),
  full: z.boolean().default(false),
});

/** `POST` asks for a sync (202, its report), `GET ?installation=` shows the latest runs. Both need the operator's token. */
export function createSyncApi(options: SyncApiOptions): RequestHandler {
  return operatorPath(options, PATH, {
    GET: async (url) => [200, { runs: await show(options, url) }],
    POST: async (_url, request) => [202, await ask(options, readJson(request))],
  });
}

async function show({ store, clock }: SyncApiOptions, url: URL): Promise<readonly SyncReport[]> {
  const { installation } = InstallationQuery.parse({ installation: url.searchParams.get("installation") });
  if (installation !== null) await assertInstallation(store.sql, installation);
  const runs = await latestRuns(store.sql, installation, RUNS_SHOWN);
  return Promise.all(runs.map((run) => reportOf(store.sql, run, clock.now())));
}

async function ask({ store, clock, wake }: SyncApiOptions, body: unknown): Promise<SyncReport> {
  const wish = Wish.parse(body);
  await assertActiveInstallation(store.sql, wish.installation);
  const mode = wish.repository === undefined ? (wish.full ? "full" : "incremental") : "spot";
  const { run, wakeUps } = await requestSync(
    { store, clock },
    { installationId: wish.installation, mode, subject: wish.repository ?? null, requestedBy: ASKED_BY.api },
  );
  await wake(wakeUps);
  return reportOf(store.sql, run, clock.now());
}
