import { afterAll, beforeAll, expect, test } from "vitest";
import { startGitHub } from "../../simulator/index.js";
import { createLog } from "../../src/log.js";
import type { Running } from "../../src/main.js";
import { untilFinished } from "../crash/setting.js";
import { startBeside } from "../support/app.js";
import { withDatabase } from "../support/database.js";
import { webhookSink } from "../../src/alerts/sinks/webhook-sink.js";
import { issueSink } from "../../src/alerts/sinks/issue-sink.js";
import { startReceiver } from "./receiver.js";
import { MINUTE, StillClock, tell } from "./setting.js";

const SETTINGS = `notices:
  merged: true
  approved: true
  changesRequested: true
  released: true
  deployed: true
  deploymentFailed: true
`;
const [CHOSEN, OTHER] = ["acme/chosen", "acme/other"] as const;

const github = await startGitHub();
const { store, url: databaseUrl } = await withDatabase();
const { sql } = store;
const { control } = github;
let app: Running;

beforeAll(async () => {
  app = await startBeside(github, databaseUrl, {
    env: { GITHUB_SERVER_URL: "https://github.example" },
    log: createLog({ level: process.env["NOTICES_LOG"] ?? "silent" }),
    sweepMs: 500,
    reviewQuietMs: 0,
    octokit: { writeSpacingMs: 0 },
  });
  await control.run("webhook", { url: `${app.url}/api/github/webhooks` });
  const files = [{ path: ".github/companyos.yml", content: SETTINGS }];
  await control.apply("createRepository", { repository: CHOSEN, files });
  await control.apply("createRepository", { repository: OTHER });
  await control.apply("install", {});
  await settled();
});
afterAll(async () => {
  await app.close();
  await github.close();
});

async function settled(): Promise<void> {
  await control.run("idle", {});
  await untilFinished(sql, 60_000);
}

/** Everything that notices are about, once. */
async function live(repository: string): Promise<void> {
  const { number = 0 } = await control.apply("openPull", {
    repository,
    title: "Mend <!channel> it",
    commits: [{ message: "Mend it", files: [{ path: "a.md", content: "a" }] }],
  });
  await settled();
  for (const state of ["CHANGES_REQUESTED", "APPROVED"] as const)
    await control.apply("submitReview", { repository, number, state, author: "monalisa" });
  await control.apply("mergePull", { repository, number });
  await control.apply("createRelease", { repository, tag: "v1.2.0" });
  for (const state of ["success", "failure"] as const) {
    const { id = 0 } = await control.apply("createDeployment", { repository, environment: "production" });
    await control.apply("setDeploymentStatus", { deployment: id, state });
  }
  await settled();
}

test("sends an enabled notice once, with links and without mentions, and none of other repositories", async () => {
  await live(CHOSEN);
  await live(OTHER);
  const rows = await sql.query("SELECT title, severity, detail FROM alerts WHERE kind = 'notice' ORDER BY id");
  const titles = rows.map(({ title }) => String(title));
  expect(titles.sort()).toEqual([
    "Approved: Mend <!channel> it (acme/chosen#1)",
    "Changes requested: Mend <!channel> it (acme/chosen#1)",
    "Deployed: acme/chosen main to production",
    "Deployment failed: acme/chosen main to production",
    "Merged: Mend <!channel> it (acme/chosen#1)",
    "Released: acme/chosen v1.2.0",
  ]);
  const detailOf = (start: string) => rows.find(({ title }) => String(title).startsWith(start));
  expect(detailOf("Deployment failed")).toMatchObject({ severity: "warning" });
  expect(detailOf("Merged")?.["detail"]).toContain("https://github.example/acme/chosen/pull/1");
  const off = await sql.query(
    "SELECT DISTINCT reason FROM jobs WHERE status = 'skipped' AND reason LIKE 'notices.%' ORDER BY 1",
  );
  expect(off.map(({ reason }) => reason)).toContain("notices.merged is off for this repository");
  expect(off).toHaveLength(6);
});

test("running the jobs again sends nothing again", async () => {
  await sql.query("UPDATE jobs SET status = 'waiting', run_at = now() WHERE queue = 'agents' AND name <> 'review'");
  await untilFinished(sql, 60_000);
  const [row] = await sql.query("SELECT count(*)::int AS notices FROM alerts WHERE kind = 'notice'");
  expect(row).toEqual({ notices: 6 });
});

test("notices reach a sink once, are never open, and make no issue", async () => {
  const receiver = await startReceiver();
  const clock = new StillClock();
  await sql.query("UPDATE alerts SET opened_at = $1, resolved_at = $1", [clock.now()]);
  const hook = webhookSink({ url: receiver.url, secret: undefined, clock });
  const issues = issueSink({
    repository: CHOSEN,
    sql,
    writer: () => expect.fail("a notice is no issue"),
  });
  clock.pass(MINUTE);
  expect(await tell(store, clock, [hook, issues])).toEqual({ sent: 6, failed: 0 });
  clock.pass(300 * MINUTE);
  expect(await tell(store, clock, [hook, issues])).toEqual({ sent: 0, failed: 0 });
  expect(receiver.received).toHaveLength(1);
  const [row] = await sql.query("SELECT count(*)::int AS open FROM alerts WHERE kind = 'notice' AND status = 'open'");
  expect(row).toEqual({ open: 0 });
  await receiver.close();
});
