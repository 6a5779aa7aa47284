import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock } from "../domain.js";
import type { Log } from "../log.js";
import type { Metrics } from "../telemetry/metrics.js";
import { readState } from "../store/read-state.js";
import type { Store } from "../store/store.js";
import { carriesToken } from "./admin-token.js";
import { answerJson } from "./json.js";
import type { RequestHandler } from "./server.js";

export interface MetricsOptions {
  readonly metrics: Metrics;
  readonly store: Pick<Store, "sql">;
  readonly clock: Clock;
  readonly log: Log;
  /** METRICS_TOKEN; without one everybody who reaches the port may read. */
  readonly token: string | undefined;
}

/** `GET /metrics`, in the text format of Prometheus. Without the database it still shows what this process has counted. */
export function createMetricsPage(options: MetricsOptions): RequestHandler {
  return (request, response) => {
    if (request.url?.split("?", 1)[0] !== "/metrics") return false;
    void answer(options, request, response);
    return true;
  };
}

async function answer(options: MetricsOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { metrics, store, clock, log, token } = options;
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.setHeader("allow", "GET, HEAD");
    return answerJson(response, 405, { error: "only GET" });
  }
  if (token !== undefined && !carriesToken(request, token)) {
    response.setHeader("www-authenticate", "Bearer");
    return answerJson(response, 401, { error: "the Authorization header must be 'Bearer <METRICS_TOKEN>'" });
  }
  const state = await readState(store.sql, clock.now()).catch((error: unknown) => {
    log.warn({ err: error }, "the state of the work could not be read for the metrics");
    return null;
  });
  const text = await metrics.text(state);
  response.writeHead(200, { "content-type": metrics.contentType, "cache-control": "no-store" });
  response.end(text);
}
