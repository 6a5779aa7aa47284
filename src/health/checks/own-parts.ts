import type { HealthBands } from "../../config/health-bands.js";
import type { Answered } from "../answered.js";
import { bandOf } from "../band-of.js";
import { worstOf } from "../level.js";
import { healthy, type Reading, wrong } from "../reading.js";
import { duration } from "../words.js";

/** The response time of the database. `value`: seconds. */
export function database(ping: Answered<unknown>, bands: HealthBands): Reading {
  const remedy = "Check the database's load, its disk, and the network to it.";
  const value = ping.seconds;
  if (!ping.ok)
    return wrong("database", "unhealthy", { reason: `PostgreSQL does not answer: ${ping.reason}`, remedy, value });
  const reason = `PostgreSQL answers in ${duration(value)}`;
  const state = bandOf(value, bands.databaseSeconds);
  return state === "healthy" ? healthy("database", reason, value) : wrong("database", state, { reason, remedy, value });
}

export interface QueueFacts {
  /** Null: the queue responds. */
  readonly unready: string | null;
  /** Jobs that could run now. */
  readonly due: number;
  /** How long the oldest of them has been due. */
  readonly oldestSeconds: number;
}

/** Whether due jobs are run. `value`: seconds for which the oldest job has been due. */
export function queue({ unready, due, oldestSeconds }: QueueFacts, bands: HealthBands): Reading {
  const value = oldestSeconds;
  if (unready !== null) {
    const remedy = "Check Redis and REDIS_URL; without REDIS_URL check PostgreSQL. No work is lost meanwhile.";
    return wrong("queue", "degraded", { reason: `the queue does not answer: ${unready}`, remedy, value });
  }
  const reason = due === 0 ? "no job is due" : `${due} jobs are due, the oldest for ${duration(oldestSeconds)}`;
  const state = worstOf([bandOf(oldestSeconds, bands.jobSeconds), bandOf(due, bands.jobs)]);
  if (state === "healthy") return healthy("queue", reason, value);
  return wrong("queue", state, {
    reason,
    remedy: "Start more workers (ROLE=worker), or check the log of the running workers.",
    value,
  });
}

export interface WorkerFacts {
  /** Jobs and deliveries whose lease expired and that no worker took over. */
  readonly abandoned: number;
  readonly oldestSeconds: number;
}

/** Whether the workers that hold leases are alive. `value`: seconds since the oldest lease expired. */
export function workers({ abandoned, oldestSeconds }: WorkerFacts, bands: HealthBands): Reading {
  if (abandoned === 0) return healthy("workers", "no lease has expired", 0);
  const reason = `${abandoned} leases expired and no worker took the work over, the oldest ${duration(oldestSeconds)} ago`;
  const state = bandOf(oldestSeconds, bands.lostLeaseSeconds);
  if (state === "healthy") return healthy("workers", reason, oldestSeconds);
  const remedy = "Start a worker (ROLE=worker), and read the log of the worker that died.";
  return wrong("workers", state, { reason, remedy, value: oldestSeconds });
}

export interface InboxFacts {
  /** Stored deliveries that wait for processing. */
  readonly waiting: number;
  readonly oldestSeconds: number;
}

/** How far processing is behind receiving. `value`: seconds that the oldest delivery has waited. */
export function inbox({ waiting, oldestSeconds }: InboxFacts, bands: HealthBands): Reading {
  if (waiting === 0) return healthy("inbox", "every delivery is processed", 0);
  const reason = `${waiting} deliveries wait, the oldest for ${duration(oldestSeconds)}`;
  const state = bandOf(oldestSeconds, bands.inboxSeconds);
  if (state === "healthy") return healthy("inbox", reason, oldestSeconds);
  const remedy = "Start more workers (ROLE=worker), or run 'companyos-github explain <guid>' for the oldest delivery.";
  return wrong("inbox", state, { reason, remedy, value: oldestSeconds });
}
