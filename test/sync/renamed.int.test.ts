import { afterEach, expect, test } from "vitest";
import { requestHealthPass } from "../../src/jobs/health/health-job.js";
import { requestSync } from "../../src/jobs/sync/request-sync.js";
import { readRun } from "../../src/store/sync/runs.js";
import { untilFinished } from "../crash/setting.js";
import { withDatabase } from "../support/database.js";
import { startApp } from "./app.js";

const database = await withDatabase();
let setting: Awaited<ReturnType<typeof startApp>> | undefined;
afterEach(() => setting?.close());

test("an organisation that was renamed is synced on, under its new name", { timeout: 120_000 }, async () => {
  const { store } = database;
  const clock = { now: () => new Date() };
  setting = await startApp(database, { sweepMs: 300 });
  const { github } = setting;
  await github.control.apply("createRepository", { repository: "acme/site" });
  await setting.install();

  await github.control.apply("renameAccount", { login: "acme", to: "acme-inc" });
  await requestHealthPass({ store, clock });
  await untilFinished(store.sql, 60_000);
  expect(await store.sql.query("SELECT account_login FROM installations")).toEqual([{ account_login: "acme-inc" }]);
  expect(await store.sql.query("SELECT full_name FROM repositories")).toEqual([{ full_name: "acme-inc/site" }]);

  const [installation] = github.simulation.organisation.installations.keys();
  const request = { installationId: BigInt(installation ?? 0), mode: "incremental", subject: null } as const;
  const { run } = await requestSync({ store, clock }, { ...request, requestedBy: "test" });
  await untilFinished(store.sql, 60_000);
  expect(await readRun(store.sql, run.id)).toMatchObject({ status: "completed", warnings: [] });
});
