import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import type { RunningGitHub } from "../../simulator/index.js";
import { AuthenticationError, RateLimitError } from "../../src/errors.js";
import { defineJob } from "../../src/jobs/define-job.js";
import { planJobs } from "../../src/store/jobs/plan-jobs.js";
import type { Store } from "../../src/store/store.js";
import { untilFinished } from "../crash/setting.js";

export const REPOSITORY = "acme/site";

const KINDS = ["unknown", "network", "invalid", "authentication", "rate-limit"] as const;

/** Fails with `said` in its log and its error, as the kind that it is asked for. */
export function carelessJob(said: string) {
  return defineJob({
    name: "careless",
    queue: "agents",
    payload: z.object({ kind: z.enum(KINDS) }),
    attempts: 2,
    key: ({ kind }) => kind,
    run({ kind }, { log }) {
      log.warn({ note: said, nested: { headers: { authorization: said } } }, "a careless line");
      const error = new Error(said, { cause: new Error(said) });
      if (kind === "invalid") throw new z.ZodError([{ code: "custom", message: said, path: [], input: null }]);
      if (kind === "authentication") throw new AuthenticationError(said);
      if (kind === "rate-limit") throw new RateLimitError(said, new Date(Date.now() + 1_000));
      throw Object.assign(error, { code: kind === "network" ? "ECONNRESET" : "" });
    },
  });
}

/** An organisation at work, a job that is careless in every way, and payloads with secrets in fields of theirs. */
export async function live(
  { control }: RunningGitHub,
  store: Store,
  url: string,
  secret: string,
  [hookSecret, clientToken]: readonly string[],
): Promise<number> {
  await control.run("webhook", { url: `${url}/api/github/webhooks`, secret });
  await control.apply("createRepository", { repository: REPOSITORY });
  await control.apply("setRole", { repository: REPOSITORY, login: "octocat", role: "write" });
  const { id = 0 } = await control.apply("install", {});
  const { number = 0 } = await control.apply("openIssue", { repository: REPOSITORY, title: "It breaks" });
  const files = [{ path: "src/pay.ts", content: "export function pay(): void {\n  debugger;\n}\n" }];
  await control.apply("push", { repository: REPOSITORY, commits: [{ message: "Pay", files }] });
  const pull = await control.apply("openPull", {
    repository: REPOSITORY,
    title: "Pay",
    head: "pay",
    commits: [{ message: "Pay more", files: [{ path: "src/more.ts", content: "export const more = eval('1');\n" }] }],
  });
  await control.run("idle", {});
  await untilFinished(store.sql, 90_000);
  for (const body of ["/help", "/review", "/explain"])
    await control.apply("addComment", { repository: REPOSITORY, number: pull.number ?? 0, body, by: "octocat" });
  await control.apply("addComment", { repository: REPOSITORY, number, body: "/help", by: "octocat" });
  const hook = { zen: "x", hook: { config: { secret: hookSecret } } };
  await control.run("deliver", { event: "ping", payload: hook });
  await control.run("deliver", { event: "ping", payload: { action: "x", client_payload: { token: clientToken } } });
  await control.run("idle", {});
  const origin = { installationId: BigInt(id), deliveryGuid: null, traceId: null, now: new Date() };
  const plans = KINDS.map((kind) => ({
    queue: "agents" as const,
    name: "careless",
    key: kind,
    payload: { kind },
    maxAttempts: kind === "authentication" ? 1 : 2,
    delayMs: 0,
  }));
  await planJobs(store.sql, plans, origin);
  // A limit is waited for without end.
  while ((await unfinished(store)) > 1) await wait(100);
  await store.sql.query(
    "UPDATE jobs SET status = 'failed', finished_at = now() WHERE name = 'careless' AND status = 'waiting'",
  );
  await untilFinished(store.sql, 90_000);
  return id;
}

async function unfinished(store: Store): Promise<number> {
  // Triage waits for minutes, so that a person can be first.
  const [row] = await store.sql.query(
    "SELECT count(*)::int AS n FROM jobs WHERE status IN ('waiting', 'running') AND name NOT LIKE 'triage%'",
  );
  return z.object({ n: z.int() }).parse(row).n;
}
