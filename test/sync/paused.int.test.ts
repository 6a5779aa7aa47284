import { setTimeout as wait } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { z } from "zod";
import { withDatabase } from "../support/database.js";
import { startApp } from "./app.js";

const TOKEN = "an-operator-token-for-tests";
const database = await withDatabase();
const made = await startApp(database, { hour: 12, adminToken: TOKEN });
afterAll(() => made.close());

const Report = z.object({ id: z.string(), status: z.string(), resumesAt: z.string().nullable() });
const url = `${made.app.url}/api/integrations/github/sync`;
const headers = { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" };

async function runs(): Promise<readonly z.infer<typeof Report>[]> {
  const response = await fetch(url, { headers });
  return z.object({ runs: z.array(Report) }).parse(await response.json()).runs;
}

/** Looks at a run until it is what is waited for. */
async function until(id: string, statuses: readonly string[], withinMs: number): Promise<z.infer<typeof Report>> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const run = (await runs()).find((each) => each.id === id);
    if (run && statuses.includes(run.status)) return run;
    if (Date.now() > deadline) throw new Error(`after ${withinMs} ms: ${JSON.stringify(run)}`);
    await wait(50);
  }
}

/** Takes all of the quota and asks for a full sync; once more where the hour ended just then. */
async function startedWithoutQuota(): Promise<z.infer<typeof Report>> {
  const [row] = await database.store.sql.query("SELECT id::int AS id FROM installations");
  const body = JSON.stringify({ installation: row?.["id"], full: true });
  for (;;) {
    await made.github.control.run("remaining", { graphql: 0, rest: 0 });
    const response = await fetch(url, { method: "POST", headers, body });
    const { id } = Report.parse(await response.json());
    const run = await until(id, ["paused", "completed"], 30_000);
    if (run.status === "paused") return run;
  }
}

/** The whole app: nobody does anything but look. */
test(
  "shows PAUSED and the time when the limit is used up, and resumes by itself",
  {
    timeout: 120_000,
  },
  async () => {
    const { control } = made.github;
    await control.apply("createRepository", { repository: "acme/site" });
    await control.apply("openIssue", { repository: "acme/site", title: "An old one" });
    await made.install();
    const paused = await startedWithoutQuota();
    const resumesAt = Date.parse(paused.resumesAt ?? "");
    expect(resumesAt).toBeGreaterThan(Date.now() - 1_000);
    expect(resumesAt).toBeLessThan(Date.now() + 14_000);
    const done = await until(paused.id, ["completed"], 60_000);
    expect(done).toMatchObject({ id: paused.id, resumesAt: null });
    expect(Date.now()).toBeGreaterThanOrEqual(resumesAt);
    const [row] = await database.store.sql.query(
      `SELECT r.paused_ms::int AS paused, j.attempts FROM sync_runs r
     JOIN jobs j ON j.name = 'sync' AND j.payload->>'runId' = r.id::text WHERE r.id = $1`,
      [paused.id],
    );
    expect(row?.["paused"]).toBeGreaterThan(0);
    // A pause costs no attempt.
    expect(row?.["attempts"]).toBeLessThanOrEqual(1);
  },
);
