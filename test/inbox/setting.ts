import { randomUUID } from "node:crypto";
import { afterEach } from "vitest";
import type { Store } from "../../src/store/store.js";
import { startInbox, type TestInbox } from "../support/inbox.js";

export const body = (): string => JSON.stringify({ action: "opened", nonce: randomUUID() });

/** Inboxes over this store, closed after each test, and what they have stored. */
export function inboxesOn(store: Store) {
  const open: TestInbox[] = [];
  afterEach(async () => {
    for (const inbox of open.splice(0)) await inbox.close();
  });

  async function inboxOf(options: Partial<Parameters<typeof startInbox>[0]> = {}): Promise<TestInbox> {
    const inbox = await startInbox({ store, ...options });
    open.push(inbox);
    return inbox;
  }

  async function row(guid: string): Promise<Record<string, unknown>> {
    const [found] = await store.sql.query("SELECT * FROM deliveries WHERE guid = $1", [guid]);
    if (!found) throw new Error(`no delivery ${guid}`);
    return found;
  }

  return { inboxOf, row };
}
