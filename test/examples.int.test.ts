import { describe, expect, it } from "vitest";
import { CONTENT_EVENTS } from "../src/domain.js";
import { registryOf } from "../src/jobs/define-job.js";
import { JOBS } from "../src/jobs/registry.js";
import { createLog } from "../src/log.js";
import { type Processed, processDelivery } from "../src/process/process-delivery.js";
import { TENANT_TABLES } from "../src/store/facts/tenant-tables.js";
import { withDatabase } from "./support/database.js";
import { type Example, examples } from "./support/examples.js";

const database = await withDatabase();
const log = createLog({ level: "silent" });
const content = examples().filter(({ event }) => CONTENT_EVENTS.some((name) => name === event));

/** Some examples are of repository webhooks and name no installation; the demo's is added, as the demo does. */
const INSTALLATION = { id: 1 };

function processAll(
  now: Date,
): Promise<readonly { readonly example: Example; readonly processed: Processed | null }[]> {
  const deps = { store: database.store, jobs: registryOf(JOBS), clock: { now: () => now }, log };
  return content.reduce<Promise<{ example: Example; processed: Processed | null }[]>>(async (before, example) => {
    const done = await before;
    const payload = { installation: INSTALLATION, ...example.payload };
    const guid = `${example.event}-${example.index}`;
    const processed = await processDelivery(deps, { guid, name: example.event, payload, token: null });
    return [...done, { example, processed }];
  }, Promise.resolve([]));
}

async function dump(): Promise<Readonly<Record<string, readonly unknown[]>>> {
  const tables = ["installations", ...TENANT_TABLES.map(({ table }) => table)].filter((table) => table !== "jobs");
  const dumped: Record<string, readonly unknown[]> = {};
  for (const table of tables) {
    dumped[table] = await database.store.sql.query(
      `SELECT to_jsonb(t) AS row FROM ${table} t ORDER BY to_jsonb(t)::text`,
    );
  }
  return dumped;
}

describe("the 99 examples of the eight events", () => {
  it("are all processed and explained, and a second time change no row", async () => {
    expect(content).toHaveLength(99);
    const first = await processAll(new Date("2026-01-01T00:00:00Z"));
    for (const { example, processed } of first) {
      const name = `${example.event} ${example.index}`;
      expect(processed?.status, name).toMatch(/processed|skipped/);
      expect(processed?.outcome.facts.length || processed?.outcome.reason, name).toBeTruthy();
      // Either there is work, or the reason for none.
      expect(processed?.outcome.reason ?? processed?.outcome.jobs.length, name).toBeTruthy();
    }
    const before = await dump();
    for (const table of ["pull_requests", "reviews", "issues", "issue_comments", "deployments", "releases", "pushes"]) {
      expect(before[table]?.length, table).toBeGreaterThan(0);
    }
    await processAll(new Date("2026-01-02T00:00:00Z"));
    expect(await dump()).toEqual(before);
  });
});
