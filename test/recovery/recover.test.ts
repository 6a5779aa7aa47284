import { beforeEach, describe, expect, test } from "vitest";
import { readWatermark } from "../../src/store/drift/watermark.js";
import type { Sql } from "../../src/store/store.js";
import type { RecoverySetting } from "./setting.js";
import { sweeping } from "./sweeping.js";

const { now, faults, sweep, ledger, mirrored } = sweeping();
let setting: RecoverySetting;
let sql: Sql;
beforeEach(() => {
  ({ setting, sql } = now());
});

test("finds lost deliveries among many pages, and requests only those", async () => {
  await setting.openIssues(230);
  await faults({ deliveryAcknowledgedThenLost: 1 });
  const lost = await setting.openIssues(1);
  await faults({});
  await setting.openIssues(230);
  const recovered = await sweep();
  expect(recovered).toMatchObject({ listed: 461, found: 1, asked: 1, refused: 0, stopped: null });
  expect(await ledger("guid, cause, asked")).toEqual([{ guid: lost[0], cause: "acknowledged-then-lost", asked: 1 }]);
  expect(await sweep()).toMatchObject({ found: 0, asked: 0 });
  expect(await ledger("status, healed_by, healed_at >= lost_at AS later")).toEqual([
    { status: "healed", healed_by: "redelivery", later: true },
  ]);
});

test("looks back no further than the overlap, and never past the watermark", async () => {
  await setting.openIssues(1);
  expect(await sweep()).toMatchObject({ listed: 1 });
  setting.clock.advance(14 * 60);
  await setting.openIssues(1);
  expect(await sweep()).toMatchObject({ listed: 2 });
  setting.clock.advance(16 * 60);
  await setting.openIssues(1);
  // Down to 15 minutes below the second one.
  expect(await sweep()).toMatchObject({ listed: 3 });
  expect(await sweep()).toMatchObject({ listed: 1 });
});

test("a delivery that comes late, below the watermark, is still compared", async () => {
  await setting.openIssues(1);
  await sweep();
  const watermark = await readWatermark(sql);
  await faults({ deliveryLost: 1 });
  await setting.openIssues(1);
  const late = setting.github.simulation.deliveries.records.at(-1);
  if (late) Object.assign(late, { deliveredAt: new Date((watermark?.listedTo?.getTime() ?? 0) - 14 * 60_000) });
  await faults({});
  expect(await sweep()).toMatchObject({ found: 1, asked: 1 });
});

test("ignores a redelivery that a person requested and that arrived", async () => {
  await faults({ deliveryLost: 1 });
  await setting.openIssues(1);
  await faults({});
  const id = setting.github.simulation.deliveries.records.at(-1)?.id ?? 0;
  await setting.github.control.run("redeliver", { id });
  await setting.github.control.run("idle", {});
  expect(await sweep()).toMatchObject({ listed: 2, found: 0, asked: 0 });
});

describe("the very first sweep", () => {
  test("recovers losses from before the first start", async () => {
    await faults({ deliveryLost: 1 });
    await setting.openIssues(3);
    await faults({});
    expect(await sweep({ firstMost: 3 })).toMatchObject({ found: 3, asked: 3, leftToSync: 0 });
  });

  test("leaves a busy organisation's past to the first sync, except deliveries about installations", async () => {
    await faults({ deliveryLost: 1 });
    await setting.openIssues(3);
    setting.clock.advance(3_600);
    const [installation] = setting.github.simulation.organisation.installations.values();
    const { id = 0, permissions = {} } = installation ?? {};
    await setting.github.control.apply("acceptPermissions", { installation: id, permissions });
    await setting.github.control.run("idle", {});
    await faults({});
    expect(await sweep({ firstMost: 3 })).toMatchObject({ found: 1, asked: 1, leftToSync: 3 });
    expect(await ledger("event")).toEqual([{ event: "installation" }]);
    // From then on everything counts.
    await faults({ deliveryLost: 1 });
    await setting.openIssues(4);
    await faults({});
    expect(await sweep({ firstMost: 3 })).toMatchObject({ found: 4, leftToSync: 0 });
  });
});

const DAY = 24 * 3600;
const runs = () => sql.query("SELECT mode, requested_by FROM sync_runs");

test("after more days than GitHub lists, everything is reconciled, once", async () => {
  await mirrored();
  await setting.openIssues(1);
  await sweep();
  setting.clock.advance(4 * DAY);
  expect(await sweep()).toMatchObject({ gap: true });
  expect(await runs()).toEqual([{ mode: "reconcile", requested_by: "recovery" }]);
  await sql.query("UPDATE sync_runs SET status = 'completed', finished_at = $1", [setting.clock.now()]);
  setting.clock.advance(300);
  expect(await sweep()).toMatchObject({ gap: false, listed: 0 });
  expect(await runs()).toHaveLength(1);
});

test.each([
  ["after a delivery", 1],
  ["before any delivery", 0],
])("days without events are no gap, %s", async (_when, issues) => {
  await mirrored();
  await setting.openIssues(issues);
  for (let day = 0; day < 5; day += 1) {
    expect(await sweep()).toMatchObject({ gap: false });
    setting.clock.advance(DAY);
  }
  expect(await runs()).toEqual([]);
  // What is lost after that is found.
  await faults({ deliveryLost: 1 });
  await setting.openIssues(1);
  await faults({});
  expect(await sweep()).toMatchObject({ gap: false, found: 1, asked: 1 });
});

test("an attempt without a code is lost when its answer can come no more", async () => {
  const [guid] = await withoutAnswer();
  expect(await sweep()).toMatchObject({ listed: 1, found: 0 });
  setting.clock.advance(61);
  expect(await sweep()).toMatchObject({ found: 1, asked: 1 });
  expect(await ledger("guid, cause, status_code")).toEqual([{ guid, cause: "not-delivered", status_code: 0 }]);
});

/** GitHub recorded a failure and no code. */
async function withoutAnswer(): Promise<readonly string[]> {
  await faults({ deliveryLost: 1 });
  const guids = await setting.openIssues(1);
  await faults({});
  const record = setting.github.simulation.deliveries.records.at(-1);
  if (record) Object.assign(record, { statusCode: null, status: "failed" });
  return guids;
}
