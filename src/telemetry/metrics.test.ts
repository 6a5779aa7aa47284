import { expect, test } from "vitest";
import { complaintsAbout, valueOf } from "../../test/support/prometheus.js";
import { NetworkError } from "../errors.js";
import { createMetrics, type Metrics } from "./metrics.js";
import type { CallSeen } from "./quota-gauge.js";

const NOW = Date.parse("2026-03-02T08:00:00Z");
const make = (): Metrics => createMetrics(() => NOW);

function call(more: Partial<CallSeen> = {}): CallSeen {
  return {
    installationId: 1n,
    route: "GET /repos/{owner}/{repo}",
    status: 200,
    rateLimit: null,
    durationMs: 40,
    ...more,
  };
}

const quota = (remaining: number, limit = 5_000, resetMs = 60_000): CallSeen["rateLimit"] => ({
  limit,
  remaining,
  resource: "core",
  resetAt: new Date(NOW + resetMs),
});

/** Everything that can be told, about one repository. */
function live(metrics: Metrics, repository: number): void {
  metrics.githubCall(call({ route: `GET https://api.github.com/repositories/${repository}/issues?page=2` }));
  metrics.githubCall(call({ installationId: BigInt(repository), rateLimit: quota(repository) }));
  metrics.webhook({ status: 202, duplicate: repository % 2 === 0 });
  metrics.delivery(repository % 2 === 0 ? "push" : `made_up_${repository}`, 0.01);
  metrics.delivery("issues", 0.01, new NetworkError(`no answer from repository ${repository}`));
  metrics.job({ name: "review", queue: "agents", status: "done", errorKind: null, seconds: 1 });
  metrics.sync({ mode: "spot", status: "completed", seconds: 3 });
  metrics.query(`SELECT ${repository} FROM repository_${repository}`, 0.001, repository % 2 === 0);
  metrics.query(`repository_${repository}`, 0.001, false);
}

test("10,000 repositories have the same label sets as ten", async () => {
  const [few, many] = [make(), make()];
  for (let repository = 0; repository < 10; repository += 1) live(few, repository);
  for (let repository = 0; repository < 10_000; repository += 1) live(many, repository);
  const names = async (metrics: Metrics) =>
    (await metrics.text(null))
      .split("\n")
      .map((line) => line.split(" ")[0])
      .filter((line) => line?.startsWith("companyos_"));
  expect(await names(many)).toEqual(await names(few));
});

test("the page has Prometheus' format", async () => {
  const metrics = make();
  live(metrics, 1);
  const counted = [{ labels: { queue: "sync", status: "waiting" }, value: 3 }];
  const state = { inboxPending: 1, inboxOldestSeconds: 2, passAgeSeconds: 3, jobs: counted };
  const none = {
    oldestJobs: [],
    health: [],
    budgets: [],
    syncs: [],
    alerts: [],
    unsent: [],
    eventsBehind: [],
    eventDeadLetters: [],
  };
  const text = await metrics.text({ ...state, ...none });
  expect(complaintsAbout(text)).toEqual([]);
  expect(valueOf(text, "companyos_jobs", { queue: "sync", status: "waiting" })).toBe(3);
});

test("the checks detect problems", () => {
  const bad = "# HELP a_ms x\n# TYPE a_ms counter\na_ms 1\na_ms 1\nnot a line\n";
  expect(complaintsAbout(bad)).toEqual([
    "twice: a_ms{}",
    "no sample: not a line",
    "a_ms: a counter ends in _total",
    "a_ms: not a base unit",
    "not: no help",
  ]);
});

test("shows the smallest rest of a limit, until its reset", async () => {
  const metrics = make();
  metrics.githubCall(call({ rateLimit: quota(4_000) }));
  metrics.githubCall(call({ installationId: 2n, rateLimit: quota(300, 15_000) }));
  metrics.githubCall(call({ installationId: 3n, rateLimit: quota(1, 5_000, 0) }));
  const text = await metrics.text(null);
  expect(valueOf(text, "companyos_github_rate_limit_remaining", { resource: "core" })).toBe(300);
  expect(valueOf(text, "companyos_github_rate_limit_remaining_ratio", { resource: "core" })).toBe(0.02);
});

test.each([
  [200, "2xx"],
  [304, "not-modified"],
  [429, "limited"],
  [403, "4xx"],
  [502, "5xx"],
  [null, "no-answer"],
] as const)("an exchange that ends with %s counts as %s", async (status, outcome) => {
  const metrics = make();
  metrics.githubCall(call({ status }));
  expect(valueOf(await metrics.text(null), "companyos_github_requests_total", { outcome, api: "rest" })).toBe(1);
});

test("without the database the page reports it and keeps this process's counts", async () => {
  const metrics = make();
  metrics.webhook({ status: 503, duplicate: false });
  const text = await metrics.text(null);
  expect(valueOf(text, "companyos_state_readable")).toBe(0);
  expect(valueOf(text, "companyos_webhook_events_received_total", { result: "unavailable" })).toBe(1);
});
