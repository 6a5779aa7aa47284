import { beforeEach, expect, it } from "vitest";
import { store as keep } from "../../bench/dora/mirror.js";
import { REPOSITORY } from "../../bench/dora/script.js";
import { shaOf, World } from "../../bench/dora/world.js";
import { journeyOf } from "../../src/reports/journey.js";
import { renderJourney } from "../../src/reports/render.js";
import { withDatabase } from "../support/database.js";

const { store } = await withDatabase();
const { sql } = store;

beforeEach(() =>
  sql.query("TRUNCATE repositories, commits, pushes, pull_requests, deployments, deployment_statuses, deliveries"),
);

/** A delivery as it was processed, with the facts that it told. */
async function told(guid: string, event: string, action: string | null, subject: string, facts: readonly object[]) {
  await sql.query(
    `INSERT INTO deliveries (guid, event, action, content_type, body_bytes, installation_id, repository_id, subject, status, outcome)
     VALUES ($1, $2, $3, 'application/json', 2, 1, $4, $5, 'processed', $6)`,
    [guid, event, action, REPOSITORY, subject, JSON.stringify({ facts, jobs: [] })],
  );
}

async function play(after: (world: World) => void): Promise<string> {
  const world = new World(REPOSITORY);
  world.c("a", "", 0);
  world.push("", "a", 0);
  world.d(1, "production", "a", 1);
  world.d(2, "staging", "a", 1);
  world.c("x", "a", 2);
  world.push("", "x", 2, "topic-1");
  world.c("m", "a x", 4);
  world.push("a", "x m", 4);
  world.pr(1, { head: "x", merge: "m", at: 4 });
  world.d(3, "staging", "m", 5);
  after(world);
  for (const { handler, payload } of world.deliveries) await keep(store, handler.read(payload).facts);
  await keep(store, world.reads());
  // The World gives a merged pull request its head as its base.
  await sql.query("UPDATE pull_requests SET base_sha = $1", [shaOf("a")]);
  await told("guid-of-the-push", "push", null, "push:refs/heads/topic-1", [
    { entity: "commit", key: `acme/r@${shaOf("x").slice(0, 7)}`, result: "inserted" },
  ]);
  await told("guid-of-the-merge", "pull_request", "closed", "pull_request:1", []);
  const [success] = await sql.query("SELECT id::text AS id FROM deployment_statuses WHERE deployment_id = $1", [
    REPOSITORY * 10_000 + 3,
  ]);
  await told("guid-of-staging", "deployment_status", "created", `deployment:${REPOSITORY * 10_000 + 3}`, [
    {
      entity: "deployment_status",
      key: `acme/r deployment 70003 status ${String(success?.["id"])}`,
      result: "inserted",
    },
  ]);
  return renderJourney("acme/r#1", await journeyOf(sql, BigInt(REPOSITORY), 1));
}

it("leads from the first commit to the environments, a line each with the delivery that proves it", async () => {
  const [x, m] = [shaOf("x").slice(0, 7), shaOf("m").slice(0, 7)];
  expect(await play((world) => world.d(4, "production", "m", 7))).toBe(
    [
      "acme/r#1  from commit to production",
      `  2026-01-05 02:00:00.000Z  first commit ${x}  delivery guid-of-the-push`,
      "  2026-01-05 03:00:00.000Z  opened  (read from GitHub)",
      `  2026-01-05 04:00:00.000Z  merged as ${m}  delivery guid-of-the-merge`,
      `  2026-01-05 05:00:00.000Z  deployed to staging with ${m}, live now  delivery guid-of-staging`,
      `  2026-01-05 07:00:00.000Z  deployed to production with ${m}, live now  (read from GitHub)`,
      "",
    ].join("\n"),
  );
});

it("says where a merged change is not, and where it was rolled back", async () => {
  expect(await play(() => undefined)).toContain("–                         not deployed to production");
  await sql.query("TRUNCATE deliveries");
  const back = await play((world) => {
    world.d(4, "production", "m", 7);
    world.d(5, "production", "a", 8);
  });
  expect(back).toContain("deployed to production with");
  expect(back).toContain("not live any more");
});
