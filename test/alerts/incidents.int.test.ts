import { beforeEach, expect, test } from "vitest";
import type { AlertSink, Notice } from "../../src/alerts/sink.js";
import { ALERT_POLICY } from "../../src/health/alerts/policy.js";
import { latestAlerts, openAlerts, unsentNotices } from "../../src/store/alerts/list-alerts.js";
import { raiseAlert } from "../../src/store/alerts/raise-alert.js";
import { resolveAlert } from "../../src/store/alerts/resolve-alert.js";
import { notifyOnce } from "../../src/store/alerts/notify-once.js";
import { withDatabase } from "../support/database.js";
import { incident, MINUTE, StillClock, tell } from "./setting.js";

const { store } = await withDatabase({ poolSize: 10 });
const { sql } = store;
let clock = new StillClock();
beforeEach(async () => {
  clock = new StillClock();
  await sql.query("TRUNCATE alerts, alert_notices");
});

const raise = (more = {}) => raiseAlert(sql, incident(more), clock.now());
const resolve = (key = "health/7/quota") => resolveAlert(sql, key, "enough is left again", clock.now());

/** Remembers what it was told, message by message. */
function listener(most = 10): AlertSink & { readonly heard: string[][]; failing: boolean } {
  return {
    name: "listener",
    most,
    takesNotices: true,
    heard: [],
    failing: false,
    send(notices: readonly Notice[]) {
      if (this.failing) return Promise.reject(new Error("no connection"));
      this.heard.push(notices.map(({ alert, saying }) => `${saying} ${alert.key}`));
      return Promise.resolve();
    },
  };
}

test("raising the same key again updates the same row", async () => {
  expect((await raise()).change).toBe("opened");
  clock.pass(MINUTE);
  const again = await raise({ title: "Quota of acme is lower" });
  expect(again).toMatchObject({ change: "again", alert: { occurrences: 2, title: "Quota of acme is lower" } });
  expect(await openAlerts(sql)).toHaveLength(1);
});

test("two concurrent raises make one incident", async () => {
  const raised = await Promise.all(Array.from({ length: 20 }, () => raise()));
  expect(new Set(raised.map(({ alert }) => alert.id)).size).toBe(1);
  expect(raised.filter(({ change }) => change === "opened")).toHaveLength(1);
  expect((await openAlerts(sql))[0]?.occurrences).toBe(20);
});

test("a problem that returns within the quiet time is the same incident, later another one", async () => {
  const { alert } = await raise();
  await resolve();
  clock.pass(ALERT_POLICY.quietMs - 1);
  expect(await raise()).toMatchObject({ change: "reopened", alert: { id: alert.id, reopened: 1, resolvedAt: null } });
  await resolve();
  clock.pass(ALERT_POLICY.quietMs);
  const next = await raise();
  expect(next.change).toBe("opened");
  expect(next.alert.id).not.toBe(alert.id);
  expect(await latestAlerts(sql, null, 10)).toHaveLength(2);
});

test("resolving an incident that is not open does nothing", async () => {
  expect(await resolve()).toBeNull();
});

test("reports an incident, repeats it, and reports its recovery after the quiet time", async () => {
  const sink = listener();
  await raise();
  await tell(store, clock, [sink]);
  expect(sink.heard).toEqual([]);
  clock.pass(MINUTE);
  await tell(store, clock, [sink]);
  await tell(store, clock, [sink]);
  clock.pass(ALERT_POLICY.repeatMs);
  await tell(store, clock, [sink]);
  await resolve();
  await tell(store, clock, [sink]);
  clock.pass(ALERT_POLICY.quietMs);
  await tell(store, clock, [sink]);
  clock.pass(ALERT_POLICY.repeatMs);
  await tell(store, clock, [sink]);
  expect(sink.heard).toEqual([["opened health/7/quota"], ["reminded health/7/quota"], ["recovered health/7/quota"]]);
});

test("reports a flapping check once, and its recovery once", async () => {
  const sink = listener();
  for (let round = 0; round < 30; round += 1) {
    await raise();
    clock.pass(MINUTE);
    await tell(store, clock, [sink]);
    await resolve();
    clock.pass(MINUTE);
    await tell(store, clock, [sink]);
  }
  clock.pass(ALERT_POLICY.quietMs);
  await tell(store, clock, [sink]);
  expect(sink.heard).toEqual([["opened health/7/quota"], ["recovered health/7/quota"]]);
  expect(await latestAlerts(sql, null, 10)).toMatchObject([{ reopened: 29, occurrences: 30 }]);
});

test("reports new incidents however many old ones stay open", async () => {
  const sink = { ...listener(100), takesNotices: false };
  for (let n = 0; n < 250; n += 1) await raise({ key: `health/${n}/a` });
  clock.pass(MINUTE);
  const passes = [await tell(store, clock, [sink]), await tell(store, clock, [sink])];
  expect(passes).toEqual([
    { sent: 200, failed: 0 },
    { sent: 50, failed: 0 },
  ]);
  const telling = { severity: "info", installationId: 7n, title: "Merged", detail: "" } as const;
  for (let n = 0; n < 250; n += 1) await notifyOnce(sql, { ...telling, key: `notice/${n}` }, clock.now());
  await raise({ key: "health/new/a" });
  clock.pass(MINUTE);
  expect(await tell(store, clock, [sink])).toEqual({ sent: 1, failed: 0 });
  expect(sink.heard.flat().at(-1)).toBe("opened health/new/a");
  expect(new Set(sink.heard.flat()).size).toBe(251);
});

test("reports incidents that begin together in one message", async () => {
  const sink = listener(2);
  for (const key of ["health/1/a", "health/2/a", "health/3/a"]) await raise({ key });
  clock.pass(MINUTE);
  expect(await tell(store, clock, [sink])).toEqual({ sent: 3, failed: 0 });
  expect(sink.heard).toEqual([["opened health/1/a", "opened health/2/a"], ["opened health/3/a"]]);
});

test("shows unsent alerts, retries them with pauses, and keeps other sinks independent", async () => {
  const [broken, fine] = [listener(), { ...listener(), name: "fine" }];
  broken.failing = true;
  await raise();
  clock.pass(MINUTE);
  expect(await tell(store, clock, [broken, fine])).toEqual({ sent: 1, failed: 1 });
  expect(await unsentNotices(sql)).toMatchObject([{ sink: "listener", attempts: 1, error: "no connection" }]);
  expect(await tell(store, clock, [broken, fine])).toEqual({ sent: 0, failed: 0 });
  clock.pass(10_000);
  expect(await tell(store, clock, [broken, fine])).toEqual({ sent: 0, failed: 1 });
  broken.failing = false;
  clock.pass(20_000);
  expect(await tell(store, clock, [broken, fine])).toEqual({ sent: 1, failed: 0 });
  expect(broken.heard).toEqual([["opened health/7/quota"]]);
  expect(await unsentNotices(sql)).toEqual([]);
});

test("two processes report an incident once", async () => {
  const sink = listener();
  for (let n = 0; n < 5; n += 1) await raise({ key: `health/${n}/a` });
  clock.pass(MINUTE);
  await Promise.all(Array.from({ length: 4 }, () => tell(store, clock, [sink])));
  expect(sink.heard.flat().sort()).toEqual([0, 1, 2, 3, 4].map((n) => `opened health/${n}/a`));
});

test("another process sends the alert of a dead one after its lease", async () => {
  const sink = listener();
  await raise();
  clock.pass(MINUTE);
  const hanging: AlertSink = { ...sink, send: () => Promise.reject(new Error("killed")) };
  await tell(store, clock, [hanging]);
  // As a killed process leaves it: claimed, and nothing written afterwards.
  const until = new Date(clock.now().getTime() + MINUTE);
  await sql.query("UPDATE alert_notices SET retry_at = NULL, error = NULL, locked_until = $1", [until]);
  await tell(store, clock, [sink]);
  expect(sink.heard).toEqual([]);
  clock.pass(MINUTE);
  await tell(store, clock, [sink]);
  expect(sink.heard).toEqual([["opened health/7/quota"]]);
});

test("a secret in a text is not stored", async () => {
  const { alert } = await raise({ detail: "refused: ghs_0123456789abcdef0123" });
  expect(alert.detail).toBe("refused: [redacted]");
});
