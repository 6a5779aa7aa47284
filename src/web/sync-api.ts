import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import type { Clock } from "../domain.js";
import { InvalidError } from "../errors.js";
import { requestSync } from "../jobs/sync/request-sync.js";
import type { Log } from "../log.js";
import type { ErrorTracker } from "../metrics/error-tracker.js";
import type { JobWakeUp } from "../store/jobs/wake-up.js";
import type { Store } from "../store/store.js";
import { latestRuns } from "../store/sync/runs.js";
import { tenantOf } from "../store/sync/repositories.js";
import { reportOf, type SyncReport } from "../sync/report.js";
import { carriesToken } from "./admin-token.js";
import { answerJson, readJson } from "./json.js";
import { answerUnexpected } from "./unexpected.js";
import type { RequestHandler } from "./server.js";

export interface SyncApiOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly errors: ErrorTracker;
  /** ADMIN_TOKEN; without one every request is refused. */
  readonly adminToken: string | undefined;
  wake(wakeUps: readonly JobWakeUp[]): Promise<void>;
}

const PATH = "/api/integrations/github/sync";
const RUNS_SHOWN = 20;

const installation = z.coerce.bigint().positive();
const Wish = z.strictObject({
  installation,
  /** One repository `owner/name`, or `owner/name#number`. */
  repository: z
    .string()
    .regex(/^[\w.-]+\/[\w.-]+(#\d+)?$/, "must be owner/name or owner/name#number")
    .optional(),
  full: z.boolean().default(false),
});

/** `POST` asks for a sync (202, its report), `GET ?installation=` shows the latest runs. Both need the operator's token. */
export function createSyncApi(options: SyncApiOptions): RequestHandler {
  return (request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    if (url.pathname !== PATH) return false;
    void answer(options, request, response, url);
    return true;
  };
}

async function answer(
  options: SyncApiOptions,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  try {
    const { adminToken } = options;
    if (!adminToken) answerJson(response, 403, { error: "no ADMIN_TOKEN is set; set it to use this API" });
    else if (!carriesToken(request, adminToken)) {
      response.setHeader("www-authenticate", "Bearer");
      answerJson(response, 401, { error: "the Authorization header must be 'Bearer <ADMIN_TOKEN>'" });
    } else if (request.method === "GET") answerJson(response, 200, { runs: await show(options, url) });
    else if (request.method === "POST") answerJson(response, 202, await ask(options, await readJson(request)));
    else {
      response.setHeader("allow", "GET, POST");
      answerJson(response, 405, { error: "only GET and POST" });
    }
  } catch (error) {
    if (error instanceof z.ZodError) answerJson(response, 400, { error: z.prettifyError(error) });
    else if (error instanceof InvalidError) answerJson(response, 400, { error: error.message });
    else answerUnexpected(options, response, error, PATH);
  }
}

async function show({ store, clock }: SyncApiOptions, url: URL): Promise<readonly SyncReport[]> {
  const given = url.searchParams.get("installation");
  const runs = await latestRuns(store.sql, given === null ? null : installation.parse(given), RUNS_SHOWN);
  return Promise.all(runs.map((run) => reportOf(store.sql, run, clock.now())));
}

async function ask({ store, clock, wake }: SyncApiOptions, body: unknown): Promise<SyncReport> {
  const wish = Wish.parse(body);
  if (!(await tenantOf(store.sql, wish.installation)))
    throw new InvalidError(`installation ${wish.installation} is not known`);
  const mode = wish.repository === undefined ? (wish.full ? "full" : "incremental") : "spot";
  const { run, wakeUps } = await requestSync(
    { store, clock },
    { installationId: wish.installation, mode, subject: wish.repository ?? null, requestedBy: "API" },
  );
  await wake(wakeUps);
  return reportOf(store.sql, run, clock.now());
}
