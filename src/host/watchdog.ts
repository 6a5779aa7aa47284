import { sendAlerts } from "../alerts/send.js";
import type { Config } from "../config.js";
import { watchWorkers } from "../jobs/health/watch-workers.js";
import type { JobServices } from "../work/job-context.js";
import { every } from "../work/every.js";
import { alertPolicy, alertSinks } from "./alerts.js";
import type { Closing } from "./closing.js";
import { HEALTH_EVERY_MS } from "./health.js";

type Services = Pick<JobServices, "store" | "clock" | "log" | "writer">;

/**
 * Reports that no worker is running, which workers cannot do themselves. Runs in receiving processes with its own
 * timer, because the queue may be unavailable too.
 */
export function startWatchdog(config: Config, services: Services, everyMs: number, open: Closing): void {
  const { store, clock, log } = services;
  const policy = alertPolicy(config.alerts);
  const watch = { store, clock, policy, periodMs: HEALTH_EVERY_MS, since: clock.now() };
  const telling = { ...services, sinks: alertSinks(config.alerts, services), policy };
  const stopping = new AbortController();
  const look = async (): Promise<void> => {
    if (await watchWorkers(watch)) await sendAlerts(telling, stopping.signal);
  };
  const regular = every(everyMs, look, {
    jitter: Math.random,
    onError: (error) => log.error({ err: error }, "worker liveness check failed; will retry"),
  });
  open.add(regular, (started) => {
    stopping.abort();
    return started.stop();
  });
}
