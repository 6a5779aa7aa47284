import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { Probot } from "probot";
import type { GenerateOptions } from "../../simulator/organisation/generate.js";
import { type GitHubOptions, type RunningGitHub, startGitHub } from "../../simulator/start.js";
import type { Clock, Outcome } from "../../src/domain.js";
import { RateLimitError } from "../../src/errors.js";
import { createGateway } from "../../src/github/gateway.js";
import { buildOctokit } from "../../src/github/octokit.js";
import { createLog } from "../../src/log.js";
import { type Budget, createBudget } from "../../src/sync/budget/budget.js";
import { BUDGET_DEFAULTS, type BudgetSettings } from "../../src/sync/budget/class.js";
import type { SyncOptions } from "../../src/sync/run/options.js";
import { runSync } from "../../src/sync/run/run-sync.js";
import type { SyncMode } from "../../src/sync/entity.js";
import { openRun, readRun, type SyncRun } from "../../src/store/sync/runs.js";
import type { Store } from "../../src/store/store.js";

/** An organisation to sync, and everything that a sync needs. */
export interface SyncSetting {
  readonly github: RunningGitHub;
  readonly installationId: bigint;
  readonly budget: Budget;
  readonly clock: Clock;
  readonly options: SyncOptions;
  /** Runs a mode to its end, over every pause. */
  sync(mode: SyncMode, more?: { readonly subject?: string; readonly options?: Partial<SyncOptions> }): Promise<SyncRun>;
}

export interface SettingOptions {
  readonly github?: GitHubOptions;
  readonly generate?: GenerateOptions;
  readonly budget?: Partial<BudgetSettings>;
  readonly timeoutMs?: number;
}

const silent = createLog({ level: process.env["SYNC_LOG"] ?? "silent" });
const never = new AbortController().signal;

/** Starts a simulated GitHub with a generated organisation on which the app is installed. The caller closes it. */
export async function syncSetting(store: Store, given: SettingOptions = {}): Promise<SyncSetting> {
  const github = await startGitHub({ limits: { hour: 10 }, ...given.github });
  const { installation } = await github.control.run("generate", given.generate ?? {});
  const installationId = BigInt(installation);
  const { clock } = github.simulation;
  await installed(store, installationId, clock.now());
  const budget = createBudget({
    store,
    clock: { now: () => new Date() },
    settings: { ...BUDGET_DEFAULTS, minuteMs: 10_000 / 60, ...given.budget },
    sleep: (ms, signal) => wait(ms, undefined, { signal }),
  });
  const options = syncOptions(store, github, budget, clock, given.timeoutMs);
  return {
    github,
    installationId,
    budget,
    clock,
    options,
    async sync(
      mode,
      { subject = null, options: more = {} }: { subject?: string | null; options?: Partial<SyncOptions> } = {},
    ) {
      const run = await newRun(store, installationId, mode, subject, clock.now());
      await toTheEnd({ ...options, ...more }, run.id);
      const ended = await readRun(store.sql, run.id);
      if (!ended) throw new Error("the run is gone");
      return ended;
    },
  };
}

export function syncOptions(
  store: Store,
  github: { readonly url: string; readonly graphqlUrl: string; readonly appId: number; readonly privateKey: string },
  budget: Budget,
  clock: Clock,
  timeoutMs = 5_000,
): SyncOptions {
  const probot = new Probot({
    appId: github.appId,
    privateKey: github.privateKey,
    secret: "x".repeat(32),
    log: silent,
    Octokit: buildOctokit({ apiUrl: github.url, timeoutMs, onResponse: (call) => budget.observe(call) }),
  });
  const gateway = createGateway({
    octokitFor: (id) => probot.auth(Number(id)),
    appOctokit: () => probot.auth(),
    graphqlUrl: github.graphqlUrl,
    clock: { now: () => new Date() },
  });
  return {
    store,
    clock,
    log: silent,
    budget,
    client: (id) => gateway.client(id),
    deniedReason: () => null,
    sleep: (ms, signal) => wait(ms, undefined, { signal }),
    token: () => randomUUID(),
  };
}

export async function newRun(store: Store, installationId: bigint, mode: SyncMode, subject: string | null, now: Date) {
  const request = { installationId, mode, repositoryId: null, subject, requestedBy: "a test", now };
  const { run } = await store.transaction((sql) => openRun(sql, request));
  return run;
}

/** Runs until it ends; a pause is waited for. */
export async function toTheEnd(options: SyncOptions, runId: bigint, signal = never): Promise<Outcome> {
  for (;;) {
    try {
      return await runSync(options, runId, signal);
    } catch (error) {
      if (!(error instanceof RateLimitError)) throw error;
      await wait(Math.max(10, error.resetAt.getTime() - Date.now() + 20), undefined, { signal });
    }
  }
}

export async function installed(store: Store, id: bigint, now: Date): Promise<void> {
  await store.prisma.installation.create({
    data: { id, account_login: "acme", account_type: "Organization", updated_at: now, content_hash: "test" },
  });
}
