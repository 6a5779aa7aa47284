import { afterAll, beforeAll, expect, test } from "vitest";
import { startGitHubProcess, type GitHubProcess } from "../../simulator/index.js";
import { type AppChild, startApp } from "../crash/app-child.js";
import type { Death } from "../crash/app-process.js";
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
 * intent, between the two effects, and after each call, it says everything once. What was started again is killed next.
 */
const POINTS = [
  ["afterIntent", 1],
  ["afterCall", 1],
  ["afterIntent", 2],
  ["afterCall", 2],
] as const;

test("kill -9 after each intent and each call: one review, one check, one comment", { timeout: 300_000 }, async () => {
  let app = await startApp(taskFor({ github, repository }, database.url));
  for (const [at, nth] of POINTS) app = await expectSurvival(app, { at, nth });
  await app.stop();
});

/** Gives the app that was started after the death. */
async function expectSurvival(first: AppChild, { at, nth }: Death): Promise<AppChild> {
  const { control } = github;
  await control.run("webhook", { url: `${first.url}/api/github/webhooks` });
  await first.arm({ at, nth });
  const commits = [{ message: "Pay", files: [{ path: "src/pay.ts", content }] }];
  const { number = 0, sha = "" } = await control.apply("openPull", { repository, title: `${at} ${nth}`, commits });
  await first.gone;
  const { sql } = database.store;
  expect(await sql.query("SELECT status FROM agent_runs WHERE number = $1", [number])).toEqual([{ status: "decided" }]);

  const second = await startApp(taskFor({ github, repository }, database.url));
  await control.run("webhook", { url: `${second.url}/api/github/webhooks` });
  await control.run("idle", {});
  await untilFinished(sql, 60_000);
  const seen = await control.run("review", { repository, number });
  expect(seen, `${at} ${nth}`).toEqual({ head: sha, reviews: 1, threads: 1, checks: 1, annotations: 1 });
  expect(await sql.query("SELECT state FROM findings WHERE number = $1", [number])).toEqual([{ state: "open" }]);
  const runs = await sql.query("SELECT status FROM agent_runs WHERE number = $1 AND skipped IS NULL", [number]);
  expect(runs).toEqual([{ status: "done" }]);
  return second;
}
