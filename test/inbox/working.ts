import { randomUUID } from "node:crypto";
import { afterEach, beforeEach } from "vitest";
import { drainDeliveries, type DrainOptions } from "../../src/process/worker.js";
import { finishDelivery } from "../../src/store/deliveries/finish-delivery.js";
import type { Store } from "../../src/store/store.js";
import { silent, startInbox, type TestInbox } from "../support/inbox.js";

/** An inbox, anew for each test, and what works its deliveries off; its clock stands until it is moved. */
export function working(store: Store) {
  let now = new Date();
  let inbox: TestInbox;
  const clock = { now: () => now };
  beforeEach(async () => {
    await store.sql.query("TRUNCATE deliveries, delivery_bodies");
    now = new Date();
    inbox = await startInbox({ store, clock });
  });
  afterEach(() => inbox.close());

  async function row(guid: string): Promise<Record<string, unknown>> {
    const [found] = await store.sql.query("SELECT * FROM deliveries WHERE guid = $1", [guid]);
    return found ?? {};
  }
  return {
    clock,
    row,
    inbox: () => inbox,
    later(ms: number): void {
      now = new Date(now.getTime() + ms);
    },
    drain(process: DrainOptions["process"], more: Partial<DrainOptions> & { readonly signal?: AbortSignal } = {}) {
      const { signal, ...options } = more;
      return drainDeliveries(
        { store, process, clock, log: silent, concurrency: 4, random: () => 0, ...options },
        null,
        signal,
      );
    },
    async receive(): Promise<{ readonly guid: string; readonly id: string }> {
      const { guid } = await inbox.post({ body: JSON.stringify({ action: "opened", nonce: randomUUID() }) });
      return { guid, id: String((await row(guid))["id"]) };
    },
    /** As the holder of the moment, unless another claim is named. */
    finish: async (guid: string, token?: string) =>
      finishDelivery(store.sql, {
        guid,
        token: token ?? String((await row(guid))["locked_by"]),
        status: "processed",
        reason: null,
        outcome: { facts: [], jobs: [], reason: null },
        action: "opened",
        installationId: 1n,
        repositoryId: 2n,
        subject: "issues:3",
        senderLogin: "octocat",
        now,
      }),
  };
}
