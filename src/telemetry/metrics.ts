import { HANDLED_EVENTS, type JobQueueName } from "../domain.js";
import { type ErrorKind, kindOf } from "../errors.js";
import { createInstruments, type Instruments } from "./instruments.js";
import { type CallSeen, QuotaGauge } from "./quota-gauge.js";
import { type State, showState } from "./state.js";

/** The end of a job's run. */
export interface JobEnded {
  readonly name: string;
  readonly queue: JobQueueName;
  readonly status: "done" | "skipped" | "failed" | "waiting" | "superseded" | "lost";
  /** The kind of the failure; null when the run did not fail. */
  readonly errorKind: ErrorKind | null;
  readonly seconds: number;
}

/** The metrics of the app. These functions never wait or throw, and keep only a few numbers. */
export interface Metrics {
  githubCall(call: CallSeen): void;
  /** An answer of the inbox. */
  webhook(answer: { readonly status: number; readonly duplicate: boolean }): void;
  /** A delivery was processed. `error` is its failure. */
  delivery(event: string, seconds: number, error?: unknown): void;
  job(ended: JobEnded): void;
  sync(run: { readonly mode: string; readonly status: string; readonly seconds: number }): void;
  query(statement: string, seconds: number, failed: boolean): void;
  /** The metrics in Prometheus' format; `state` comes from the database, null when it does not respond. */
  text(state: State | null): Promise<string>;
  readonly contentType: string;
}

export function createMetrics(now: () => number): Metrics {
  const instruments = createInstruments();
  const quotas = new QuotaGauge(now);
  return {
    githubCall(call) {
      const api = call.route.startsWith("QUERY ") ? "graphql" : "rest";
      instruments.githubRequests.inc({ api, outcome: outcomeOf(call.status) });
      instruments.githubSeconds.observe({ api }, call.durationMs / 1000);
      quotas.see(call);
    },
    webhook({ status, duplicate }) {
      instruments.webhooks.inc({ result: duplicate ? "duplicate" : resultOf(status) });
    },
    delivery(event, seconds, error) {
      const known = HANDLED_EVENTS.find((handled) => handled === event) ?? "other";
      instruments.deliveries.inc({ event: known, result: error === undefined ? "processed" : "failed" });
      instruments.deliverySeconds.observe(seconds);
      if (error !== undefined) instruments.errors.inc({ kind: kindOf(error), source: "delivery" });
    },
    job: (ended) => countJob(instruments, ended),
    sync: ({ mode, status, seconds }) => instruments.syncSeconds.observe({ mode, status }, seconds),
    query(statement, seconds, failed) {
      const label = { statement: wordOf(statement) };
      instruments.querySeconds.observe(label, seconds);
      if (failed) instruments.queryErrors.inc(label);
    },
    async text(state) {
      quotas.show(instruments);
      showState(instruments, state);
      return instruments.register.metrics();
    },
    contentType: instruments.register.contentType,
  };
}

function countJob({ jobs, jobSeconds, agentSpawns, errors }: Instruments, ended: JobEnded): void {
  const { name, queue, status, errorKind, seconds } = ended;
  jobs.inc({ job: name, status });
  jobSeconds.observe({ queue }, seconds);
  if (errorKind !== null) errors.inc({ kind: errorKind, source: queue });
  if (queue === "agents") agentSpawns.inc({ agent: name, outcome: SPAWNED[status] });
}

const SPAWNED: Readonly<Record<JobEnded["status"], string>> = {
  done: "succeeded",
  skipped: "skipped",
  failed: "failed",
  waiting: "retried",
  superseded: "skipped",
  lost: "failed",
};

function outcomeOf(status: number | null): string {
  if (status === null) return "no-answer";
  if (status === 304) return "not-modified";
  if (status === 429) return "limited";
  return `${Math.floor(status / 100)}xx`;
}

function resultOf(status: number): string {
  if (status < 400) return "accepted";
  return status < 500 ? "refused" : "unavailable";
}

const WORDS = new Set(["select", "insert", "update", "delete", "with", "begin", "commit", "rollback"]);

function wordOf(statement: string): string {
  const word = /[a-z]+/i.exec(statement)?.[0].toLowerCase() ?? "";
  return WORDS.has(word) ? word : "other";
}
