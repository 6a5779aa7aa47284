import { beforeEach, describe, expect, test } from "vitest";
import type { CheckName } from "../../src/health/reading.js";
import { passes } from "./passes.js";
import type { HealthSetting } from "./setting.js";

const { now, sql, look, standing } = passes();
let setting: HealthSetting;
beforeEach(() => {
  setting = now();
});

describe("the app's own parts, by the tables", () => {
  const minutesAgo = (minutes: number): Date =>
    new Date(setting.github.simulation.clock.now().getTime() - minutes * 60_000);
  const job = (more: string, values: readonly unknown[]) =>
    sql(
      `INSERT INTO jobs (queue, name, payload, max_attempts, status, key, run_at, locked_until, finished_at)
       VALUES ('sync', 'refresh', '{}', 3, ${more})`,
      values,
    );
  const delivery = (status: string, at: Date) =>
    sql(
      `INSERT INTO deliveries (guid, event, content_type, body_bytes, status, received_at, run_at, locked_until)
       VALUES (gen_random_uuid()::text, 'push', 'application/json', 0, $1, $2, $2, $2)`,
      [status, at],
    );

  test.each<readonly [CheckName, string, () => Promise<unknown>, RegExp]>([
    [
      "queue",
      "an old job that is due",
      () => job("'waiting', 'a', $1, NULL, NULL", [minutesAgo(40)]),
      /1 jobs are due, the oldest for 5\d min/,
    ],
    ["workers", "a lease that ended", () => job("'running', 'a', $1, $1, NULL", [minutesAgo(15)]), /1 leases expired/],
    ["workers", "a delivery's lease that ended", () => delivery("processing", minutesAgo(15)), /1 leases expired/],
    ["inbox", "a delivery that nobody took", () => delivery("received", minutesAgo(15)), /1 deliveries wait/],
    ["inbox", "a retry that is overdue", () => delivery("retry", minutesAgo(15)), /1 deliveries wait/],
    [
      "drift",
      "an old loss",
      () =>
        sql(
          `INSERT INTO drift_ledger (guid, event, cause, status_code, detail, attempt_id, lost_at, found_at)
           VALUES ('g', 'push', 'not-delivered', 502, '', 1, $1, $1)`,
          [minutesAgo(300)],
        ),
      /1 of them are not recovered yet/,
    ],
    [
      "drift",
      "no comparison for hours",
      () =>
        sql(
          `INSERT INTO jobs (queue, name, payload, max_attempts, status, key, finished_at)
           VALUES ('health', 'recovery', '{}', 3, 'done', 'app', $1)`,
          [minutesAgo(200)],
        ),
      /compared with GitHub 3\.\d h ago/,
    ],
  ])("%s: %s", async (check, _what, plant, reason) => {
    await look();
    await plant();
    await look();
    await look();
    const { level, reason: said } = await standing(check, null);
    expect(level.state).toBe("unhealthy");
    expect(said).toMatch(reason);
  });

  test("ignores work that waits for its own key, or that is not due yet", async () => {
    await job("'waiting', 'a', $1, NULL, NULL", [minutesAgo(40)]);
    await job("'running', 'a', $1, $2, NULL", [minutesAgo(40), minutesAgo(-60)]);
    await job("'waiting', 'b', $1, NULL, NULL", [minutesAgo(-60)]);
    await look();
    expect(await standing("queue", null)).toMatchObject({ level: { state: "healthy" }, reason: "no job is due" });
  });

  test("sync: how long ago the whole was read, and which repository cannot be", async () => {
    const [installation] = await sql("SELECT id FROM installations");
    const id = installation?.["id"];
    const run = (status: string, minutes: number, mode = "incremental") =>
      sql(
        `INSERT INTO sync_runs (installation_id, mode, requested_by, status, created_at, finished_at)
         VALUES ($1, $2, 'test', $3, $4, $4)`,
        [id, mode, status, minutesAgo(minutes)],
      );
    await run("completed", 100);
    await run("completed", 1, "spot");
    await run("failed", 1);
    await look();
    await look();
    expect(await standing("sync")).toMatchObject({ level: { state: "unhealthy" } });
    expect((await standing("sync")).reason).toMatch(/^complete 11\d min ago$/);
    await run("completed-with-warnings", 1);
    await sql(
      "INSERT INTO repositories (id, installation_id, owner_login, name, full_name, updated_at, content_hash) VALUES (5, $1, 'acme', 'bad', 'acme/bad', now(), '')",
      [id],
    );
    await sql(
      "INSERT INTO sync_cursors (installation_id, repository_id, entity, lane, status) VALUES ($1, 5, 'issues', 'x', 'failed')",
      [id],
    );
    await look();
    await look();
    expect((await standing("sync")).reason).toMatch(/1 repositories cannot be read: acme\/bad/);
  });
});
