import { afterAll, expect, test } from "vitest";
import { withDatabase } from "../support/database.js";
import { startApp } from "./app.js";

const database = await withDatabase();
const made = await startApp(database, { sweepMs: 1_000 });
afterAll(() => made.close());

/** The whole app: what was there before the App was installed is mirrored as soon as it is. */
test("installing the App mirrors the organisation's history", { timeout: 120_000 }, async () => {
  const { control } = made.github;
  await control.apply("createRepository", { repository: "acme/site" });
  await control.apply("openPull", { repository: "acme/site", title: "Before its time" });
  await control.apply("openIssue", { repository: "acme/site", title: "An old one" });
  await made.install();
  const { sql } = database.store;
  expect(await sql.query("SELECT number, title FROM pull_requests")).toEqual([{ number: 1, title: "Before its time" }]);
  expect(await sql.query("SELECT number, title FROM issues")).toEqual([{ number: 2, title: "An old one" }]);
  const [run] = await sql.query("SELECT mode, status FROM sync_runs");
  expect(run).toEqual({ mode: "full", status: "completed" });
});
