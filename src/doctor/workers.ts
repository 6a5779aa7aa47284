import type { Clock } from "../domain.js";
import { messageOf } from "../errors.js";
import { reportOf } from "../health/report.js";
import { HEALTH_EVERY_MS } from "../host/health.js";
import { redact } from "../log.js";
import { readChecks } from "../store/health/standings.js";
import type { Sql } from "../store/store.js";
import { type Finding, ok, problem, unknown } from "./check.js";

const CHECK = "workers";

/** Whether a worker runs: each looks at the health of everything every few minutes. */
export async function checkWorkers(sql: Sql, clock: Clock): Promise<Finding> {
  try {
    const { app, stale } = reportOf(await readChecks(sql), clock.now(), HEALTH_EVERY_MS);
    if (stale === null) return ok(CHECK, "one has looked at everything lately");
    if (app.length === 0) return unknown(CHECK, "none has looked at anything yet");
    return problem(
      CHECK,
      stale,
      "Start a process with ROLE=worker or ROLE=all; web processes alone only store deliveries.",
    );
  } catch (error) {
    return unknown(CHECK, `the database could not be asked: ${redact(messageOf(error))}`);
  }
}
