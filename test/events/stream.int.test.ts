import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { ensureCursor } from "../../src/store/events/cursors.js";
import { settledIn } from "../../src/store/events/settled.js";
import { createDatabase, withDatabase } from "../support/database.js";
import { CloudEvent, memorySink, plantDelivery, pullRequest, pumpOf, router, SERVER_URL, until } from "./setting.js";

const { store } = await withDatabase({ poolSize: 20 });

test("a delivery becomes a CloudEvent with its GUID, type, subject and whole payload", async () => {
  const { sink, got } = memorySink("envelope");
  const pump = await pumpOf(store, sink);
  const guid = await plantDelivery(store.sql, { payload: { ...pullRequest(7), text: "a\u2028b" } });
  await until(
    () => got.length === 1,
    async () => [await router(store)(), await pump()],
  );
  const event = CloudEvent.parse(JSON.parse(got[0]?.json ?? ""));
  expect(event).toMatchObject({
    id: guid,
    type: "com.github.pull_request.opened",
    source: `${SERVER_URL}/acme/r10`,
    subject: "acme/r10#7",
    partitionkey: "acme/r10#7",
    installationid: "1",
    datacontenttype: "application/json",
    data: { number: 7, text: "a\u2028b" },
  });
});

test("an open commit holds later events back, and none is missed", async () => {
  const { sink, got } = memorySink("held");
  const pump = await pumpOf(store, sink);
  const route = router(store);
  const guids = [randomUUID(), randomUUID()] as const;
  let commit = (): void => undefined;
  const held = new Promise<void>((resolve) => (commit = resolve));
  let planted = (): void => undefined;
  const first = new Promise<void>((resolve) => (planted = resolve));
  const open = store.transaction(async (sql) => {
    await plantDelivery(sql, { guid: guids[0], payload: pullRequest(1) });
    planted();
    await held;
  });
  await first;
  await plantDelivery(store.sql, { guid: guids[1], payload: pullRequest(1) });
  for (let n = 0; n < 3; n += 1) await route();
  await pump();
  expect(got).toEqual([]);
  commit();
  await open;
  await until(
    () => got.length === 2,
    async () => [await route(), await pump()],
  );
  expect(got.map(({ id }) => id)).toEqual(guids);
});

test("a transaction that only reads, or writes another table, holds nothing back", async () => {
  const settled = settledIn(store.sql, "deliveries");
  const { bound, last } = await store.transaction(async (sql) => {
    await sql.query("SELECT count(*) FROM deliveries");
    await sql.query("UPDATE event_cursors SET error = NULL");
    await plantDelivery(store.sql, { payload: pullRequest(1) });
    const [row] = await store.sql.query("SELECT max(id)::text AS last FROM deliveries");
    return { bound: await settled(), last: row?.["last"] };
  });
  expect(String(bound)).toBe(last);
});

test("events of an excluded repository do not leave; one without an installation gets its repository's", async () => {
  const { sink, got } = memorySink("excluded");
  const pump = await pumpOf(store, sink);
  await store.sql.query(
    `INSERT INTO installations (id, account_login, account_type, updated_at, content_hash, deny_repositories)
     VALUES (5, 'acme', 'Organization', now(), '', '{acme/r51}')`,
  );
  await store.sql.query(
    `INSERT INTO repositories (id, installation_id, owner_login, name, full_name, updated_at, content_hash)
     VALUES (52, 5, 'acme', 'r52', 'acme/r52', now(), '')`,
  );
  await plantDelivery(store.sql, { payload: pullRequest(1, { installation: 5, repository: 51 }) });
  const { installation: _, ...hook } = { installation: null, ...pullRequest(2, { installation: 5, repository: 52 }) };
  await plantDelivery(store.sql, { payload: hook });
  await until(
    () => got.some(({ subject }) => subject === "acme/r52#2"),
    async () => [await router(store)(), await pump()],
  );
  const left = got.filter(({ subject }) => subject?.startsWith("acme/r5"));
  expect(left.map(({ subject, installationId }) => [subject, installationId])).toEqual([["acme/r52#2", 5n]]);
});

/** Deterministic, so that a failure can be repeated. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

test("with commits held open and reordered, routers and consumers killed: 0 missed, 0 out of order per subject", async () => {
  const database = await createDatabase({ poolSize: 24 });
  const bus = database.store;
  try {
    const random = randomOf(Number(process.env["EVENTS_SEED"] ?? 20_261_130));
    const WRITERS = 6;
    const COMMITS = 40;
    const sent = new Map<string, string>();
    const state = { writing: WRITERS, kills: 0, left: 0 };
    const write = async (writer: number): Promise<void> => {
      for (let n = 0; n < COMMITS; n += 1) {
        const rows = Array.from({ length: 1 + Math.floor(random() * 4) }, () => Math.floor(random() * 5));
        const holdMs = random() < 0.1 ? 60 * random() : 4 * random();
        await bus.transaction(async (sql) => {
          for (const number of rows) {
            const guid = randomUUID();
            sent.set(guid, `${writer}`);
            await plantDelivery(sql, { guid, payload: pullRequest(number + 1) });
            await delay(2 * random());
          }
          await delay(holdMs);
        });
      }
      state.writing -= 1;
    };
    const route = async (): Promise<void> => {
      // Two routers, as two processes have; each new one has forgotten what it knew.
      let one = router(bus, 7);
      for (let n = 0; state.writing > 0 || (await behind()) > 0; n += 1) {
        await one().catch(() => undefined);
        if (random() < 0.05) one = router(bus, 7);
        await delay(1);
      }
    };
    const behind = async (): Promise<number> => {
      const [row] = await bus.sql.query(
        "SELECT (SELECT max(id) FROM deliveries) - (SELECT position FROM event_cursors WHERE name = 'deliveries') AS n",
      );
      return Number(row?.["n"]);
    };
    const received: string[] = [];
    const consume = async (): Promise<void> => {
      const seen = new Set<string>();
      while (seen.size < sent.size || state.writing > 0) {
        // A consumer's life: it ends in the middle of a batch, before or after the subscriber has an event.
        state.left = Math.floor(random() * 40);
        const { sink } = memorySink("chaos", ({ id }) => {
          state.left -= 1;
          if (state.left < 0) {
            if (random() < 0.5) {
              received.push(id);
              seen.add(id);
            }
            throw Object.assign(new Error("killed"), { killed: true });
          }
          received.push(id);
          seen.add(id);
        });
        const pump = await pumpOf(bus, { ...sink, givesUp: false }, { leaseMs: 5 });
        const killed = new AbortController();
        for (let n = 0; n < 50 && state.left > 0 && (seen.size < sent.size || state.writing > 0); n += 1) {
          await pump(killed.signal);
          await delay(1);
        }
        killed.abort();
        state.kills += 1;
        await delay(6);
      }
    };
    await ensureCursor(bus.sql, "chaos");
    await Promise.all([...Array.from({ length: WRITERS }, (_, n) => write(n)), route(), route(), consume()]);

    const rows = await bus.sql.query("SELECT guid FROM deliveries ORDER BY id");
    const order = new Map(rows.map(({ guid }, index) => [String(guid), index]));
    const subjects = await bus.sql.query("SELECT event_id, subject FROM events");
    const subjectOf = new Map(subjects.map((row) => [String(row["event_id"]), String(row["subject"])]));
    const first = [...new Set(received)];
    expect(first.length).toBe(sent.size);
    const last = new Map<string, number>();
    const disordered = first.filter((guid) => {
      const subject = subjectOf.get(guid) ?? "";
      const at = order.get(guid) ?? -1;
      const bad = at < (last.get(subject) ?? -1);
      last.set(subject, Math.max(at, last.get(subject) ?? -1));
      return bad;
    });
    expect(disordered).toEqual([]);
    expect(state.kills).toBeGreaterThan(10);
  } finally {
    await database.drop();
  }
});
