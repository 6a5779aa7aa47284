import { describe, expect, test } from "vitest";
import { z } from "zod";
import { GoneError, InvalidError, NetworkError, RateLimitError } from "../../src/errors.js";
import { drainDeliveries, type DrainOptions } from "../../src/process/worker.js";
import { createLog } from "../../src/log.js";
import { traceIdOf } from "../../src/telemetry/tracing.js";
import { parseJson } from "../../src/unchecked.js";
import { claimDeliveries } from "../../src/store/deliveries/claim-deliveries.js";
import { lockDelivery } from "../../src/store/deliveries/finish-delivery.js";
import { withDatabase } from "../support/database.js";
import { silent } from "../support/inbox.js";
import { working } from "./working.js";

const Line = z.object({
  msg: z.string(),
  delivery: z.string(),
  trace: z.string(),
  installation: z.string().nullable(),
});
const { store } = await withDatabase({ poolSize: 10 });
const { clock, drain, finish, inbox, later, receive, row } = working(store);

test("a log line about a delivery names its GUID, trace and installation", async () => {
  const lines: string[] = [];
  const log = createLog({ level: "info", destination: { write: (line) => void lines.push(line) } });
  const { guid } = await inbox().post({ body: JSON.stringify({ action: "opened", installation: { id: 42 } }) });
  const { guid: unreadable } = await inbox().post({ body: "no JSON" });
  await drain(() => Promise.reject(new NetworkError("no answer")), { log });
  const about = lines.map((line) => Line.parse(parseJson(line)));
  const msg = "delivery failed";
  expect(about.toSorted((a) => (a.delivery === guid ? -1 : 1))).toEqual([
    { msg, delivery: guid, trace: traceIdOf(guid), installation: "42" },
    { msg, delivery: unreadable, trace: traceIdOf(unreadable), installation: null },
  ]);
});

describe("drainDeliveries", () => {
  test("passes each delivery to its handler once, even with concurrent drains", async () => {
    const received = await Promise.all(Array.from({ length: 30 }, receive));
    const seen: string[] = [];
    const process: DrainOptions["process"] = async ({ guid, name, payload }) => {
      expect({ name, action: payload["action"] }).toEqual({ name: "issues", action: "opened" });
      seen.push(guid);
      await finish(guid);
    };
    const drained = await Promise.all([drain(process), drain(process), drain(process)]);
    expect(seen.toSorted()).toEqual(received.map(({ guid }) => guid).toSorted());
    expect(drained.reduce((sum, { handled }) => sum + handled, 0)).toBe(30);
    expect(await row(seen[0] ?? "")).toMatchObject({
      status: "processed",
      attempts: 1,
      subject: "issues:3",
      locked_until: null,
    });
  });

  test("takes only the ids that it is woken for", async () => {
    const [one, two] = [await receive(), await receive()];
    await drainDeliveries({ store, process: ({ guid }) => finish(guid), clock, log: silent, concurrency: 1 }, [two.id]);
    expect([(await row(one.guid))["status"], (await row(two.guid))["status"]]).toEqual(["received", "processed"]);
  });

  test("never runs more at once than it may", async () => {
    await Promise.all(Array.from({ length: 12 }, receive));
    let running = 0;
    let most = 0;
    let release = (): void => undefined;
    const three = new Promise<void>((resolve) => {
      release = resolve;
    });
    await drain(
      async ({ guid }) => {
        most = Math.max(most, ++running);
        if (running === 3) release();
        await three;
        await finish(guid);
        running--;
      },
      { concurrency: 3 },
    );
    expect(most).toBe(3);
  });

  test("retries temporary failures, each later, and finally gives up", async () => {
    const { guid } = await receive();
    const pauses: number[] = [];
    for (let attempt = 1; attempt < 4; attempt++) {
      const { againAt } = await drain(() => Promise.reject(new NetworkError("no answer")), { maxAttempts: 4 });
      expect(await row(guid)).toMatchObject({
        status: "retry",
        attempts: attempt,
        error_kind: "network",
        error: "no answer",
      });
      pauses.push((againAt?.getTime() ?? 0) - clock.now().getTime());
      expect((await drain(() => Promise.reject(new Error("too early")))).handled).toBe(0);
      later(pauses.at(-1) ?? 0);
    }
    expect(pauses).toEqual([500, 1_000, 2_000]);
    expect((await drain(() => Promise.reject(new NetworkError("no answer")), { maxAttempts: 4 })).againAt).toBeNull();
    expect((await row(guid))["reason"]).toMatch(/4 attempts/);
  });

  test("a used-up rate limit costs no attempt, and ends when GitHub says so", async () => {
    const { guid } = await receive();
    const resetAt = new Date(clock.now().getTime() + 3_600_000);
    expect((await drain(() => Promise.reject(new RateLimitError("used up", resetAt)))).againAt).toEqual(resetAt);
    expect(await row(guid)).toMatchObject({ status: "retry", attempts: 0, run_at: resetAt, error_kind: "rate-limit" });
    later(3_600_000);
    await drain((delivery) => finish(delivery.guid));
    expect(await row(guid)).toMatchObject({ status: "processed", attempts: 1, error: null, run_at: null });
  });

  test.each([
    { error: new InvalidError("the payload has not the shape of issues"), status: "failed", kind: "invalid" },
    { error: new GoneError("the repository is gone"), status: "skipped", kind: "gone" },
  ])("$kind is never tried again", async ({ error, status, kind }) => {
    const { guid } = await receive();
    await drain(() => Promise.reject(error));
    expect(await row(guid)).toMatchObject({ status, reason: error.message, error_kind: kind });
    later(86_400_000);
    expect((await drain((delivery) => finish(delivery.guid))).handled).toBe(0);
  });

  test("secrets in an error are not stored", async () => {
    const { guid } = await receive();
    await drain(() => Promise.reject(new Error("refused: token ghp_0123456789abcdefghij")));
    expect((await row(guid))["error"]).toBe("refused: token [redacted]");
  });

  test("a delivery that ends its process each time finally becomes a dead letter", async () => {
    const body = JSON.stringify({ action: "opened", installation: { id: 7 }, issue: { number: 3 } });
    const { guid } = await inbox().post({ body });
    for (let crashes = 0; crashes < 3; crashes++) {
      await claimDeliveries(store.sql, { ids: null, limit: 1, now: clock.now(), leaseMs: 1_000, token: "t" });
      later(1_000);
    }
    await drain((delivery) => finish(delivery.guid), { maxAttempts: 3 });
    const unended = { status: "failed", reason: "it started 3 times and never finished", error_kind: "unknown" };
    expect(await row(guid)).toMatchObject({ ...unended, installation_id: "7", subject: "issue:3" });

    // Somebody has it delivered again when what ended the processes is mended.
    await inbox().post({ body, guid });
    await drain((delivery) => finish(delivery.guid), { maxAttempts: 3 });
    expect(await row(guid)).toMatchObject({ status: "processed", attempts: 1, redeliveries: 1, error: null });
  });

  test("is no longer read when reading may be what ends the process", async () => {
    const { guid } = await inbox().post({ body: JSON.stringify({ installation: { id: 7 } }) });
    for (let crashes = 0; crashes < 4; crashes++) {
      await claimDeliveries(store.sql, { ids: null, limit: 1, now: clock.now(), leaseMs: 1_000, token: "t" });
      later(1_000);
    }
    await drain((delivery) => finish(delivery.guid), { maxAttempts: 3 });
    const unread = { reason: "it started 3 times and never finished", installation_id: null };
    expect(await row(guid)).toMatchObject({ status: "failed", ...unread });
  });

  test("without its body fails with that reason", async () => {
    const { guid } = await receive();
    await store.sql.query("DELETE FROM delivery_bodies");
    await drain((delivery) => finish(delivery.guid));
    expect(await row(guid)).toMatchObject({ status: "failed", reason: "the body of the delivery is no longer stored" });
  });

  test("holds its leases while it works, and no longer", async () => {
    const { guid, id } = await receive();
    let claims: readonly unknown[] = [];
    await drain(
      async (delivery) => {
        const { locked_until: first } = await row(guid);
        later(600);
        await expect.poll(async () => (await row(guid))["locked_until"]).not.toEqual(first);
        later(600);
        claims = await claimDeliveries(store.sql, {
          ids: [id],
          limit: 1,
          now: clock.now(),
          leaseMs: 1_000,
          token: "t",
        });
        await finish(delivery.guid);
      },
      { leaseMs: 1_000 },
    );
    expect(claims).toEqual([]);
    expect(await row(guid)).toMatchObject({ status: "processed", attempts: 1 });
  });

  test("releases deliveries that it has not begun when the process stops", async () => {
    const received = await Promise.all(Array.from({ length: 4 }, receive));
    const stopping = new AbortController();
    await drain(
      async ({ guid }) => {
        stopping.abort();
        await finish(guid);
      },
      { concurrency: 2, signal: stopping.signal },
    );
    const rows = await Promise.all(received.map(({ guid }) => row(guid)));
    expect(rows.map(({ status, attempts }) => `${String(status)} ${String(attempts)}`).toSorted()).toEqual([
      "processed 1",
      "processed 1",
      "received 0",
      "received 0",
    ]);
  });

  test("stores nothing in a second process that comes too late", async () => {
    const { guid } = await receive();
    await claimDeliveries(store.sql, { ids: null, limit: 1, now: clock.now(), leaseMs: 1_000, token: "t" });
    expect(await store.transaction((sql) => lockDelivery(sql, guid, "t"))).toEqual({ again: false });
    expect(await finish(guid)).toBe(true);
    expect(await store.transaction((sql) => lockDelivery(sql, guid, "t"))).toBeNull();
    expect(await finish(guid)).toBe(false);
  });
});
