import { afterAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { parseJson } from "../../src/unchecked.js";
import { cli } from "../support/cli.js";
import { withDatabase } from "../support/database.js";
import { environmentOf } from "../support/app.js";
import { startApp } from "./app.js";

const database = await withDatabase();
// Its sweepers are slow, as they are for everybody: only a wake-up makes a sync begin at once.
const made = await startApp(database);
afterAll(() => made.close());
const env = environmentOf(made.github, database.url);

const Line = z.object({ id: z.string(), mode: z.string(), status: z.string(), requests: z.number() });
const linesOf = (text: string) =>
  text
    .trim()
    .split("\n")
    .map((line) => Line.parse(parseJson(line)));

test(
  "sync reads changes without deliveries, shows its progress, and returns when done",
  {
    timeout: 180_000,
  },
  async () => {
    const { control } = made.github;
    const { sql } = database.store;
    await control.apply("createRepository", { repository: "acme/site" });
    await made.install();
    await control.run("webhook", { url: null });
    await control.apply("openIssue", { repository: "acme/site", title: "Nobody told of it" });

    const json = await cli(["sync", "--full", "--wait", "--json"], env);
    expect([json.code, json.stderr]).toEqual([0, ""]);
    const lines = linesOf(json.stdout);
    expect(lines.at(-1)).toMatchObject({ mode: "full", status: "completed" });
    expect(lines.at(-1)?.requests).toBeGreaterThan(0);
    expect(new Set(lines.map(({ id }) => id)).size).toBe(1);
    expect(await sql.query("SELECT title FROM issues")).toEqual([{ title: "Nobody told of it" }]);
    const [run] = await sql.query(
      "SELECT EXTRACT(epoch FROM started_at - created_at)::float AS waited FROM sync_runs WHERE id = $1",
      [lines[0]?.id],
    );
    expect(run?.["waited"]).toBeLessThan(10);

    await sql.query("UPDATE issues SET title = 'spoiled'");
    const spot = await cli(["sync", "--repo", "acme/site#1", "--wait"], env);
    expect([spot.code, spot.stdout]).toEqual([0, expect.stringMatching(/spot of acme\/site#1: completed in/)]);
    expect(await sql.query("SELECT title FROM issues")).toEqual([{ title: "Nobody told of it" }]);

    const [installation] = await sql.query("SELECT id::text AS id FROM installations");
    const typo = ["sync", "--repo", "acme/sitte", "--installation", String(installation?.["id"]), "--wait"];
    const { code, stdout } = await cli(typo, env);
    expect([code, stdout]).toEqual([
      1,
      expect.stringMatching(/failed: acme\/sitte cannot be read: GitHub answered 404/),
    ]);

    const left = await cli(["sync"], env);
    expect([left.code, left.stdout]).toEqual([0, expect.stringContaining("--wait shows its progress")]);
  },
);

test.each([
  [
    "an installation that is not there",
    ["--installation", "999"],
    /no installation has the id 999; the installations are: \d+ \(/,
  ],
  ["an installation that is no number", ["--installation", "acme"], /is a whole number/],
  ["what is no repository", ["--repo", "acme", "--installation", "7"], /'acme' is neither owner\/name nor/],
  ["a repository that is not known", ["--repo", "acme/nowhere"], /acme\/nowhere is not stored/],
])("sync refuses %s", async (_what, args, message) => {
  const { code, stderr } = await cli(["sync", ...args, "--wait"], env);
  expect(code).not.toBe(0);
  expect(stderr).toMatch(message);
});

describe("with no worker", async () => {
  const alone = await withDatabase();
  await alone.store.sql.query(
    `INSERT INTO installations (id, account_login, account_type, updated_at, content_hash)
     VALUES (7, 'acme', 'Organization', now(), '')`,
  );

  test("sync --wait reports it, and the run waits for a worker", { timeout: 60_000 }, async () => {
    const { code, stderr } = await cli(["sync", "--wait"], environmentOf(made.github, alone.url));
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/no worker runs/);
    expect(stderr).toMatch(/companyos-github start/);
    expect(await alone.store.sql.query("SELECT status FROM sync_runs")).toEqual([{ status: "waiting" }]);
  });
});
