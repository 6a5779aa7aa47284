import type { Clock } from "../domain.js";
import { messageOf } from "../errors.js";
import { reportOf } from "../health/report.js";
import { HEALTH_EVERY_MS } from "../host/health.js";
import { redact } from "../log.js";
import { readChecks } from "../store/health/standings.js";
import type { Sql } from "../store/store.js";
import { type Finding, ok, problem, unknown } from "./check.js";

const CHECK = "workers";

/** Whether a worker runs: workers make a health check every few minutes. */
export async function checkWorkers(sql: Sql, clock: Clock): Promise<Finding> {
  try {
    const { app, stale } = reportOf(await readChecks(sql), clock.now(), HEALTH_EVERY_MS);
    if (stale === null) return ok(CHECK, "a worker made a health check recently");
    if (app.length === 0) return unknown(CHECK, "no worker has made a health check yet");
    return problem(
      CHECK,
      stale,
      "Start a process with ROLE=worker or ROLE=all; web processes alone only store deliveries.",
    );
  } catch (error) {
    return unknown(CHECK, `cannot read the database: ${redact(messageOf(error))}`);
  }
}
