import { generateKeyPairSync, randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { readConfig } from "../../src/config.js";
import { HANDLED_EVENTS } from "../../src/domain.js";
import { createAppHost } from "../../src/host/probot.js";
import { drainDeliveries } from "../../src/process/worker.js";
import type { ReceivedDelivery } from "../../src/process/process-claimed.js";
import { registryOf } from "../../src/jobs/define-job.js";
import { JOBS } from "../../src/jobs/registry.js";
import { processDelivery } from "../../src/process/process-delivery.js";
import { readBody } from "../../src/store/deliveries/delivery-body.js";
import { withDatabase } from "../support/database.js";
import { SECRET, silent, systemClock } from "../support/inbox.js";
import { badInput } from "./setting.js";

const { store } = await withDatabase({ poolSize: 8 });
const { inboxOf, stored } = badInput(store);

describe("correctly signed bytes", () => {
  test.each([
    {
      name: "with a byte order mark",
      bytes: Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from('{"t":"bom"}')]),
      t: "bom",
    },
    {
      name: "with invalid UTF-8",
      bytes: Buffer.concat([Buffer.from('{"t":"'), Buffer.from([0xff, 0xc3]), Buffer.from('"}')]),
      t: "\uFFFD\uFFFD",
    },
    { name: "with NUL and half a surrogate pair", bytes: Buffer.from('{"t":"a\\u0000b\\ud800"}'), t: "a\uFFFDb\uFFFD" },
  ])("$name are accepted, stored unchanged, and read", async ({ bytes, t }) => {
    const inbox = await inboxOf();
    const { status, guid } = await inbox.post({ body: bytes, event: "push" });
    expect(status).toBe(202);
    expect((await readBody(store.sql, guid))?.bytes).toEqual(bytes);
    expect((await processed(guid)).payload).toEqual({ t });
  });

  test.each([
    { name: "that are not JSON", body: '{"action": ', reason: "the payload is not JSON", headers: {} },
    { name: "that are empty", body: "", reason: "the payload is not JSON", headers: {} },
    { name: "that are no object", body: "[1]", reason: "the payload is JSON, but not an object", headers: {} },
    {
      name: "that nest too deep",
      body: `${"[".repeat(200_000)}"\\u0000"${"]".repeat(200_000)}`,
      reason: "the payload is not JSON",
      headers: {},
    },
    {
      name: "that are a form without a payload",
      body: "other=1",
      reason: "the form has no field named payload",
      headers: { "content-type": "application/x-www-form-urlencoded" },
    },
  ])("$name are accepted and end as an explained failure", async ({ body, reason, headers }) => {
    const inbox = await inboxOf();
    const { status, guid } = await inbox.post({ body, headers, event: "push" });
    expect(status).toBe(202);
    await drain(() => Promise.resolve());
    expect(await stored(guid)).toMatchObject({
      status: "failed",
      reason,
      error_kind: "invalid",
      error: reason,
      attempts: 1,
    });
  });

  test("of an unhandled event are stored with the reason", async () => {
    const inbox = await inboxOf();
    const body = JSON.stringify({
      action: "exploded",
      installation: { id: 7 },
      repository: { id: 8, full_name: "acme/volcano" },
    });
    const { status, guid } = await inbox.post({ body, event: "volcano" });
    expect(status).toBe(202);
    await drain(await app());
    expect(await stored(guid)).toMatchObject({
      status: "skipped",
      reason: `not handled: volcano is not one of the ${HANDLED_EVENTS.length} events that the app handles`,
      action: "exploded",
      installation_id: "7",
      repository_id: "8",
    });
  });

  test("of another event are stored and refused with the reason", async () => {
    const inbox = await inboxOf();
    const body = JSON.stringify({ action: "opened", nonce: randomUUID(), installation: { id: 1 } });
    const { guid } = await inbox.post({ body, event: "pull_request" });
    await drain(await app());
    const row = await stored(guid);
    expect(row).toMatchObject({ status: "failed", error_kind: "invalid", attempts: 1 });
    expect(row?.["reason"]).toMatch(/pull_request/);
  });
});

/** The app as a server has it: Probot, its listeners, and the transaction behind them. */
async function app(): Promise<(delivery: ReceivedDelivery) => Promise<void>> {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const key = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const host = await createAppHost({
    config: readConfig({}),
    credentials: { appId: 1, privateKey: key, webhookSecrets: [SECRET] },
    log: silent,
  });
  const deps = { store, jobs: registryOf(JOBS), clock: systemClock, log: silent };
  return (delivery) => host.dispatch(delivery, async () => void (await processDelivery(deps, delivery)));
}

async function drain(process: (delivery: ReceivedDelivery) => Promise<void>): Promise<void> {
  await drainDeliveries({ store, process, clock: systemClock, log: silent, concurrency: 2 }, null);
}

/** What reaches the handlers of one delivery. */
async function processed(guid: string): Promise<ReceivedDelivery> {
  const seen: ReceivedDelivery[] = [];
  await drain(async (delivery) => void seen.push(delivery));
  const found = seen.find((delivery) => delivery.guid === guid);
  if (!found) throw new Error(`${guid} was not processed`);
  return found;
}
