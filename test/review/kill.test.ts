import { afterAll, beforeAll, expect, test } from "vitest";
import { startGitHubProcess, type GitHubProcess } from "../../demo/github/index.js";
import { startApp } from "../crash/app-child.js";
import { taskFor, untilFinished } from "../crash/setting.js";
import { createDatabase, type TestDatabase } from "../support/database.js";

const repository = "acme/site";
let github: GitHubProcess;
let database: TestDatabase;

beforeAll(async () => {
  github = await startGitHubProcess();
  database = await createDatabase();
  await github.control.apply("createRepository", { repository });
  await github.control.apply("install", {});
});
afterAll(async () => {
  await github.close();
  await database.drop();
});

const content = "export function pay(): void {\n  debugger;\n}\n";

/**
 * The points of a review: its check and its review each have an intent, a call and a result. Killed before the first
 * intent, between the two effects, and after each call, it says everything once.
 */
test.each([
  ["afterIntent", 1],
  ["afterCall", 1],
  ["afterIntent", 2],
  ["afterCall", 2],
] as const)("kill -9 %s of effect %i: one review, one check, one comment", { timeout: 120_000 }, async (at, nth) => {
  const { control } = github;
  const task = taskFor({ github, repository }, database.url);
  const first = await startApp({ ...task, die: { at, nth } });
  await control.run("webhook", { url: `${first.url}/api/github/webhooks` });
  const commits = [{ message: "Pay", files: [{ path: "src/pay.ts", content }] }];
  const { number = 0, sha = "" } = await control.apply("openPull", { repository, title: `${at} ${nth}`, commits });
  await first.gone;
  const { sql } = database.store;
  expect(await sql.query("SELECT status FROM agent_runs WHERE number = $1", [number])).toEqual([{ status: "decided" }]);

  const second = await startApp(task);
  await control.run("webhook", { url: `${second.url}/api/github/webhooks` });
  await control.run("idle", {});
  await untilFinished(sql, 60_000);
  await second.stop();
  const seen = await control.run("review", { repository, number });
  expect(seen).toEqual({ head: sha, reviews: 1, threads: 1, checks: 1, annotations: 1 });
  expect(await sql.query("SELECT state FROM findings WHERE number = $1", [number])).toEqual([{ state: "open" }]);
  const runs = await sql.query("SELECT status FROM agent_runs WHERE number = $1 AND skipped IS NULL", [number]);
  expect(runs).toEqual([{ status: "done" }]);
});
