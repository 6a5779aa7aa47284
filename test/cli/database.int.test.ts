import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { cli, runNode } from "../support/cli.js";
import { createDatabase, withDatabase } from "../support/database.js";

/** Every command that only reads or switches; the rest of `program.ts` creates a database or needs none. */
const COMMANDS: readonly (readonly string[])[] = [
  ["sync"],
  ["health"],
  ["replay", "72d3162e-cc78-11e3-81ab-4c9367dc0958"],
  ["replay", "72d3162e-cc78-11e3-81ab-4c9367dc0958", "--dry-run"],
  ["explain", "72d3162e-cc78-11e3-81ab-4c9367dc0958"],
  ["explain", "acme/site#1"],
  ["shadow"],
  ["repositories", "list"],
  ["repositories", "allow", "acme/*"],
  ["repositories", "deny", "acme/*"],
  ["writes", "status"],
  ["writes", "pause"],
  ["writes", "resume"],
  ["export", "--installation", "1"],
];

const folder = mkdtempSync(join(tmpdir(), "companyos-wrong-folder-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const database = await withDatabase();

describe("in a folder without a database", () => {
  test.each(COMMANDS)("%s %s refuses, names the folder and the remedy, and creates nothing", async (...args) => {
    const { code, stdout, stderr } = await runNode([resolve("dist/cli.js"), ...args], { env: {}, cwd: folder });
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(
      `DATABASE_URL is not set, and ${join(folder, ".data")} (DATA_DIR) holds no embedded database`,
    );
    expect(stderr).toMatch(/\n {2}Run the command in the folder of the running app, or set DATABASE_URL or DATA_DIR/);
    expect(readdirSync(folder)).toEqual([]);
  });

  test("doctor explains that start creates the database, and creates none", async () => {
    const { stdout } = await runNode([resolve("dist/cli.js"), "doctor"], { env: {}, cwd: folder });
    expect(stdout).toMatch(
      /unknown .*database +.*\.data holds no embedded database yet; 'companyos-github start' creates it/,
    );
    expect(existsSync(join(folder, ".data"))).toBe(false);
  });
});

/** All commands open the database in the same two functions; one of each kind is enough here. */
const SOME = COMMANDS.filter(([name, second]) => name === "explain" || second === "pause");

describe("on a database that this version cannot work on", () => {
  test.each(SOME)("%s %s refuses one without tables, by name", async (...args) => {
    const bare = await createDatabase({ migrated: false });
    const { code, stdout, stderr } = await cli(args, { DATABASE_URL: bare.url });
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(new RegExp(`${new URL(bare.url).pathname.slice(1)} lacks \\d+ migrations`));
    await bare.drop();
  });

  test.each([["migrate"], ...SOME])("%s %s refuses one of a newer version", async (...args) => {
    await newer();
    const { code, stdout, stderr } = await cli(args, { DATABASE_URL: database.url });
    await older();
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(
      /was migrated by a newer version .* this version lacks 99990101000000_later\.\n {2}Run that newer version/,
    );
  });

  test("doctor names a newer one as a problem", async () => {
    await newer();
    const { code, stdout } = await cli(["doctor"], { DATABASE_URL: database.url });
    await older();
    expect(code).toBe(1);
    expect(stdout).toMatch(/problem +database +.*was migrated by a newer version/);
  });
});

const { sql } = database.store;
const newer = () =>
  sql.query(
    `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
     VALUES ('later', '', '99990101000000_later', now(), now(), 1)`,
  );
const older = () => sql.query("DELETE FROM _prisma_migrations WHERE id = 'later'");

test("names the database in which the switch was changed", async () => {
  const name = new URL(database.url).pathname.slice(1);
  for (const args of [
    ["writes", "status"],
    ["writes", "pause"],
    ["writes", "resume"],
    ["repositories", "list"],
  ])
    expect((await cli(args, { DATABASE_URL: database.url })).stdout).toContain(name);
});
