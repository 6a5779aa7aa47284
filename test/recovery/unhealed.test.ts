import { beforeEach, describe, expect, test } from "vitest";
import type { Sql } from "../../src/store/store.js";
import type { RecoverySetting } from "./setting.js";
import { sweeping } from "./sweeping.js";

const { now, faults, sweep, ledger, mirrored } = sweeping();
let setting: RecoverySetting;
let sql: Sql;
beforeEach(() => {
  ({ setting, sql } = now());
});

describe("losses that no redelivery recovers", () => {
  test("is requested three times, then its repository is read once for all of its losses", async () => {
    await mirrored();
    await faults({ deliveryLost: 1 });
    await setting.openIssues(3);
    for (const asked of [3, 3, 3, 0]) expect(await sweep()).toMatchObject({ asked });
    expect(await ledger("status, asked, reason")).toEqual(
      Array.from({ length: 3 }, () => ({ status: "syncing", asked: 3, reason: "still missing after 3 redeliveries" })),
    );
    const runs = await sql.query("SELECT id, mode, subject, requested_by FROM sync_runs");
    expect(runs).toMatchObject([{ mode: "spot", subject: "acme/site", requested_by: "recovery" }]);
    expect(setting.woken).toHaveLength(1);
    await sql.query("UPDATE sync_runs SET status = 'failed', finished_at = $1", [setting.clock.now()]);
    await sweep();
    expect(await sql.query("SELECT 1 FROM sync_runs")).toHaveLength(2);
    await sql.query("UPDATE sync_runs SET status = 'completed', finished_at = $1 WHERE status = 'waiting'", [
      setting.clock.now(),
    ]);
    expect(await sweep()).toMatchObject({ healed: 3, asked: 0 });
    expect(await ledger("status, healed_by")).toEqual(
      Array.from({ length: 3 }, () => ({ status: "healed", healed_by: "sync" })),
    );
    // Still listed, still not here, and settled.
    expect(await sweep()).toMatchObject({ found: 0, asked: 0, toRead: 0 });
  });

  test("a redelivery that is not listed is requested again only after a while", async () => {
    await faults({ deliveryLost: 1 });
    await setting.openIssues(1);
    await faults({ planned: [{ match: "POST /app/hook/deliveries", kind: "reset", times: 1 }] });
    expect(await sweep()).toMatchObject({ asked: 0, stopped: null });
    expect(await sweep()).toMatchObject({ asked: 0 });
    setting.clock.advance(16 * 60);
    expect(await sweep()).toMatchObject({ asked: 1 });
    expect(await ledger("asked")).toEqual([{ asked: 2 }]);
  });

  test.each([
    ["too big", 413, {}, "the body is too big to be delivered"],
    ["too old", 502, { redeliverableMs: 60_000 }, "GitHub repeats no delivery that old"],
  ])("%s: read at once", async (_what, statusCode, rules, reason) => {
    await mirrored();
    await faults({ deliveryLost: 1 });
    await setting.openIssues(1);
    const record = setting.github.simulation.deliveries.records.at(-1);
    if (record) Object.assign(record, { statusCode });
    // Recorded while it could be repeated, then nobody swept for a while.
    await sweep({ times: 0 });
    await sql.query("UPDATE drift_ledger SET status = 'missing', reason = NULL, sync_run_id = NULL");
    setting.clock.advance(120);
    expect(await sweep(rules)).toMatchObject({ asked: 0, toRead: 1 });
    expect(await ledger("status, reason")).toEqual([{ status: "syncing", reason }]);
  });

  test("refused by GitHub: read, with GitHub's reason", async () => {
    await mirrored();
    await faults({ deliveryLost: 1 });
    await setting.openIssues(1);
    await faults({ planned: [{ match: "POST /app/hook/deliveries", kind: "status", status: 404, times: 1 }] });
    expect(await sweep()).toMatchObject({ asked: 0, refused: 1, toRead: 1 });
    const [row] = await ledger("status, reason");
    expect(row?.["status"]).toBe("syncing");
    expect(row?.["reason"]).toMatch(/GitHub will not repeat it: GitHub answered 404/);
    expect(await sql.query("SELECT mode FROM sync_runs")).toEqual([{ mode: "spot" }]);
  });

  test("of an installation that is not known: it is read first, then all of it", async () => {
    await faults({ deliveryLost: 1 });
    await setting.openIssues(1);
    await sweep({ times: 0 });
    expect(await sql.query("SELECT name FROM jobs")).toEqual([{ name: "access" }]);
    await mirrored();
    await sql.query("UPDATE repositories SET access_removed_at = now()");
    await sweep({ times: 0 });
    expect(await sql.query("SELECT mode FROM sync_runs")).toEqual([{ mode: "full" }]);
  });

  test("of an installation that is over: given up, with the reason", async () => {
    await mirrored();
    await sql.query("UPDATE installations SET deleted_at = now()");
    await faults({ deliveryLost: 1 });
    await setting.openIssues(1);
    await sweep({ times: 0 });
    const [row] = await ledger("status, reason");
    expect(row?.["status"]).toBe("given-up");
    expect(row?.["reason"]).toMatch(/the App is uninstalled or suspended there/);
  });
});
