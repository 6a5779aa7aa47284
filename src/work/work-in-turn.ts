import type { JobQueueName } from "../domain.js";
import { claimFairest, type ClaimedJob, tenantOfJob, whyNot } from "../store/jobs/claim-job.js";
import { recoverJobs } from "../store/jobs/recover-jobs.js";
import { type JobRunnerOptions, runAndRecord } from "./run-job.js";

export interface TurnOptions extends JobRunnerOptions {
  readonly queue: JobQueueName;
  /**
   * Jobs of the queue that run at once in this process. One installation gets one less, so that others always have a
   * slot.
   */
  readonly concurrency: number;
}

/** Installations whose last turn is remembered. A forgotten one counts as waiting longest. */
const REMEMBERED = 1_000;

/**
 * Handles a wake-up: claims the row whose turn it is, whichever row the wake-up names, and continues until nothing is
 * due or `closing` is aborted. Lost or repeated wake-ups therefore lose and double nothing.
 * @returns when to wake again for the named row, or null.
 */
export function workInTurn(
  options: TurnOptions,
): (rang: bigint, signal: AbortSignal, closing: AbortSignal) => Promise<{ readonly againAt: Date } | null> {
  const { store, clock, leaseMs, queue } = options;
  const most = Math.max(1, options.concurrency - 1);
  const running = new Map<bigint, ClaimedJob>();
  const served = new Set<bigint>();

  const claim = async (token: string): Promise<ClaimedJob | null> => {
    const job = await claimFairest(store.sql, {
      queue,
      token,
      now: clock.now(),
      leaseMs,
      served: [...served],
      full: full([...running.values()], most),
    });
    if (!job) return null;
    running.set(job.id, job);
    const tenant = tenantOfJob(job);
    served.delete(tenant);
    served.add(tenant);
    const [oldest] = served;
    if (served.size > REMEMBERED && oldest !== undefined) served.delete(oldest);
    return job;
  };
  // One choice at a time, because two at once would choose the same row.
  let choosing: Promise<unknown> = Promise.resolve();
  const next = (token: string): Promise<ClaimedJob | null> => {
    const chosen = choosing.then(() => claim(token));
    choosing = chosen.catch(() => undefined);
    return chosen;
  };

  return async (rang, signal, closing) => {
    while (!closing.aborted) {
      const token = options.token();
      const job = await next(token);
      if (!job) break;
      try {
        const at = await runAndRecord(options, job, token, signal);
        if (at) await ringAt(options, job, at);
      } finally {
        running.delete(job.id);
      }
    }
    return running.has(rang) ? null : stateOf(options, rang);
  };
}

/** Installations that have enough running jobs here. */
function full(running: readonly ClaimedJob[], most: number): readonly bigint[] {
  const counts = new Map<bigint, number>();
  for (const job of running) counts.set(tenantOfJob(job), (counts.get(tenantOfJob(job)) ?? 0) + 1);
  return [...counts].flatMap(([tenant, count]) => (count >= most ? [tenant] : []));
}

/** Released separately from the wake-up, which may name another row. */
async function ringAt({ wake, clock, queue }: TurnOptions, { id }: ClaimedJob, at: Date): Promise<void> {
  await wake([{ queue, id, delayMs: Math.max(0, at.getTime() - clock.now().getTime()), sooner: true }]);
}

/** The named row may be due later, or leased by a dead process. */
async function stateOf({ store, clock }: TurnOptions, id: bigint): Promise<{ readonly againAt: Date } | null> {
  const now = clock.now();
  const state = await whyNot(store.sql, id, { now });
  if (state.status === "later") return { againAt: state.at };
  if (state.status !== "abandoned") return null;
  await recoverJobs(store.sql, now, 1, id);
  return { againAt: now };
}
