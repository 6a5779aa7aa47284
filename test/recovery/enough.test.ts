import { beforeEach, describe, expect, test } from "vitest";
import { NetworkError } from "../../src/errors.js";
import { recover } from "../../src/jobs/recovery/recover.js";
import { readWatermark } from "../../src/store/drift/watermark.js";
import type { Sql } from "../../src/store/store.js";
import type { RecoverySetting } from "./setting.js";
import { never, sweeping } from "./sweeping.js";

const { now, faults, sweep } = sweeping();
let setting: RecoverySetting;
let sql: Sql;
beforeEach(() => {
  ({ setting, sql } = now());
});

describe("when GitHub has had enough", () => {
  test("a rate limit stops the requests and costs no try", async () => {
    await faults({ deliveryLost: 1 });
    await setting.openIssues(20);
    await faults({ planned: [{ match: "POST /app/hook/deliveries", kind: "status", status: 429, times: 20 }] });
    const recovered = await sweep();
    expect(recovered.asked).toBe(0);
    expect(recovered.stopped).toMatch(/429/);
    expect(await sql.query("SELECT 1 FROM drift_ledger WHERE asked > 0")).toEqual([]);
    await faults({});
    expect(await sweep()).toMatchObject({ asked: 20 });
  });

  test("pauses requests after five failures in a row", async () => {
    await faults({ deliveryLost: 1 });
    await setting.openIssues(20);
    await faults({ planned: [{ match: "POST /app/hook/deliveries", kind: "status", status: 502, times: 20 }] });
    expect((await sweep()).stopped).toMatch(/502/);
    const [row] = await sql.query("SELECT count(*)::int AS count FROM drift_ledger WHERE asked > 0");
    expect(row?.["count"]).toBeLessThan(10);
  });

  test("an incomplete list moves no watermark", async () => {
    await setting.openIssues(150);
    const { app } = setting.recovery;
    const broken = {
      rest: app.rest,
      async *pages(route: string) {
        for await (const page of app.pages(route)) {
          yield page;
          throw new NetworkError("no second page");
        }
      },
    };
    await expect(recover({ ...setting.recovery, app: broken }, never)).rejects.toThrow("no second page");
    expect(await readWatermark(sql)).toBeNull();
    expect(await sweep()).toMatchObject({ listed: 150 });
  });
});

test("sends requests evenly, a few at once, and ends when stopped", async () => {
  await faults({ deliveryLost: 1 });
  await setting.openIssues(10);
  await faults({});
  const stop = new AbortController();
  const slept: number[] = [];
  const sleep = (ms: number, signal: AbortSignal): Promise<void> => {
    slept.push(ms);
    if (slept.length === 4) stop.abort(new Error("the process stops"));
    return signal.aborted ? Promise.reject(stop.signal.reason) : Promise.resolve();
  };
  const recovery = { ...setting.recovery, sleep, rules: { ...setting.recovery.rules, spacingMs: 500 } };
  await expect(recover(recovery, stop.signal)).rejects.toThrow("the process stops");
  expect(slept).toEqual([500, 500, 500, 500]);
  await setting.github.control.run("idle", {});
  expect(await sweep()).toMatchObject({ found: 0, asked: 6 });
  expect(await sql.query("SELECT 1 FROM drift_ledger WHERE asked <> 1")).toEqual([]);
});
