import type { AlertSink } from "../alerts/sink.js";
import { issueSink } from "../alerts/sinks/issue-sink.js";
import { logSink } from "../alerts/sinks/log-sink.js";
import { slackSink } from "../alerts/sinks/slack-sink.js";
import { webhookSink } from "../alerts/sinks/webhook-sink.js";
import { sendAlerts } from "../alerts/send.js";
import { watchForIncidents } from "../alerts/watch.js";
import type { Config } from "../config.js";
import { ALERT_POLICY, type AlertPolicy } from "../health/alerts/policy.js";
import type { JobServices } from "../work/job-context.js";
import type { Queues } from "../work/queues.js";

type AlertConfig = Config["alerts"];
type Services = Pick<JobServices, "store" | "clock" | "log" | "writer">;

const EVERY_MS = 15_000;
const WATCH_EVERY_MS = 30_000;

export function alertPolicy({ quietMs, repeatMs }: AlertConfig): AlertPolicy {
  return { ...ALERT_POLICY, quietMs, repeatMs };
}

/** The configured sinks; the log is always one of them. */
export function alertSinks(alerts: AlertConfig, { store, clock, log, writer }: Services): readonly AlertSink[] {
  const { webhookUrl, webhookSecret: secret, slackUrl, issueRepository } = alerts;
  return [
    logSink(log),
    ...(webhookUrl === undefined ? [] : [webhookSink({ url: webhookUrl, secret, clock })]),
    ...(slackUrl === undefined ? [] : [slackSink({ url: slackUrl, clock })]),
    ...(issueRepository === undefined ? [] : [issueSink({ repository: issueRepository, sql: store.sql, writer })]),
  ];
}

/** Finds incidents and sends alerts, once across all processes. */
export async function scheduleAlerts(config: Config, queues: Queues, services: Services): Promise<void> {
  const { serverUrl } = config.github;
  const policy = alertPolicy(config.alerts);
  const options = { ...services, sinks: alertSinks(config.alerts, services), policy };
  await Promise.all([
    queues.schedule("alert-watch", { everyMs: WATCH_EVERY_MS }, () =>
      watchForIncidents({ ...services, policy, serverUrl }),
    ),
    queues.schedule("alerts", { everyMs: EVERY_MS }, async (signal) => {
      await sendAlerts(options, signal);
    }),
  ]);
}
