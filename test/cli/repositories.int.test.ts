import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import { cli } from "../support/cli.js";
import { withDatabase } from "../support/database.js";

const database = await withDatabase();
const DATABASE_URL = database.url;

describe("repositories", () => {
  const run = (...args: string[]) => cli(["repositories", ...args], { DATABASE_URL });
  beforeAll(async () => {
    await database.store.sql.query(
      `INSERT INTO installations (id, account_id, account_login, account_type, updated_at, content_hash)
       VALUES (71, 1, 'acme', 'Organization', now(), ''), (72, 2, 'other', 'Organization', now(), '')`,
    );
    await database.store.sql.query(
      `INSERT INTO repositories (id, installation_id, owner_login, name, full_name, updated_at, content_hash)
       SELECT 710 + n, 71, 'acme', name, 'acme/' || name, now(), ''
       FROM unnest(ARRAY['site', 'secret-plans']) WITH ORDINALITY AS r(name, n)`,
    );
  });

  test("are allowed, denied, listed and removed", { timeout: 60_000 }, async () => {
    const of = ["--installation", "71"];
    const denied = await run("deny", "acme/secret-*", "acme/old", ...of);
    expect(denied.code).toBe(0);
    expect(denied.stdout.split("\n")).toEqual([
      expect.stringMatching(/^In the database .*:$/),
      "Installation 71 of acme",
      "  allowed: all",
      "  denied: acme/old, acme/secret-*",
      "  excluded: the organisation denies acme/secret-plans (acme/secret-*)",
      "",
    ]);
    const allowed = await run("allow", "acme/s*", ...of);
    expect(allowed.stdout).toContain("  allowed: acme/s*\n");
    const old = await run("deny", "acme/old", "--remove", ...of);
    expect(old.stdout).toContain("  denied: acme/secret-*\n");
    expect(old.stdout, "it is not stored").not.toContain("A running server");
    const list = await run("list");
    expect(list.stdout).toContain("  denied: acme/secret-*\n");
    expect(list.stdout).toContain("Installation 72 of other\n  allowed: all\n  denied: none\n");
    const again = await run("deny", "acme/secret-*", "--remove", ...of);
    expect(again.stdout).toContain("A running server syncs the repositories that were added: acme/secret-plans.\n");
  });

  test.each([
    [64, ["deny", "acme/x"], /Name one with --installation\. Installations: 71 \(acme\), 72 \(other\)/],
    [1, ["deny", "acme/x", "--installation", "9"], /no installation has the id 9; the installations are: 71/],
    [64, ["allow", "acme", "--installation", "71"], /'acme' is not owner\/name/],
    [64, ["list", "--installation", "x"], /whole number/],
  ])("exits %d for %j with the remedy", async (exitCode, args, reason) => {
    const { code, stderr } = await run(...args);
    expect([code, stderr]).toEqual([exitCode, expect.stringMatching(reason)]);
  });

  test.each(["health", "export", "sync"])("of an unknown installation: %s lists the existing ones", async (name) => {
    const { code, stdout, stderr } = await cli([name, "--installation", "99"], { DATABASE_URL });
    expect([code, stdout, stderr]).toEqual([
      name === "health" ? 3 : 1,
      "",
      "no installation has the id 99; the installations are: 71 (acme), 72 (other)\n",
    ]);
  });

  test("with paused writes are shown by writes status, health and doctor", { timeout: 60_000 }, async () => {
    const pause = ["writes", "pause", "--installation", "72", "--reason", "a \u001b[2Jmess"];
    expect((await cli(pause, { DATABASE_URL })).code).toBe(0);
    const { stdout: status } = await cli(["writes", "status"], { DATABASE_URL });
    expect(status).toMatch(
      /^writes to GitHub in the database .*\neverywhere: not paused\ninstallation 71 \(acme\): not paused\ninstallation 72 \(other\): paused since \S+Z \(a \uFFFD\[2Jmess\)\n$/,
    );
    const { stdout: health } = await cli(["health"], { DATABASE_URL });
    expect(health).toMatch(
      /writes are paused since .*, for installation 72 \(other\): 'companyos-github writes resume --in/,
    );
    expect((await cli(["health", "--installation", "71"], { DATABASE_URL })).stdout).not.toContain("paused");
    const { stdout: doctor } = await cli(["doctor"], { DATABASE_URL });
    expect(doctor).toMatch(
      /problem +writes +writes are paused since .*, for installation 72 \(other\)\n +'companyos-github/,
    );
    expect((await cli(["writes", "resume", "--installation", "72"], { DATABASE_URL })).code).toBe(0);
    expect((await cli(["health", "--json"], { DATABASE_URL })).stdout).toContain('"writesPaused": []');
  });

  test("of an installation that was uninstalled can be exported until they are purged", async () => {
    await database.store.sql.query("UPDATE installations SET deleted_at = now() WHERE id = 72");
    const { code, stdout, stderr } = await cli(["export", "--installation", "72"], { DATABASE_URL });
    const rows = stdout.trimEnd().split("\n").length;
    expect([code, stderr]).toEqual([0, `${rows} rows of installation 72.\n`]);
    expect(stdout).toContain('"account_login": "other"');
  });

  test("export | head ends without an error, however long the output", async () => {
    await database.store.sql.query(
      `INSERT INTO repositories (id, installation_id, owner_login, name, full_name, updated_at, content_hash)
       SELECT 1000 + n, 72, 'other', 'site-' || n, 'other/site-' || n, now(), '' FROM generate_series(1, 3000) AS n`,
    );
    const { PATH = "" } = process.env;
    const command = `{ node ${resolve("dist/cli.js")} export --installation 72; echo "ended with $?" >&2; } | head -1`;
    const { stdout, stderr } = await promisify(execFile)("sh", ["-c", command], { env: { PATH, DATABASE_URL } });
    expect([stderr, stdout]).toEqual(["ended with 0\n", expect.stringMatching(/^\{"row".*\}\n$/)]);
  });
});
