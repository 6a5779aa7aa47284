import { createHmac } from "node:crypto";
import { afterAll, afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { startGitHub } from "../../simulator/start.js";
import type { AlertSink } from "../../src/alerts/sink.js";
import { issueSink } from "../../src/alerts/sinks/issue-sink.js";
import { logSink } from "../../src/alerts/sinks/log-sink.js";
import { slackSink } from "../../src/alerts/sinks/slack-sink.js";
import { webhookSink } from "../../src/alerts/sinks/webhook-sink.js";
import { createEffectLedger } from "../../src/effects/ledger-writer.js";
import { ALERT_POLICY } from "../../src/health/alerts/policy.js";
import { createLog } from "../../src/log.js";
import { unsentNotices } from "../../src/store/alerts/list-alerts.js";
import { raiseAlert } from "../../src/store/alerts/raise-alert.js";
import { resolveAlert } from "../../src/store/alerts/resolve-alert.js";
import { pauseWrites, resumeWrites } from "../../src/store/effects/switch.js";
import { parseJson } from "../../src/unchecked.js";
import { gatewayTo, prepare } from "../effects/setting.js";
import { withDatabase } from "../support/database.js";
import { type Receiver, startReceiver } from "./receiver.js";
import { incident, MINUTE, StillClock, tell } from "./setting.js";

const { store } = await withDatabase();
const { sql } = store;
let clock = new StillClock();
let receiver: Receiver;

beforeEach(async () => {
  clock = new StillClock();
  receiver = await startReceiver();
  await sql.query("TRUNCATE alerts, alert_notices, effects, app_settings");
});
afterEach(() => receiver.close());

const SECRET = `whsec_${Buffer.from("the key of this test, 32 bytes..").toString("base64")}`;
const webhook = (): AlertSink => webhookSink({ url: receiver.url, secret: SECRET, clock, patienceMs: 200 });
const slack = (): AlertSink => slackSink({ url: receiver.url, clock, patienceMs: 200 });

async function open(more = {}): Promise<bigint> {
  const { alert } = await raiseAlert(sql, incident(more), clock.now());
  clock.pass(MINUTE);
  return alert.id;
}

test("webhook: JSON, signed, under an id that a repeat keeps", async () => {
  const id = await open();
  receiver.behave({ status: 500 });
  await tell(store, clock, [webhook()]);
  receiver.behave({ status: 200 });
  clock.pass(MINUTE);
  await tell(store, clock, [webhook()]);
  const [first, second] = receiver.received;
  if (!first || !second) throw new Error("two messages were expected");
  expect(first.headers["webhook-id"]).toBe(second.headers["webhook-id"]);
  const { "webhook-id": messageId, "webhook-timestamp": timestamp, "webhook-signature": signature } = second.headers;
  const key = Buffer.from("the key of this test, 32 bytes..");
  const signed = `${String(messageId)}.${String(timestamp)}.${second.body}`;
  expect(signature).toBe(`v1,${createHmac("sha256", key).update(signed).digest("base64")}`);
  expect(Number(timestamp)).toBe(Math.floor(clock.now().getTime() / 1000));
  expect(parseJson(second.body)).toMatchObject({
    type: "companyos.alerts",
    data: { alerts: [{ id: String(id), event: "opened", kind: "health", status: "open", key: "health/7/quota" }] },
  });
});

test("Slack: one line without mentions and links", async () => {
  await open({ title: "PR <!channel> @here *x*", detail: "see <https://evil.example|this>\nsecond line" });
  await tell(store, clock, [slack()]);
  const { text } = z.object({ text: z.string() }).parse(parseJson(receiver.received[0]?.body ?? ""));
  expect(text).toContain("PR &lt;!channel&gt; @\u200bhere *\u200bx*\u200b");
  expect(text).toContain("> see &lt;https://evil.example|this&gt; second line");
  expect(text).toContain("What to do: Wait for the reset");
});

const failures: readonly [string, () => void | Promise<void>, RegExp][] = [
  ["failing", () => receiver.behave({ status: 503 }), /answered 503$/],
  ["refusing", () => receiver.behave({ status: 404 }), /answered 404: check its address and its secret$/],
  ["redirecting", () => receiver.behave({ status: 302, headers: { location: "http://127.0.0.1:1/" } }), /302/],
  ["slow", () => receiver.behave("silent"), /no answer within 200 ms$/],
  ["down", () => receiver.close(), /could not be reached: ECONNREFUSED$/],
];

for (const [name, sink] of [
  ["webhook", webhook],
  ["slack", slack],
] as const) {
  test.each(failures)(`${name}: a receiver that is %s is tried again until it answers`, async (_name, fail, error) => {
    await open();
    const port = Number(new URL(receiver.url).port);
    await fail();
    expect(await tell(store, clock, [sink()])).toEqual({ sent: 0, failed: 1 });
    const [unsent] = await unsentNotices(sql);
    expect(unsent).toMatchObject({ sink: name, attempts: 1 });
    expect(unsent?.error).toMatch(error);
    expect(unsent?.error).not.toContain("token-in-the-path");
    await receiver.close();
    receiver = await startReceiver(port);
    clock.pass(MINUTE);
    expect(await tell(store, clock, [sink()])).toEqual({ sent: 1, failed: 0 });
    expect(receiver.received).toHaveLength(1);
    expect(await unsentNotices(sql)).toEqual([]);
  });
}

test("pauses a receiver until its Retry-After", async () => {
  await open();
  receiver.behave({ status: 429, headers: { "retry-after": "120" } });
  await tell(store, clock, [webhook()]);
  clock.pass(119_000);
  expect(await tell(store, clock, [webhook()])).toEqual({ sent: 0, failed: 0 });
  receiver.behave({ status: 204 });
  clock.pass(1_000);
  expect(await tell(store, clock, [webhook()])).toEqual({ sent: 1, failed: 0 });
});

const unheeded: readonly [number, string, number][] = [
  [429, "1e9", 60],
  [503, "1e300", 60],
  [429, "0", 1 / 60],
  [429, "Mon, 02 Mar 2026 08:21:00 GMT", 20],
];
test.each(unheeded)("%i with Retry-After %s: it is asked again, after %d minutes", async (status, after, minutes) => {
  await open();
  receiver.behave({ status, headers: { "retry-after": after } });
  await tell(store, clock, [webhook()]);
  receiver.behave({ status: 204 });
  clock.pass(minutes * MINUTE - 1);
  expect(await tell(store, clock, [webhook()])).toEqual({ sent: 0, failed: 0 });
  clock.pass(1);
  expect(await tell(store, clock, [webhook()])).toEqual({ sent: 1, failed: 0 });
});

test("ignores Retry-After with another status", async () => {
  await open();
  receiver.behave({ status: 500, headers: { "retry-after": "3600" } });
  await tell(store, clock, [webhook()]);
  receiver.behave({ status: 204 });
  clock.pass(MINUTE);
  expect(await tell(store, clock, [webhook()])).toEqual({ sent: 1, failed: 0 });
});

test("reports an incident that gets worse at once, once to each sink", async () => {
  await open();
  const sinks = [webhook(), slack()];
  await tell(store, clock, sinks);
  await raiseAlert(sql, incident({ severity: "critical", detail: "nothing is left" }), clock.now());
  expect(await tell(store, clock, sinks)).toEqual({ sent: 2, failed: 0 });
  expect(await tell(store, clock, sinks)).toEqual({ sent: 0, failed: 0 });
  const bodies = receiver.received.slice(2).map(({ body }) => body);
  expect(bodies.find((body) => body.includes("companyos.alerts"))).toContain('"event":"worse"');
  expect(bodies.find((body) => body.startsWith('{"text"'))).toContain("*Worse (critical): Quota of acme is low*");
  // Better is not worth a word; worse again after that is, once that was told.
  await raiseAlert(sql, incident({ severity: "warning" }), clock.now());
  expect(await tell(store, clock, sinks)).toEqual({ sent: 0, failed: 0 });
  await raiseAlert(sql, incident({ severity: "critical" }), clock.now());
  expect(await tell(store, clock, sinks)).toEqual({ sent: 0, failed: 0 });
});

test("log: a static message with the incident in fields", async () => {
  const lines: string[] = [];
  const log = createLog({ level: "info", destination: { write: (line) => void lines.push(line) } });
  await open({ severity: "critical" });
  await tell(store, clock, [logSink(log)]);
  expect(parseJson(lines[0] ?? "{}")).toMatchObject({ level: 50, msg: "alert", kind: "health", key: "health/7/quota" });
});

const github = await startGitHub({ limits: { limits: { contentPerMinute: 1_000 } } });
afterAll(() => github.close());

async function issueSetting(): Promise<{ readonly sink: AlertSink; issues(): readonly object[] }> {
  const { organisation } = github.simulation;
  await github.control.run("faults", {});
  for (const { id } of organisation.installations.values())
    await github.control.apply("uninstall", { installation: id });
  if (organisation.byName.has("acme/site")) await github.control.apply("deleteRepository", { repository: "acme/site" });
  const { installationId, repository } = await prepare(github);
  await sql.query("TRUNCATE installations, repositories");
  await sql.query(
    `INSERT INTO installations (id, account_login, account_type, updated_at, content_hash) VALUES ($1, 'acme', 'Organization', now(), '')`,
    [installationId],
  );
  await sql.query(
    `INSERT INTO repositories (id, installation_id, owner_login, name, full_name, updated_at, content_hash)
     VALUES ($1, $2, 'acme', 'site', 'acme/site', now(), '')`,
    [repository.id, installationId],
  );
  const { writer } = createEffectLedger({ store, github: gatewayTo(github, 500) });
  return {
    sink: issueSink({ repository: "acme/site", sql, writer }),
    issues: () =>
      [...(organisation.byName.get("acme/site")?.issues.values() ?? [])]
        .filter(({ title }) => title.startsWith("Quota"))
        .map(({ title, state, labels }) => ({ title, state, labels: [...labels].map(String) })),
  };
}

test("issue: one an incident, brought up to date, closed on recovery", async () => {
  const { sink, issues } = await issueSetting();
  await open();
  await tell(store, clock, [sink]);
  expect(issues()).toMatchObject([{ title: "Quota of acme is low", state: "open" }]);
  await raiseAlert(sql, incident({ title: "Quota of acme is lower" }), clock.now());
  clock.pass(ALERT_POLICY.repeatMs);
  await tell(store, clock, [sink]);
  expect(issues()).toMatchObject([{ title: "Quota of acme is lower", state: "open" }]);
  await resolveAlert(sql, "health/7/quota", "enough is left", clock.now());
  clock.pass(ALERT_POLICY.quietMs);
  await tell(store, clock, [sink]);
  expect(issues()).toMatchObject([{ title: "Quota of acme is lower", state: "closed" }]);
});

const githubFaults: readonly [string, object][] = [
  ["failing", { planned: [{ match: "/issues", kind: "status", status: 503, times: 1 }] }],
  ["slow", { planned: [{ match: "/issues", kind: "timeout", times: 1 }] }],
  ["down", { reset: 1 }],
  ["dropping its answer", { planned: [{ match: "/issues", kind: "drop-answer", times: 1 }] }],
];

test.each(githubFaults)("issue: with GitHub %s it is tried again, and there is one issue", async (_name, faults) => {
  const { sink, issues } = await issueSetting();
  await open();
  await github.control.run("faults", faults);
  expect(await tell(store, clock, [sink])).toEqual({ sent: 0, failed: 1 });
  expect(await unsentNotices(sql)).toHaveLength(1);
  await github.control.run("faults", {});
  clock.pass(MINUTE);
  expect(await tell(store, clock, [sink])).toEqual({ sent: 1, failed: 0 });
  expect(issues()).toHaveLength(1);
});

test("issue: while writes are paused, and where the App is not installed, the reason is shown", async () => {
  const { sink, issues } = await issueSetting();
  await open();
  await pauseWrites(sql, "everywhere", "a test");
  await tell(store, clock, [sink]);
  expect(await unsentNotices(sql)).toMatchObject([
    { error: "the issue was not written: writes are paused everywhere", sink: "issue" },
  ]);
  await resumeWrites(sql, "everywhere");
  clock.pass(MINUTE);
  await tell(store, clock, [sink]);
  expect(issues()).toHaveLength(1);
  await open({ key: "health/8/quota" });
  await sql.query("UPDATE repositories SET access_removed_at = now()");
  await tell(store, clock, [sink]);
  expect(await unsentNotices(sql)).toMatchObject([{ error: "the App has no access to acme/site; install it there" }]);
});

test("issue: reports when a repository accepts no issues", async () => {
  const { sink, issues } = await issueSetting();
  await open();
  await github.control.apply("setIssues", { repository: "acme/site", on: false });
  await tell(store, clock, [sink]);
  const [unsent] = await unsentNotices(sql);
  expect(unsent?.error).toMatch(/410/);
  await github.control.apply("setIssues", { repository: "acme/site", on: true });
  clock.pass(MINUTE);
  expect(await tell(store, clock, [sink])).toEqual({ sent: 1, failed: 0 });
  expect(issues()).toHaveLength(1);
});
