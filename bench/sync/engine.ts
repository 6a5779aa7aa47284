import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { Probot } from "probot";
import type { Clock } from "../../src/domain.js";
import { RateLimitError } from "../../src/errors.js";
import type { GitHubClient } from "../../src/github/client.js";
import { createGateway } from "../../src/github/gateway.js";
import { buildOctokit } from "../../src/github/octokit.js";
import { Costs } from "../../src/github/queries/scalars.js";
import { createLog } from "../../src/log.js";
import { openRun, readRun, type SyncRun } from "../../src/store/sync/runs.js";
import type { Store } from "../../src/store/store.js";
import { createBudget } from "../../src/sync/budget/budget.js";
import { BUDGET_DEFAULTS } from "../../src/sync/budget/class.js";
import type { SyncMode } from "../../src/sync/entity.js";
import type { SyncOptions } from "../../src/sync/run/options.js";
import { runSync } from "../../src/sync/run/run-sync.js";
import { HOUR, type Organisation } from "./organisation.js";

/** Calls by what was asked, documents by name, REST by route; the points are what GitHub said that they cost. */
export type Calls = Map<string, { requests: number; points: number }>;

export interface Engine {
  readonly installationId: bigint;
  readonly options: SyncOptions;
  readonly calls: Calls;
  /** Without a budget and without a count. */
  readonly client: GitHubClient;
  sync(mode: SyncMode): Promise<SyncRun>;
}

const log = createLog({ level: "warn", destination: process.stderr });

/** The sync as the app runs it, against the organisation. */
export async function createEngine(store: Store, organisation: Organisation): Promise<Engine> {
  const { github, installationId } = organisation;
  const ahead = await organisation.clockAhead();
  const real: Clock = { now: () => new Date() };
  let offset = ahead;
  const clock: Clock = { now: () => new Date(Date.now() + offset) };
  const sleep: SyncOptions["sleep"] = (ms, signal) => wait(ms, undefined, { signal });
  const settings = { ...BUDGET_DEFAULTS, minuteMs: (HOUR * 1_000) / 60 };
  const budget = createBudget({ store, clock: real, settings, sleep });
  const probot = new Probot({
    appId: github.appId,
    privateKey: github.privateKey,
    secret: "x".repeat(32),
    log,
    Octokit: buildOctokit({ apiUrl: github.url, onResponse: (call) => budget.observe(call) }),
  });
  const gateway = createGateway({
    octokitFor: (id) => probot.auth(Number(id)),
    appOctokit: () => probot.auth(),
    graphqlUrl: github.graphqlUrl,
    clock: real,
  });
  const client = gateway.client(installationId);
  const calls: Calls = new Map();
  const count = (what: string, requests: number, points: number): void => {
    const before = calls.get(what) ?? { requests: 0, points: 0 };
    calls.set(what, { requests: before.requests + requests, points: before.points + points });
  };
  const counted: GitHubClient = {
    ...client,
    rest: (route, parameters) => (count(route, 1, 0), client.rest(route, parameters)),
    async query(document, variables, schema) {
      count(document.name, 1, 0);
      const answer = await client.query(document, variables, schema);
      count(document.name, 0, Costs.parse(answer.data).rateLimit?.cost ?? 0);
      return answer;
    },
  };
  const options: SyncOptions = {
    store,
    clock,
    log,
    budget,
    client: () => counted,
    deniedReason: () => null,
    sleep,
    token: randomUUID,
  };
  return {
    installationId,
    options,
    calls,
    client,
    async sync(mode) {
      offset = await organisation.clockAhead();
      calls.clear();
      const request = {
        installationId,
        mode,
        repositoryId: null,
        subject: null,
        requestedBy: "bench",
        now: clock.now(),
      };
      const { run } = await store.transaction((sql) => openRun(sql, request));
      await toTheEnd(options, run.id);
      const ended = await readRun(store.sql, run.id);
      if (!ended) throw new Error("the run is gone");
      return ended;
    },
  };
}

async function toTheEnd(options: SyncOptions, id: bigint): Promise<void> {
  const { signal } = new AbortController();
  for (;;) {
    try {
      await runSync(options, id, signal);
      return;
    } catch (error) {
      if (!(error instanceof RateLimitError)) throw error;
      await wait(Math.max(10, error.resetAt.getTime() - Date.now() + 20));
    }
  }
}
