import { randomUUID } from "node:crypto";
import { afterEach } from "vitest";
import type { Store } from "../../src/store/store.js";
import { sign, startInbox, type TestInbox } from "../support/inbox.js";

export const BODY = JSON.stringify({ action: "opened" });
export const GOOD = sign(BODY);

/** Inboxes for what is bad. Whatever came before: each still takes a good delivery afterwards. */
export function badInput(store: Store) {
  const open: TestInbox[] = [];
  afterEach(async () => {
    for (const inbox of open.splice(0)) {
      const good = await inbox.post({ body: JSON.stringify({ after: randomUUID() }) });
      await inbox.close();
      if (good.status !== 202) throw new Error(`a good delivery is answered ${good.status} afterwards`);
    }
  });

  async function inboxOf(options: Partial<Parameters<typeof startInbox>[0]> = {}): Promise<TestInbox> {
    const inbox = await startInbox({ store, ...options });
    open.push(inbox);
    return inbox;
  }

  async function stored(guid: string): Promise<Record<string, unknown> | undefined> {
    return (await store.sql.query("SELECT * FROM deliveries WHERE guid = $1", [guid]))[0];
  }

  /** Deliveries stored, under whatever GUID. */
  async function rows(): Promise<unknown> {
    return (await store.sql.query("SELECT count(*)::int AS count FROM deliveries"))[0]?.["count"];
  }

  return { inboxOf, stored, rows };
}
