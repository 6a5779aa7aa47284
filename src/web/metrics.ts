import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock } from "../domain.js";
import { pathOf } from "../http/request-path.js";
import { shared } from "../http/shared.js";
import type { RequestHandler } from "../http/server.js";
import type { Log } from "../log.js";
import type { Metrics } from "../telemetry/metrics.js";
import { readState } from "../store/read-state.js";
import type { Store } from "../store/store.js";
import { carriesToken } from "./admin-token.js";
import { answerJson } from "./json.js";

export interface MetricsOptions {
  readonly metrics: Metrics;
  readonly store: Pick<Store, "sql">;
  readonly clock: Clock;
  readonly log: Log;
  /** METRICS_TOKEN; without it everybody who reaches the port can read the metrics. */
  readonly token: string | undefined;
}

/**
 * `GET /metrics` in Prometheus' text format. Without the database it shows only this process's own counts. Requests
 * within a second get the same text.
 */
export function createMetricsPage({ metrics, store, clock, log, token }: MetricsOptions): RequestHandler {
  const page = shared(async () => {
    const state = await readState(store.sql, clock.now()).catch((error: unknown) => {
      log.warn({ err: error }, "metrics could not be read from the database");
      return null;
    });
    return Buffer.from(await metrics.text(state));
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== "GET" && request.method !== "HEAD") {
      response.setHeader("allow", "GET, HEAD");
      return answerJson(response, 405, { error: "only GET" });
    }
    if (token !== undefined && !carriesToken(request, token)) {
      response.setHeader("www-authenticate", "Bearer");
      return answerJson(response, 401, { error: "the Authorization header must be 'Bearer <METRICS_TOKEN>'" });
    }
    const text = await page();
    response.writeHead(200, {
      "content-type": metrics.contentType,
      "content-length": text.length,
      "cache-control": "no-store",
    });
    response.end(text);
  }

  return (request, response) => {
    if (pathOf(request) !== "/metrics") return false;
    void answer(request, response);
    return true;
  };
}
