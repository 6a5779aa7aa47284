import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";

/** Seconds: from a query in a database to a sync of an organisation. */
const QUERY_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
const CALL_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 20];
const JOB_BUCKETS = [0.01, 0.05, 0.25, 1, 5, 15, 60, 300, 1_800];
const SYNC_BUCKETS = [1, 5, 15, 60, 300, 900, 1_800, 3_600, 10_800, 43_200];

/**
 * Every metric of the app. Names and labels are a contract with dashboards and alert rules. Labels are names out of this
 * code (a job, an event, a status), never a repository, an account or an id: their sets stay as small as the code is.
 */
export function createInstruments() {
  const register = new Registry();
  const registers = [register];
  collectDefaultMetrics({ register });
  return {
    register,
    githubRequests: new Counter({
      name: "companyos_github_requests_total",
      help: "Requests to GitHub's API by what came of them.",
      labelNames: ["api", "outcome"],
      registers,
    }),
    githubSeconds: new Histogram({
      name: "companyos_github_request_duration_seconds",
      help: "How long GitHub takes to answer.",
      labelNames: ["api"],
      buckets: CALL_BUCKETS,
      registers,
    }),
    rateLimitRemaining: new Gauge({
      name: "companyos_github_rate_limit_remaining",
      help: "What is left of a quota, of the installation that has least, as this process was last told.",
      labelNames: ["resource"],
      registers,
    }),
    rateLimitRatio: new Gauge({
      name: "companyos_github_rate_limit_remaining_ratio",
      help: "The share that is left of a quota, of the installation that has the smallest.",
      labelNames: ["resource"],
      registers,
    }),
    webhooks: new Counter({
      name: "companyos_webhook_events_received_total",
      help: "Deliveries that were answered: accepted, duplicate, refused (4xx), unavailable (5xx).",
      labelNames: ["result"],
      registers,
    }),
    deliveries: new Counter({
      name: "companyos_deliveries_processed_total",
      help: "Deliveries that were worked on, by event.",
      labelNames: ["event", "result"],
      registers,
    }),
    deliverySeconds: new Histogram({
      name: "companyos_delivery_processing_seconds",
      help: "How long processing a delivery takes, its transaction included.",
      buckets: QUERY_BUCKETS,
      registers,
    }),
    jobs: new Counter({
      name: "companyos_jobs_ended_total",
      help: "Runs of jobs by how they ended.",
      labelNames: ["job", "status"],
      registers,
    }),
    jobSeconds: new Histogram({
      name: "companyos_job_duration_seconds",
      help: "How long a run of a job takes.",
      labelNames: ["queue"],
      buckets: JOB_BUCKETS,
      registers,
    }),
    agentSpawns: new Counter({
      name: "companyos_agent_spawns_total",
      help: "Runs of agents that were started, by what came of them: succeeded, skipped, failed, retried.",
      labelNames: ["agent", "outcome"],
      registers,
    }),
    syncSeconds: new Histogram({
      name: "companyos_sync_duration_seconds",
      help: "How long syncs take from their start to their end, pauses included; its count is how many ended.",
      labelNames: ["mode", "status"],
      buckets: SYNC_BUCKETS,
      registers,
    }),
    errors: new Counter({
      name: "companyos_errors_total",
      help: "Failures of work by what they mean.",
      labelNames: ["kind", "source"],
      registers,
    }),
    querySeconds: new Histogram({
      name: "companyos_db_query_duration_seconds",
      help: "How long statements take in PostgreSQL, by their first word.",
      labelNames: ["statement"],
      buckets: QUERY_BUCKETS,
      registers,
    }),
    queryErrors: new Counter({
      name: "companyos_db_query_errors_total",
      help: "Statements that failed.",
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
      help: "Since a worker last looked at the health of everything; it does every five minutes.",
      registers,
    }),
    inboxPending: new Gauge({
      name: "companyos_inbox_pending",
      help: "Deliveries that are stored and not worked on yet.",
      registers,
    }),
    inboxLag: new Gauge({
      name: "companyos_inbox_oldest_seconds",
      help: "For how long the oldest of them has waited.",
      registers,
    }),
    jobRows: new Gauge({
      name: "companyos_jobs",
      help: "Jobs by queue and status; failed are the dead letters.",
      labelNames: ["queue", "status"],
      registers,
    }),
    oldestJob: new Gauge({
      name: "companyos_jobs_oldest_due_seconds",
      help: "For how long the oldest job has been due.",
      labelNames: ["queue"],
      registers,
    }),
    budgetBlocked: new Gauge({
      name: "companyos_budget_exhausted_installations",
      help: "Installations that may not call GitHub now, because a quota is used up or GitHub said to wait.",
      labelNames: ["resource"],
      registers,
    }),
    syncsOpen: new Gauge({
      name: "companyos_sync_runs_open",
      help: "Syncs that wait, run or pause.",
      labelNames: ["status"],
      registers,
    }),
    alertsOpen: new Gauge({
      name: "companyos_alerts_open",
      help: "Incidents that are open.",
      labelNames: ["kind", "severity"],
      registers,
    }),
    alertsUnsent: new Gauge({
      name: "companyos_alert_notices_unsent",
      help: "Notices of incidents that could not be sent so far.",
      labelNames: ["sink"],
      registers,
    }),
    scrapeOk: new Gauge({
      name: "companyos_state_readable",
      help: "1: the metrics that are read from the database could be read; 0: they are missing.",
      registers,
    }),
  };
}
export type Instruments = ReturnType<typeof createInstruments>;
