import { createHmac, randomUUID } from "node:crypto";
import { afterAll, expect, test } from "vitest";
import { z } from "zod";
import { exampleDeliveries } from "../demo/examples.js";
import { startGitHub } from "../simulator/index.js";
import { renderStory } from "../src/reports/render.js";
import { readStory } from "../src/reports/story.js";
import { startBeside } from "./support/app.js";
import { withDatabase } from "./support/database.js";
import { untilFinished } from "./crash/setting.js";

/** Every example of the eight event types through the running server: posted, posted again, and under new GUIDs. */
const Answer = z.object({ id: z.string(), duplicate: z.boolean() });
const github = await startGitHub();
afterAll(() => github.close());
const database = await withDatabase();
const { sql } = database.store;
const app = await startBeside(github, database.url, { sweepMs: 1_000 });
afterAll(() => app.close());

const examples = exampleDeliveries(2_311_213).map(({ event, payload }) => {
  const body = JSON.stringify(payload);
  return { event, body, signature: `sha256=${createHmac("sha256", github.webhookSecret).update(body).digest("hex")}` };
});

async function post(guids: readonly string[]): Promise<readonly boolean[]> {
  const answers: boolean[] = [];
  for (const [index, { event, body, signature }] of examples.entries()) {
    const headers = {
      "content-type": "application/json",
      "x-github-event": event,
      "x-github-delivery": guids[index] ?? "",
      "x-hub-signature-256": signature,
    };
    const response = await fetch(`${app.url}/api/github/webhooks`, { method: "POST", body, headers });
    expect(response.status).toBe(202);
    const { id, duplicate } = Answer.parse(await response.json());
    expect(id).toBe(guids[index]);
    answers.push(duplicate);
  }
  await untilFinished(sql, 60_000);
  return answers;
}

/** Every table but the record of deliveries and the stream that is read from it; of jobs their outcomes. */
async function dump(): Promise<Readonly<Record<string, unknown>>> {
  const names = await sql.query(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
     AND table_name NOT IN ('deliveries', 'delivery_bodies', 'events', 'event_cursors', 'jobs', '_prisma_migrations') ORDER BY 1`,
  );
  const tables: Record<string, unknown> = {};
  for (const { name } of names)
    tables[String(name)] = await sql.query(`SELECT * FROM "${String(name)}" t ORDER BY t::text`);
  tables["jobs"] = await sql.query(
    `SELECT name, key, status, count(*)::int AS count FROM jobs WHERE delivery_guid IS NOT NULL GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
  );
  return tables;
}

test("stored, processed and explained; repeated GUIDs and bodies change nothing", { timeout: 300_000 }, async () => {
  const guids = examples.map(() => randomUUID());
  expect(await post(guids)).toEqual(examples.map(() => false));
  const statuses = await sql.query("SELECT status, count(*)::int AS count FROM deliveries GROUP BY status");
  expect(new Set(statuses.map(({ status }) => status))).toEqual(new Set(["processed", "skipped"]));
  for (const guid of guids) {
    const story = await readStory(database.store, guid);
    expect(story && renderStory(story)).toMatch(/ status +(processed|skipped: \w)/);
    // Either there is work, or the reason for none.
    expect(story?.planned.length || story?.reason).toBeTruthy();
  }
  const before = await dump();
  expect(Object.values(before).some((rows) => Array.isArray(rows) && rows.length > 0)).toBe(true);

  expect(await post(guids)).toEqual(examples.map(() => true));
  expect(await dump()).toEqual(before);

  // A push may repeat: under another GUID it is taken, and found to be recorded already.
  expect(await post(examples.map(() => randomUUID()))).toEqual(examples.map(({ event }) => event !== "push"));
  expect(await dump()).toEqual(before);
  const pushes = await sql.query(
    "SELECT DISTINCT status, reason FROM deliveries WHERE event = 'push' ORDER BY status DESC LIMIT 1",
  );
  expect(pushes[0]?.["reason"]).toMatch(/already recorded/);
});
