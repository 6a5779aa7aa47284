import { afterAll, expect, test } from "vitest";
import { startGitHub } from "../../simulator/index.js";
import { planJobs } from "../../src/store/jobs/plan-jobs.js";
import { startBeside } from "../support/app.js";
import { withDatabase } from "../support/database.js";
import { installed } from "./setting.js";

const github = await startGitHub();
afterAll(() => github.close());
const { store, url } = await withDatabase();

/** The whole app: reads for deliveries, and the review, keep to the budget that the sync keeps to. */
test("live work and agents spend from the installation's one budget", { timeout: 90_000 }, async () => {
  const { control } = github;
  await control.apply("createRepository", { repository: "acme/site" });
  await control.apply("install", {});
  const [id = 0] = github.simulation.organisation.installations.keys();
  const now = new Date();
  await installed(store, BigInt(id), now);
  const app = await startBeside(github, url, { sweepMs: 200, reviewQuietMs: 0 });
  try {
    // Another process was told by GitHub to leave it alone for an hour.
    const until = new Date(now.getTime() + 3_600_000);
    await store.sql.query(
      `INSERT INTO rate_budgets (installation_id, resource, blocked_until) VALUES ($1, 'core', $2), ($1, 'graphql', $2)
       ON CONFLICT (installation_id, resource) DO UPDATE SET blocked_until = excluded.blocked_until`,
      [id, until],
    );
    await control.run("webhook", { url: `${app.url}/api/github/webhooks` });
    await control.apply("openPull", { repository: "acme/site", title: "To be reviewed" });
    const access = {
      queue: "sync",
      name: "access",
      key: String(id),
      payload: { installationId: id },
      maxAttempts: 8,
      delayMs: 0,
    } as const;
    const origin = { installationId: BigInt(id), deliveryGuid: null, traceId: null, now };
    await store.transaction((sql) => planJobs(sql, [access], origin));
    const waiting = async (): Promise<unknown> =>
      store.sql.query(
        `SELECT name, attempts, run_at >= $1 AS later FROM jobs
         WHERE status = 'waiting' AND error_kind = 'rate-limit' AND name IN ('access', 'review') ORDER BY name`,
        [until],
      );
    await expect.poll(waiting, { timeout: 40_000, interval: 200 }).toEqual([
      { name: "access", attempts: 0, later: true },
      { name: "review", attempts: 0, later: true },
    ]);
  } finally {
    await app.close();
  }
});
