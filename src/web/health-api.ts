import type { RequestHandler } from "../http/server.js";
import type { Clock } from "../domain.js";
import { reportOf } from "../health/report.js";
import { pausedWrites } from "../store/effects/switch.js";
import { readChecks } from "../store/health/standings.js";
import type { Store } from "../store/store.js";
import { assertInstallation } from "../store/tenants/assert-installation.js";
import { InstallationQuery } from "./installation-id.js";
import { type OperatorOptions, operatorPath } from "./operator.js";

export interface HealthApiOptions extends OperatorOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** How often everything is looked at. */
  readonly periodMs: number;
}

/** `GET ?installation=`: the health of the app, and of one installation or all. 503 when it is unhealthy. */
export function createHealthApi(options: HealthApiOptions): RequestHandler {
  const { store, clock, periodMs } = options;
  return operatorPath(options, "/api/integrations/github/health", {
    async GET(url) {
      const { installation } = InstallationQuery.parse({ installation: url.searchParams.get("installation") });
      if (installation !== null) await assertInstallation(store.sql, installation);
      const [checks, paused] = [await readChecks(store.sql, installation), await pausedWrites(store.sql, installation)];
      const report = reportOf(checks, clock.now(), periodMs, paused);
      return [report.state === "unhealthy" ? 503 : 200, report];
    },
  });
}
