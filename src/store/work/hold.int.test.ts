import { describe, expect, test } from "vitest";
import { jobsOf, later, LEASE, NOW } from "../../../test/store/jobs.js";
import { withDatabase } from "../../../test/support/database.js";
import { claimDeliveries, releaseDeliveries } from "../deliveries/claim-deliveries.js";
import { failDelivery } from "../deliveries/fail-delivery.js";
import { finishDelivery, lockDelivery } from "../deliveries/finish-delivery.js";
import { finishJob, retryJob } from "../jobs/end-job.js";
import { recoverJobs } from "../jobs/recover-jobs.js";
import { renewHold } from "./hold.js";

const { store } = await withDatabase();
const { sql } = store;
const { planned, claim } = jobsOf(store);

const rowsOf = (table: "deliveries" | "jobs"): Promise<readonly unknown[]> =>
  sql.query(`SELECT * FROM ${table} ORDER BY id`);

/** What the process that was stopped does when it is back. */
const OLD = "the old holder";
const NEW = "the new holder";

describe("a stopped process whose two leases another process has taken over", () => {
  test("changes no delivery: neither renews, nor releases, nor ends it", async () => {
    const guids = ["00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"];
    await sql.query(
      `INSERT INTO deliveries (guid, event, content_type, body_bytes, received_at)
       SELECT guid, 'issues', 'application/json', 2, $2 FROM unnest($1::text[]) AS guid`,
      [guids, NOW],
    );
    const claimBy = (token: string, now: Date) =>
      claimDeliveries(sql, { ids: null, limit: 2, now, leaseMs: LEASE, token });
    const taken = await claimBy(OLD, NOW);
    // The attempt is given back in between, as after a used-up quota: its number alone would not tell the two apart.
    await sql.query("UPDATE deliveries SET attempts = attempts - 1");
    const again = await claimBy(NEW, later(LEASE));
    expect(again.map(({ id, attempts }) => ({ id, attempts }))).toEqual(
      taken.map(({ id, attempts }) => ({ id, attempts })),
    );
    const before = await rowsOf("deliveries");

    const ids = taken.map(({ id }) => id);
    expect(await renewHold(sql, "deliveries", ids, { token: OLD, until: later(9 * LEASE) })).toEqual(new Set());
    await releaseDeliveries(sql, ids, OLD);
    for (const { id, guid } of taken) {
      expect(await store.transaction((own) => lockDelivery(own, guid, OLD))).toBeNull();
      const about = { action: null, installationId: null, repositoryId: null, subject: null, senderLogin: null };
      const ended = { token: OLD, reason: null, now: later(LEASE) };
      expect(await finishDelivery(sql, { ...ended, ...about, guid, status: "processed", outcome: null })).toBe(false);
      const failed = { ...ended, id, status: "failed", runAt: null, countsAttempt: true, kind: "unknown" } as const;
      expect(await failDelivery(sql, { ...failed, error: "late", about: null })).toBe(false);
    }
    expect(await rowsOf("deliveries")).toEqual(before);
    expect((await renewHold(sql, "deliveries", ids, { token: NEW, until: later(9 * LEASE) })).size).toBe(2);
  });

  test("changes no job: neither renews, nor gives it back, nor ends it", async () => {
    const ids = [await planned("a"), await planned("b")];
    for (const id of ids) await claim(id, OLD);
    const now = later(LEASE);
    await recoverJobs(sql, now, 10);
    for (const id of ids) expect(await claim(id, NEW, now)).toMatchObject({ status: "claimed" });
    const before = await rowsOf("jobs");

    expect(await renewHold(sql, "jobs", ids, { token: OLD, until: later(9 * LEASE) })).toEqual(new Set());
    for (const id of ids) {
      const run = { id, token: OLD, now };
      expect(await retryJob(sql, run, { at: now, costsAttempt: false, reason: "late" })).toBe("lost");
      expect(await finishJob(sql, run, { status: "done", reason: "late" })).toBe(false);
    }
    expect(await rowsOf("jobs")).toEqual(before);
    expect((await renewHold(sql, "jobs", ids, { token: NEW, until: later(9 * LEASE) })).size).toBe(2);
  });
});
