import type { AlertSink } from "../../src/alerts/sink.js";
import { sendAlerts, type Told } from "../../src/alerts/send.js";
import { ALERT_POLICY } from "../../src/health/alerts/policy.js";
import type { Incident } from "../../src/health/alerts/incident.js";
import { createLog, type Log } from "../../src/log.js";
import type { Store } from "../../src/store/store.js";

const SILENT = createLog({ level: "silent" });

/** A clock that stands still until it is moved. */
export class StillClock {
  #now = new Date("2026-03-02T08:00:00Z");
  now = (): Date => this.#now;
  pass(ms: number): void {
    this.#now = new Date(this.#now.getTime() + ms);
  }
}

export const MINUTE = 60_000;

/** An incident of a made-up check. */
export function incident(more: Partial<Incident> = {}): Incident {
  return {
    key: "health/7/quota",
    kind: "health",
    severity: "warning",
    installationId: null,
    title: "Quota of acme is low",
    detail: "3 % of 5,000 requests are left",
    remedy: "Wait for the reset",
    ...more,
  };
}

/** One pass over these sinks. */
export function tell(store: Store, clock: StillClock, sinks: readonly AlertSink[], log: Log = SILENT): Promise<Told> {
  return sendAlerts({ store, sinks, policy: ALERT_POLICY, clock, log }, new AbortController().signal);
}
