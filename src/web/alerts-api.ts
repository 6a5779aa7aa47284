import type { RequestHandler } from "../http/server.js";
import { latestAlerts, unsentNotices } from "../store/alerts/list-alerts.js";
import type { Store } from "../store/store.js";
import { assertInstallation } from "../store/tenants/assert-installation.js";
import { InstallationQuery } from "./installation-id.js";
import { type OperatorOptions, operatorPath } from "./operator.js";

export interface AlertsApiOptions extends OperatorOptions {
  readonly store: Pick<Store, "sql">;
}

const SHOWN = 100;
/** `GET ?installation=`: the latest incidents and notices, open ones first, and what could not be told so far. */
export function createAlertsApi(options: AlertsApiOptions): RequestHandler {
  const { sql } = options.store;
  return operatorPath(options, "/api/integrations/github/alerts", {
    async GET(url) {
      const { installation } = InstallationQuery.parse({ installation: url.searchParams.get("installation") });
      if (installation !== null) await assertInstallation(sql, installation);
      const alerts = await latestAlerts(sql, installation, SHOWN);
      const unsent = await unsentNotices(sql, installation);
      return [
        200,
        {
          alerts: alerts.map(({ id, installationId: of, ...alert }) => {
            return { id: String(id), installation: of === null ? null : String(of), ...alert };
          }),
          unsent: unsent.map(({ alertId, ...notice }) => ({ alert: String(alertId), ...notice })),
        },
      ];
    },
  });
}
