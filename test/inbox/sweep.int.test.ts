import { describe, expect, test } from "vitest";
import { sweepDeliveries } from "../../src/process/sweep.js";
import { claimDeliveries } from "../../src/store/deliveries/claim-deliveries.js";
import { readBody } from "../../src/store/deliveries/delivery-body.js";
import { pruneBodies } from "../../src/store/deliveries/prune-bodies.js";
import { withDatabase } from "../support/database.js";
import { working } from "./working.js";

const { store } = await withDatabase({ poolSize: 10 });
const { clock, finish, later, receive, row } = working(store);

describe("sweepDeliveries", () => {
  const sweep = async (): Promise<readonly string[]> => {
    const woken: string[] = [];
    const wake = async (ids: readonly string[]): Promise<void> => void woken.push(...ids);
    const found = await sweepDeliveries({ store, wake, clock, graceMs: 10_000 });
    expect(found).toBe(woken.length);
    return woken;
  };

  test("wakes a delivery whose wake-up was lost, after its grace", async () => {
    const { id } = await receive();
    expect(await sweep()).toEqual([]);
    later(10_000);
    expect(await sweep()).toEqual([id]);
  });

  test("wakes expired leases and due retries, and no finished rows", async () => {
    const [held, retried, done] = [await receive(), await receive(), await receive()];
    await claimDeliveries(store.sql, {
      ids: [held.id, done.id],
      limit: 2,
      now: clock.now(),
      leaseMs: 5_000,
      token: "t",
    });
    await finish(done.guid);
    await store.sql.query("UPDATE deliveries SET status = 'retry', run_at = $2 WHERE id = $1", [
      retried.id,
      new Date(clock.now().getTime() + 7_000),
    ]);
    expect(await sweep()).toEqual([]);
    later(5_000);
    expect(await sweep()).toEqual([held.id]);
    later(2_000);
    expect((await sweep()).toSorted()).toEqual([held.id, retried.id].toSorted());
  });
});

test("bodies go after their retention, rows and unfinished bodies stay", async () => {
  const [old, unfinished] = [await receive(), await receive()];
  await claimDeliveries(store.sql, { ids: [old.id], limit: 1, now: clock.now(), leaseMs: 1_000, token: "t" });
  await finish(old.guid);
  later(30 * 86_400_000 + 1_000);
  const young = await receive();
  await claimDeliveries(store.sql, { ids: [young.id], limit: 1, now: clock.now(), leaseMs: 1_000, token: "t" });
  await finish(young.guid);
  expect(await pruneBodies(store.sql, { now: clock.now(), days: 30, batch: 1 })).toBe(1);
  expect(await readBody(store.sql, old.guid)).toBeNull();
  expect(await row(old.guid)).toMatchObject({ status: "processed" });
  for (const { guid } of [unfinished, young]) expect(await readBody(store.sql, guid)).not.toBeNull();
});
