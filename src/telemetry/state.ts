import type { Gauge } from "prom-client";
import type { Instruments } from "./instruments.js";

/** A count with its labels. */
export interface Counted {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The database's figures about the work and health of all processes. */
export interface State {
  readonly inboxPending: number;
  readonly inboxOldestSeconds: number;
  /** Seconds since the last health check of any worker; null: never. */
  readonly passAgeSeconds: number | null;
  /** By `queue` and `status`. */
  readonly jobs: readonly Counted[];
  /** By `queue`. */
  readonly oldestJobs: readonly Counted[];
  /** By `status`. */
  readonly health: readonly Counted[];
  /** By `resource`. */
  readonly budgets: readonly Counted[];
  /** By `status`. */
  readonly syncs: readonly Counted[];
  /** By `kind` and `severity`. */
  readonly alerts: readonly Counted[];
  /** By `sink`. */
  readonly unsent: readonly Counted[];
  /** By `reader`. */
  readonly eventsBehind: readonly Counted[];
  /** By `sink`. */
  readonly eventDeadLetters: readonly Counted[];
}

/** Writes the figures to the gauges; without figures the gauges are empty and `companyos_state_readable` is 0. */
export function showState(instruments: Instruments, state: State | null): void {
  const { inboxPending, inboxLag, passAge, scrapeOk } = instruments;
  scrapeOk.set(state ? 1 : 0);
  if (state) {
    inboxPending.set(state.inboxPending);
    inboxLag.set(state.inboxOldestSeconds);
  } else {
    inboxPending.remove();
    inboxLag.remove();
  }
  if (state && state.passAgeSeconds !== null) passAge.set(state.passAgeSeconds);
  else passAge.remove();
  const tables: readonly (readonly [Gauge, readonly Counted[] | undefined])[] = [
    [instruments.jobRows, state?.jobs],
    [instruments.oldestJob, state?.oldestJobs],
    [instruments.health, state?.health],
    [instruments.budgetBlocked, state?.budgets],
    [instruments.syncsOpen, state?.syncs],
    [instruments.alertsOpen, state?.alerts],
    [instruments.alertsUnsent, state?.unsent],
    [instruments.eventsBehind, state?.eventsBehind],
    [instruments.eventDeadLetters, state?.eventDeadLetters],
  ];
  for (const [gauge, counted] of tables) {
    gauge.reset();
    for (const { labels, value } of counted ?? []) gauge.set(labels, value);
  }
}
