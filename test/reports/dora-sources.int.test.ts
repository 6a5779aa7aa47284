import { beforeEach, expect, it } from "vitest";
import { emptyMirror, store as keep } from "../../bench/dora/mirror.js";
import { REPOSITORY } from "../../bench/dora/script.js";
import { HOUR, shaOf, START, World } from "../../bench/dora/world.js";
import { doraReport } from "../../src/reports/dora/report.js";
import { withDatabase } from "../support/database.js";

const { store } = await withDatabase();
const { sql } = store;

beforeEach(async () => {
  await emptyMirror(store);
  await sql.query("TRUNCATE repository_settings, releases");
  const world = new World(REPOSITORY);
  world.c("a", "", 0);
  world.push("", "a", 0);
  world.c("b", "a", 2);
  world.push("a", "b", 3);
  world.d(1, "production", "a", 1);
  for (const { handler, payload } of world.deliveries) await keep(store, handler.read(payload).facts);
  await keep(store, world.reads());
  for (const [tag, name, hour] of [
    ["v1", "a", 1],
    ["v2", "b", 6],
  ] as const) {
    const at = new Date(START + hour * HOUR);
    await sql.query(
      `INSERT INTO pushes (installation_id, repository_id, ref, ref_type, before, after, kind, commit_count, head_sha, pushed_at)
       VALUES (1, $1, 'refs/tags/' || $2::text, 'tag', '', $3, 'tag-created', 0, $3, $4)`,
      [REPOSITORY, tag, shaOf(name), at],
    );
    await sql.query(
      `INSERT INTO releases (id, installation_id, repository_id, tag_name, draft, prerelease, target_commitish, published_at, updated_at, content_hash)
       VALUES ($1, 1, $2, $3, false, false, 'main', $4::timestamptz + interval '1 hour', now(), '')`,
      [hour, REPOSITORY, tag, at],
    );
  }
});

it.each([
  ["github", 1, null],
  ["push", 2, 1],
  ["tag", 2, 4],
  ["release", 2, 5],
])("counts deployments by the source %s", async (source, deployments, hours) => {
  await sql.query(
    `INSERT INTO repository_settings (repository_id, installation_id, settings, read_at, good_at) VALUES ($1, 1, $2, now(), now())`,
    [REPOSITORY, JSON.stringify({ deployments: { source } })],
  );
  const now = new Date(START + 48 * HOUR);
  const wanted = {
    repository: null,
    service: null,
    environment: null,
    unit: "week",
    from: new Date(START),
    to: now,
    now,
  };
  const [course, ...more] = (await doraReport(sql, { ...wanted, unit: "week" })).courses;
  expect(more).toEqual([]);
  expect(course?.total.deployments).toBe(deployments);
  expect(course?.total.leadTime.median ?? null).toBe(hours === null ? null : hours * HOUR);
});
