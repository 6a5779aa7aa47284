import { setTimeout as sleep } from "node:timers/promises";
import { type QueueName, QUEUES } from "../domain.js";
import type { JobWakeUp } from "../store/jobs/wake-up.js";
import type { QueueCounts, Queues, WakeUpHandler } from "./queues.js";

/** A waiting wake-up of this process. */
export interface InlineWakeUp {
  readonly queue: QueueName;
  readonly ids: readonly string[];
  readonly at: Date;
}

export interface Drained {
  /** The number of handler calls. */
  readonly ran: number;
  /** Wake-ups that would wait longer than the patience, or that have no handler here. */
  readonly left: readonly InlineWakeUp[];
}

/** The queues of a host without a server: `probot receive` and the GitHub Action. They live in memory only. */
export interface InlineQueues extends Queues {
  /**
   * Runs the waiting work and the work that it plans, until nothing is left that may run within the patience.
   * @throws the error of a handler.
   */
  drain(): Promise<Drained>;
}

const never: Promise<void> = Promise.resolve();

/**
 * @param options.patienceMs how long to wait in total for retries. Delays of new work are skipped: they collect later
 * events, and none will arrive here.
 */
export function openInlineQueues(options: { readonly patienceMs: number }): InlineQueues {
  const handlers = new Map<QueueName, WakeUpHandler>();
  const stopping = new AbortController();
  let waiting: InlineWakeUp[] = [];
  const has = (queue: QueueName, id: string): boolean =>
    waiting.some((wakeUp) => wakeUp.queue === queue && wakeUp.ids.includes(id));
  const put = (queue: QueueName, ids: readonly string[], at = new Date()): void => {
    waiting.push({ queue, ids, at });
  };

  return {
    backend: "inline",
    wake(ids) {
      if (ids.length > 0) put("deliveries", ids);
      return never;
    },
    sweep(ids) {
      return this.wake(ids);
    },
    add(wakeUps: readonly JobWakeUp[]) {
      for (const { queue, id } of wakeUps) if (!has(queue, String(id))) put(queue, [String(id)]);
      return never;
    },
    work(queue, _options, handler) {
      handlers.set(queue, handler);
      return never;
    },
    // This process ends when its work is done, so it runs no schedules.
    schedule: () => never,
    ensureSchedules: () => never,
    counts: () => Promise.resolve(countsOf(waiting)),
    ready: () => Promise.resolve({ ready: true }),
    close() {
      stopping.abort(new Error("the process stops"));
      return never;
    },
    async drain() {
      const deadline = Date.now() + options.patienceMs;
      let ran = 0;
      while (!stopping.signal.aborted) {
        const next = earliest(waiting.filter(({ queue }) => handlers.has(queue)));
        const handler = next && handlers.get(next.queue);
        if (!handler || next.at.getTime() > Math.max(deadline, Date.now())) break;
        await sleep(Math.max(0, next.at.getTime() - Date.now()));
        waiting = waiting.filter((wakeUp) => wakeUp !== next);
        const again = await handler(next.ids, stopping.signal, stopping.signal);
        ran += 1;
        if (again) put(next.queue, next.ids, again.againAt);
      }
      return { ran, left: waiting };
    },
  };
}

function earliest(wakeUps: readonly InlineWakeUp[]): InlineWakeUp | undefined {
  return wakeUps.toSorted((a, b) => a.at.getTime() - b.at.getTime())[0];
}

function countsOf(waiting: readonly InlineWakeUp[]): Readonly<Record<QueueName, QueueCounts>> {
  const [deliveries, agents, sync, health] = QUEUES;
  const count = (queue: QueueName): QueueCounts => {
    return { waiting: waiting.filter((wakeUp) => wakeUp.queue === queue).length, active: 0, delayed: 0 };
  };
  return { deliveries: count(deliveries), agents: count(agents), sync: count(sync), health: count(health) };
}
