import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { NetworkError } from "../../src/errors.js";
import { recover } from "../../src/inbox/recovery/recover.js";
import { readWatermark } from "../../src/store/drift/watermark.js";
import { createDatabase, type TestDatabase } from "../support/database.js";
import { recoverySetting, type RecoverySetting } from "./setting.js";

const never = new AbortController().signal;
let database: TestDatabase;
let setting: RecoverySetting;

beforeEach(async () => {
  database = await createDatabase();
  setting = await recoverySetting(database.store);
});
afterEach(async () => {
  await setting.close();
  await database.drop();
});

const faults = (on: object) => setting.github.control.run("faults", on);

async function sweep(rules: Partial<RecoverySetting["recovery"]["rules"]> = {}) {
  const { recovery } = setting;
  const recovered = await recover({ ...recovery, rules: { ...recovery.rules, ...rules } }, never);
  await setting.github.control.run("idle", {});
  return recovered;
}

const ledger = (columns: string) => database.store.sql.query(`SELECT ${columns} FROM drift_ledger ORDER BY guid`);

/** The organisation as a sync would have left it. */
async function mirrored(): Promise<void> {
  const [installation] = setting.github.simulation.organisation.installations.values();
  const [repository] = setting.github.simulation.organisation.repositories.values();
  await database.store.sql.query(
    `INSERT INTO installations (id, account_login, account_type, updated_at, content_hash) VALUES ($1, 'acme', 'Organization', now(), '')`,
    [installation?.id],
  );
  await database.store.sql.query(
    `INSERT INTO repositories (id, installation_id, owner_login, name, full_name, updated_at, content_hash)
     VALUES ($1, $2, 'acme', 'site', 'acme/site', now(), '')`,
    [repository?.id, installation?.id],
  );
}

test("finds what was lost without a trace among many pages of deliveries, and asks for nothing else", async () => {
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

test("looks no further back than the overlap, and never past what was compared", async () => {
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
  const watermark = await readWatermark(database.store.sql);
  await faults({ deliveryLost: 1 });
  await setting.openIssues(1);
  const late = setting.github.simulation.deliveries.records.at(-1);
  if (late) Object.assign(late, { deliveredAt: new Date((watermark?.listedTo?.getTime() ?? 0) - 14 * 60_000) });
  await faults({});
  expect(await sweep()).toMatchObject({ found: 1, asked: 1 });
});

test("a redelivery that somebody else asked for, and that came, is none of ours", async () => {
  await faults({ deliveryLost: 1 });
  await setting.openIssues(1);
  await faults({});
  const id = setting.github.simulation.deliveries.records.at(-1)?.id ?? 0;
  await setting.github.control.run("redeliver", { id });
  await setting.github.control.run("idle", {});
  expect(await sweep()).toMatchObject({ listed: 2, found: 0, asked: 0 });
});

describe("what no redelivery heals", () => {
  test("is asked for three times, then its repository is read once for all of its losses", async () => {
    await mirrored();
    await faults({ deliveryLost: 1 });
    await setting.openIssues(3);
    for (const asked of [3, 3, 3, 0]) expect(await sweep()).toMatchObject({ asked });
    expect(await ledger("status, asked, because")).toEqual(
      Array.from({ length: 3 }, () => ({ status: "syncing", asked: 3, because: "still missing after 3 redeliveries" })),
    );
    const runs = await database.store.sql.query("SELECT id, mode, subject, requested_by FROM sync_runs");
    expect(runs).toMatchObject([{ mode: "spot", subject: "acme/site", requested_by: "recovery" }]);
    expect(setting.woken).toHaveLength(1);
    await database.store.sql.query("UPDATE sync_runs SET status = 'failed', finished_at = $1", [setting.clock.now()]);
    await sweep();
    expect(await database.store.sql.query("SELECT 1 FROM sync_runs")).toHaveLength(2);
    await database.store.sql.query(
      "UPDATE sync_runs SET status = 'completed', finished_at = $1 WHERE status = 'waiting'",
      [setting.clock.now()],
    );
    expect(await sweep()).toMatchObject({ healed: 3, asked: 0 });
    expect(await ledger("status, healed_by")).toEqual(
      Array.from({ length: 3 }, () => ({ status: "healed", healed_by: "sync" })),
    );
    // Still listed, still not here, and settled.
    expect(await sweep()).toMatchObject({ found: 0, asked: 0, toRead: 0 });
  });

  test("a redelivery that is not listed is asked for again after a while only", async () => {
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
  ])("%s: read at once", async (_what, statusCode, rules, because) => {
    await mirrored();
    await faults({ deliveryLost: 1 });
    await setting.openIssues(1);
    const record = setting.github.simulation.deliveries.records.at(-1);
    if (record) Object.assign(record, { statusCode });
    // Recorded while it could be repeated, then nobody swept for a while.
    await sweep({ times: 0 });
    await database.store.sql.query("UPDATE drift_ledger SET status = 'missing', because = NULL, sync_run_id = NULL");
    setting.clock.advance(120);
    expect(await sweep(rules)).toMatchObject({ asked: 0, toRead: 1 });
    expect(await ledger("status, because")).toEqual([{ status: "syncing", because }]);
  });

  test("refused by GitHub: read, with GitHub's reason", async () => {
    await mirrored();
    await faults({ deliveryLost: 1 });
    await setting.openIssues(1);
    await faults({ planned: [{ match: "POST /app/hook/deliveries", kind: "status", status: 404, times: 1 }] });
    expect(await sweep()).toMatchObject({ asked: 0, refused: 1, toRead: 1 });
    const [row] = await ledger("status, because");
    expect(row?.["status"]).toBe("syncing");
    expect(row?.["because"]).toMatch(/GitHub will not repeat it: GitHub answered 404/);
    expect(await database.store.sql.query("SELECT mode FROM sync_runs")).toEqual([{ mode: "spot" }]);
  });

  test("of an installation that is not known: it is read first, then all of it", async () => {
    await faults({ deliveryLost: 1 });
    await setting.openIssues(1);
    await sweep({ times: 0 });
    expect(await database.store.sql.query("SELECT name FROM jobs")).toEqual([{ name: "access" }]);
    await mirrored();
    await database.store.sql.query("UPDATE repositories SET access_removed_at = now()");
    await sweep({ times: 0 });
    expect(await database.store.sql.query("SELECT mode FROM sync_runs")).toEqual([{ mode: "full" }]);
  });

  test("of an installation that is over: given up, with the reason", async () => {
    await mirrored();
    await database.store.sql.query("UPDATE installations SET deleted_at = now()");
    await faults({ deliveryLost: 1 });
    await setting.openIssues(1);
    await sweep({ times: 0 });
    const [row] = await ledger("status, because");
    expect(row?.["status"]).toBe("given-up");
    expect(row?.["because"]).toMatch(/the app is uninstalled or suspended there/);
  });
});

describe("when GitHub has had enough", () => {
  test("a rate limit stops the asking and costs no try", async () => {
    await faults({ deliveryLost: 1 });
    await setting.openIssues(20);
    await faults({ planned: [{ match: "POST /app/hook/deliveries", kind: "status", status: 429, times: 20 }] });
    const recovered = await sweep();
    expect(recovered.asked).toBe(0);
    expect(recovered.stopped).toMatch(/429/);
    expect(await database.store.sql.query("SELECT 1 FROM drift_ledger WHERE asked > 0")).toEqual([]);
    await faults({});
    expect(await sweep()).toMatchObject({ asked: 20 });
  });

  test("after five failures in a row the rest is left alone", async () => {
    await faults({ deliveryLost: 1 });
    await setting.openIssues(20);
    await faults({ planned: [{ match: "POST /app/hook/deliveries", kind: "status", status: 502, times: 20 }] });
    expect((await sweep()).stopped).toMatch(/502/);
    const [row] = await database.store.sql.query("SELECT count(*)::int AS count FROM drift_ledger WHERE asked > 0");
    expect(row?.["count"]).toBeLessThan(10);
  });

  test("a list that breaks off moves no watermark", async () => {
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
    expect(await readWatermark(database.store.sql)).toBeNull();
    expect(await sweep()).toMatchObject({ listed: 150 });
  });
});

describe("the very first sweep", () => {
  test("makes good what was lost before the app ever ran", async () => {
    await faults({ deliveryLost: 1 });
    await setting.openIssues(3);
    await faults({});
    expect(await sweep({ firstMost: 3 })).toMatchObject({ found: 3, asked: 3, leftToSync: 0 });
  });

  test("leaves a busy organisation's past to the first sync, but for what tells of installations", async () => {
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
const runs = () => database.store.sql.query("SELECT mode, requested_by FROM sync_runs");

test("after more days than GitHub lists, everything is reconciled, once", async () => {
  await mirrored();
  await setting.openIssues(1);
  await sweep();
  setting.clock.advance(4 * DAY);
  expect(await sweep()).toMatchObject({ gap: true });
  expect(await runs()).toEqual([{ mode: "reconcile", requested_by: "recovery" }]);
  await database.store.sql.query("UPDATE sync_runs SET status = 'completed', finished_at = $1", [setting.clock.now()]);
  setting.clock.advance(300);
  expect(await sweep()).toMatchObject({ gap: false, listed: 0 });
  expect(await runs()).toHaveLength(1);
});

test.each([
  ["after a delivery", 1],
  ["before any delivery", 0],
])("days in which nothing happens are no gap, %s", async (_when, issues) => {
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

test("asks evenly, a few at once, and ends where it is told to stop", async () => {
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
  expect(await database.store.sql.query("SELECT 1 FROM drift_ledger WHERE asked <> 1")).toEqual([]);
});
