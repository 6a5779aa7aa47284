import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";

/** Seconds: from a query in a database to a sync of an organisation. */
const QUERY_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
const CALL_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 20];
const JOB_BUCKETS = [0.01, 0.05, 0.25, 1, 5, 15, 60, 300, 1_800];
const SYNC_BUCKETS = [1, 5, 15, 60, 300, 900, 1_800, 3_600, 10_800, 43_200];

/**
 * Every metric of the app. Names and labels are a contract with dashboards and alert rules. Labels are names from this
 * code (a job, an event, a status), never a repository, an account or an id, so their number is bounded.
 */
export function createInstruments() {
  const register = new Registry();
  const registers = [register];
  collectDefaultMetrics({ register });
  return {
    register,
    githubRequests: new Counter({
      name: "companyos_github_requests_total",
      help: "Requests to GitHub's API, by outcome.",
      labelNames: ["api", "outcome"],
      registers,
    }),
    githubSeconds: new Histogram({
      name: "companyos_github_request_duration_seconds",
      help: "Response time of GitHub's API.",
      labelNames: ["api"],
      buckets: CALL_BUCKETS,
      registers,
    }),
    rateLimitRemaining: new Gauge({
      name: "companyos_github_rate_limit_remaining",
      help: "Remaining requests of a rate limit, of the installation with the fewest left, from the latest response to this process.",
      labelNames: ["resource"],
      registers,
    }),
    rateLimitRatio: new Gauge({
      name: "companyos_github_rate_limit_remaining_ratio",
      help: "Remaining share of a rate limit, of the installation with the smallest share left.",
      labelNames: ["resource"],
      registers,
    }),
    webhooks: new Counter({
      name: "companyos_webhook_events_received_total",
      help: "Answered deliveries: accepted, duplicate, refused (4xx), unavailable (5xx).",
      labelNames: ["result"],
      registers,
    }),
    deliveries: new Counter({
      name: "companyos_deliveries_processed_total",
      help: "Processed deliveries, by event and outcome.",
      labelNames: ["event", "result"],
      registers,
    }),
    deliverySeconds: new Histogram({
      name: "companyos_delivery_processing_seconds",
      help: "Duration of processing one delivery, including its transaction.",
      buckets: QUERY_BUCKETS,
      registers,
    }),
    jobs: new Counter({
      name: "companyos_jobs_ended_total",
      help: "Runs of jobs, by outcome.",
      labelNames: ["job", "status"],
      registers,
    }),
    jobSeconds: new Histogram({
      name: "companyos_job_duration_seconds",
      help: "Duration of one run of a job.",
      labelNames: ["queue"],
      buckets: JOB_BUCKETS,
      registers,
    }),
    agentSpawns: new Counter({
      name: "companyos_agent_spawns_total",
      help: "Agent runs, by outcome: succeeded, skipped, failed, retried.",
      labelNames: ["agent", "outcome"],
      registers,
    }),
    syncSeconds: new Histogram({
      name: "companyos_sync_duration_seconds",
      help: "Duration of sync runs, including pauses. The count is the number of ended runs.",
      labelNames: ["mode", "status"],
      buckets: SYNC_BUCKETS,
      registers,
    }),
    errors: new Counter({
      name: "companyos_errors_total",
      help: "Failures of jobs and deliveries, by kind.",
      labelNames: ["kind", "source"],
      registers,
    }),
    querySeconds: new Histogram({
      name: "companyos_db_query_duration_seconds",
      help: "Duration of SQL statements, by their first keyword.",
      labelNames: ["statement"],
      buckets: QUERY_BUCKETS,
      registers,
    }),
    queryErrors: new Counter({
      name: "companyos_db_query_errors_total",
      help: "Failed SQL statements.",
      labelNames: ["statement"],
      registers,
    }),
    health: new Gauge({
      name: "companyos_integration_health",
      help: "Installations by health: healthy, unknown, degraded, unhealthy.",
      labelNames: ["status"],
      registers,
    }),
    passAge: new Gauge({
      name: "companyos_health_pass_age_seconds",
      help: "Time since a worker last ran the health checks. Workers run them every five minutes.",
      registers,
    }),
    inboxPending: new Gauge({
      name: "companyos_inbox_pending",
      help: "Stored deliveries that wait for processing.",
      registers,
    }),
    inboxLag: new Gauge({
      name: "companyos_inbox_oldest_seconds",
      help: "Age of the oldest waiting delivery.",
      registers,
    }),
    jobRows: new Gauge({
      name: "companyos_jobs",
      help: "Jobs, by queue and status. Failed jobs are dead letters.",
      labelNames: ["queue", "status"],
      registers,
    }),
    oldestJob: new Gauge({
      name: "companyos_jobs_oldest_due_seconds",
      help: "Time for which the oldest due job has been due.",
      labelNames: ["queue"],
      registers,
    }),
    budgetBlocked: new Gauge({
      name: "companyos_budget_exhausted_installations",
      help: "Installations whose calls are paused, because a rate limit is used up or GitHub asked to wait.",
      labelNames: ["resource"],
      registers,
    }),
    syncsOpen: new Gauge({
      name: "companyos_sync_runs_open",
      help: "Unfinished sync runs, by status: waiting, running, paused.",
      labelNames: ["status"],
      registers,
    }),
    alertsOpen: new Gauge({
      name: "companyos_alerts_open",
      help: "Open incidents.",
      labelNames: ["kind", "severity"],
      registers,
    }),
    alertsUnsent: new Gauge({
      name: "companyos_alert_notices_unsent",
      help: "Alerts that could not be sent yet.",
      labelNames: ["sink"],
      registers,
    }),
    eventsBehind: new Gauge({
      name: "companyos_events_behind",
      help: "Rows of its stream that a reader has not read: of deliveries the router, of events each sink.",
      labelNames: ["reader"],
      registers,
    }),
    eventDeadLetters: new Gauge({
      name: "companyos_event_dead_letters",
      help: "Events that a sink refused for good.",
      labelNames: ["sink"],
      registers,
    }),
    scrapeOk: new Gauge({
      name: "companyos_state_readable",
      help: "1 if the metrics from the database could be read, 0 if they are missing.",
      registers,
    }),
  };
}
export type Instruments = ReturnType<typeof createInstruments>;
