import { randomUUID } from "node:crypto";
import type { Clock } from "../../domain.js";
import { PausedError, RateLimitError } from "../../errors.js";
import type { GitHubCall } from "../../github/octokit/observe.js";
import { type BudgetState, changeBudget, type Resource } from "../../store/sync/budget-row.js";
import type { Store } from "../../store/store.js";
import type { BudgetSettings, CallClass } from "./class.js";
import { decide, type SeenQuota, settle } from "./decide.js";
import { passBy } from "./pass.js";

/** Resolves after `ms` milliseconds, or rejects with the signal's reason when it is aborted first. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

export interface BudgetOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly settings: BudgetSettings;
  readonly sleep: Sleep;
}

/** A permitted call. Settle it in every case. */
export interface Grant {
  readonly installationId: bigint;
  readonly resource: Resource;
  readonly token: string;
  readonly startedAt: number;
}

/** One budget for each installation, shared by all processes through its row. */
export interface Budget {
  /**
   * Waits for its turn, for a few seconds at most. A live call is only recorded and never waits.
   * @throws RateLimitError when the share of the rate limit for this class is used up. PausedError when no turn came in
   * time: the job waits and frees its slot for other installations.
   */
  take(
    installationId: bigint,
    call: {
      readonly resource: Resource;
      readonly class: CallClass;
      readonly points: number;
      readonly signal: AbortSignal;
    },
  ): Promise<Grant>;
  /** `points`: the cost of the call, null when unknown. `error`: its failure. */
  settle(
    grant: Grant,
    outcome: { readonly points: number | null; readonly error?: unknown; readonly seen?: SeenQuota | null },
  ): Promise<void>;
  /** Records the rate limits of every response. Pass it to the gateway's `onResponse`. */
  observe(call: GitHubCall): void;
}

/** Shorter waits block the call; longer ones pause the job. */
const LONGEST_WAIT_MS = 3_000;
/** How long pacing may delay a call in total; after that the job is deferred, and a sync repeats its page. */
const LONGEST_PACE_MS: Readonly<Record<CallClass, number>> = {
  live: 0,
  agents: 3_000,
  incremental: 15_000,
  full: 15_000,
};
/** Every check locks the shared row. */
const SHORTEST_WAIT_MS = 25;

export function createBudget({ store, clock, settings, sleep }: BudgetOptions): Budget {
  const seen = new Map<string, SeenQuota>();
  const keyOf = (installationId: bigint, resource: string): string => `${installationId} ${resource}`;
  const now = (): number => clock.now().getTime();

  const tryTake = (installationId: bigint, ask: Parameters<typeof decide>[1]) =>
    changeBudget(store, installationId, ask.resource, (state: BudgetState) => {
      const verdict = decide(state, ask, settings);
      return { state: verdict.state, result: verdict };
    });

  /** Rejects with the signal's own reason, because a timer would throw its own error. */
  const pause = async (ms: number, signal: AbortSignal): Promise<void> => {
    try {
      await sleep(ms, signal);
    } finally {
      signal.throwIfAborted();
    }
  };

  const settleGrant: Budget["settle"] = async (grant, { points, error, seen: said }) => {
    const quota = said ?? seen.get(keyOf(grant.installationId, grant.resource)) ?? null;
    const at = now();
    const blockedUntil = error instanceof RateLimitError ? error.resetAt.getTime() : null;
    const call = { token: grant.token, now: at, points, elapsedMs: at - grant.startedAt, seen: quota, blockedUntil };
    await changeBudget(store, grant.installationId, grant.resource, (state) => ({
      state: settle(state, call, settings),
      result: undefined,
    }));
  };

  return {
    async take(installationId, { resource, class: of, points, signal }) {
      const token = randomUUID();
      if (of === "live") {
        const startedAt = now();
        const ask = { resource, class: of, points, token, now: startedAt };
        const closedUntil = await passBy({ store, settings, sleep }, installationId, ask);
        if (closedUntil === null) return { installationId, resource, token, startedAt };
        void settleGrant({ installationId, resource, token, startedAt }, { points: 0 }).catch(() => undefined);
        throw exhausted(of, resource, closedUntil);
      }
      const patience = now() + LONGEST_WAIT_MS;
      const paceEnds = now() + LONGEST_PACE_MS[of];
      for (;;) {
        signal.throwIfAborted();
        const startedAt = now();
        const verdict = await tryTake(installationId, { resource, class: of, points, token, now: startedAt });
        if (verdict.kind === "granted") {
          if (verdict.startAt > startedAt) await pause(verdict.startAt - startedAt, signal);
          return { installationId, resource, token, startedAt: now() };
        }
        if (verdict.until > patience && verdict.why === "quota") throw exhausted(of, resource, verdict.until);
        if (startedAt >= paceEnds || verdict.until > paceEnds) throw outpaced(of, resource, verdict.until);
        await pause(Math.min(Math.max(verdict.until - startedAt, SHORTEST_WAIT_MS), LONGEST_WAIT_MS), signal);
      }
    },
    settle: settleGrant,
    observe({ installationId, rateLimit }) {
      if (installationId === null || rateLimit === null) return;
      const { limit, remaining, resetAt, resource } = rateLimit;
      seen.set(keyOf(installationId, resource), { limit, remaining, resetAt: resetAt.getTime() });
    },
  };
}

function outpaced(of: CallClass, resource: Resource, until: number): PausedError {
  const what = resource === "graphql" ? "GraphQL" : "REST";
  return new PausedError("rate-limit", `${what} calls of ${of} wait for GitHub's limit per minute`, new Date(until));
}

function exhausted(of: CallClass, resource: Resource, until: number): RateLimitError {
  const what = resource === "graphql" ? "GraphQL" : "REST";
  return new RateLimitError(`The share of the ${what} rate limit for ${of} calls is used up`, new Date(until));
}
