import { afterEach, describe, expect, test } from "vitest";
import type { Viewer } from "../../src/web/viewer.js";
import { withDatabase } from "../support/database.js";
import { openApi } from "../web/api-setting.js";
import { plantTenants, VIEWERS } from "../web/tenants.js";
import { CloudEvent, plantDelivery, pullRequest, router, until } from "./setting.js";

const { store } = await withDatabase({ poolSize: 10 });
await plantTenants(store);

const ada = VIEWERS["an admin of acme"];
const open: AbortController[] = [];
afterEach(() => {
  for (const controller of open.splice(0)) controller.abort();
});

function site(viewer: Viewer | null) {
  return openApi(store, { viewerOf: () => Promise.resolve(viewer) });
}

/** Stores a delivery for repositories 10 and 11 of acme and 20 of globex. @returns their GUIDs. */
async function plantThree(): Promise<readonly [string, string, string]> {
  const plant = (repository: number, installation: number, owner: string): Promise<string> =>
    plantDelivery(store.sql, { payload: pullRequest(1, { repository, installation, owner }) });
  const guids = [await plant(10, 1, "acme"), await plant(11, 1, "acme"), await plant(20, 2, "globex")] as const;
  const count = async (): Promise<boolean> => {
    const rows = await store.sql.query("SELECT 1 FROM events WHERE event_id = ANY ($1::text[])", [guids]);
    return rows.length === 3;
  };
  await until(count, router(store));
  return guids;
}

/** A client of the stream: reads messages until it has `count`, then hangs up. */
async function read(response: Response, count: number): Promise<readonly { id: string; event: string }[]> {
  expect(response.status).toBe(200);
  const messages: { id: string; event: string }[] = [];
  let text = "";
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  while (messages.length < count) {
    const part = await reader?.read();
    if (!part || part.done) break;
    text += part.value;
    const blocks = text.split("\n\n");
    text = blocks.pop() ?? "";
    for (const block of blocks) {
      const lines = block.split("\n");
      const data = lines.filter((line) => line.startsWith("data: ")).map((line) => line.slice(6));
      const id = lines.find((line) => line.startsWith("id: "))?.slice(4);
      if (id !== undefined) messages.push({ id, event: CloudEvent.parse(JSON.parse(data.join("\n"))).id });
    }
  }
  await reader?.cancel();
  return messages;
}

describe("the stream of events", () => {
  test("shows each viewer only the events that they may see", async () => {
    const guids = await plantThree();
    const seen = async (viewer: Viewer, count: number) =>
      (await read(await site(viewer).ask("/events?last=0"), count)).map(({ event }) => event);
    expect(await seen(ada, 2)).toEqual([guids[0], guids[1]]);
    expect(await seen(VIEWERS["a member of acme who reads one repository"], 1)).toEqual([guids[0]]);
    const all = openApi(store, { adminToken: "admin-token-of-this-test-0001" });
    const operator = await all.ask("/events?last=0", {
      headers: { authorization: "Bearer admin-token-of-this-test-0001" },
    });
    expect((await read(operator, 3)).map(({ event }) => event)).toEqual(guids);
  });

  test("resumes after Last-Event-ID, and waits for the next event", async () => {
    const [first, second] = await plantThree();
    const before = await read(await site(ada).ask("/events?last=0"), 4);
    const at = before.findIndex(({ event }) => event === first);
    const response = await site(ada).ask("/events", { headers: { "last-event-id": before[at]?.id ?? "" } });
    const reading = read(response, 3);
    const [third, fourth] = await plantThree();
    expect((await reading).map(({ event }) => event)).toEqual([second, third, fourth]);
  });

  test("begins with the next event without Last-Event-ID; a topic filters", async () => {
    const response = await site(ada).ask("/events?topic=github.push,github.pull_request.*");
    const other = await site(ada).ask("/events?topic=github.push");
    const reading = read(response, 2);
    const guids = await plantThree();
    expect((await reading).map(({ event }) => event)).toEqual([guids[0], guids[1]]);
    const push = await plantDelivery(store.sql, { event: "push", payload: { ...pullRequest(1), action: undefined } });
    const one = read(other, 1);
    await until(
      async () => (await store.sql.query("SELECT 1 FROM events WHERE event_id = $1", [push])).length > 0,
      router(store),
    );
    expect((await one).map(({ event }) => event)).toEqual([push]);
  });

  test("needs the scope 'events', and says when events are gone", async () => {
    const { scopes: _, ...person } = ada;
    const refused = await site({ ...person, scopes: new Set(["read"]) }).ask("/events");
    expect([refused.status, await refused.text()]).toEqual([403, expect.stringContaining("'events'")]);
    expect((await site(null).ask("/events")).status).toBe(401);
    expect((await site(ada).ask("/events", { headers: { "last-event-id": "x" } })).status).toBe(400);
    expect((await site(ada).ask("/events?installation=2")).status).toBe(404);
    await store.sql.query("DELETE FROM events WHERE id < (SELECT max(id) FROM events)");
    const response = await site(ada).ask("/events?last=1");
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader?.read())?.value).toMatch(/event: gap\ndata: \{"after":"1","continuesAt":"\d+"\}/);
    await reader?.cancel();
  });

  test("reports a gap when no event is stored any more", async () => {
    await store.sql.query("DELETE FROM events");
    const response = await site(ada).ask("/events?last=1");
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader?.read())?.value).toMatch(/event: gap\ndata: \{"after":"1","continuesAt":"\d+"\}/);
    await reader?.cancel();
  });

  test("a person has five streams at most, and all end with the process", async () => {
    const one = site(ada);
    const streams = await Promise.all(Array.from({ length: 5 }, () => one.ask("/events")));
    expect(streams.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect((await one.ask("/events")).status).toBe(429);
    one.events.close();
    for (const stream of streams) expect(await stream.text()).toMatch(/^retry: /);
    expect((await one.ask("/events")).status).toBe(503);
  });
});
