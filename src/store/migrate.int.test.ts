import { createServer } from "node:net";
import { inject, afterAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { createLog } from "../log.js";
import { databaseName, onDatabase } from "./database-url.js";
import { freePort } from "./embedded/free-port.js";
import { migrate, pendingMigrations } from "./migrate.js";
import { type Migration, readMigrations } from "./migrations.js";
import { openStore } from "./store.js";
import { diffSchema } from "./schema-engine.js";
import { createDatabase, withDatabase } from "../../test/support/database.js";
import { reportMissing } from "../../test/support/missing.js";
import { dropDatabase, scratchName } from "../../test/support/scratch-database.js";

const log = createLog({ level: "silent" });
const server = inject("databaseServer");
const { store: admin } = await withDatabase();
const shipped = readMigrations().map(({ name }) => name);
const missing = scratchName("missing");
afterAll(() => dropDatabase(server, missing));

/** What a server of the operator's lets the tests' role do. */
const Rights = z.object({ superuser: z.boolean(), roles: z.boolean() });
const [rights] = await admin.sql.query(
  "SELECT rolsuper AS superuser, rolsuper OR rolcreaterole AS roles FROM pg_roles WHERE rolname = current_user",
);
const may = Rights.parse(rights);
if (!may.roles) reportMissing("the role of DATABASE_URL may not create roles", "ALTER ROLE <it> CREATEROLE");
if (!may.superuser) reportMissing("the role of DATABASE_URL may not read pg_hba.conf", "ALTER ROLE <it> SUPERUSER");

function migration(name: string, script: string): Migration {
  return { name, script, checksum: "" };
}

describe("migrate", () => {
  it("creates a missing database; of ten concurrent calls one applies and nine do nothing", async () => {
    const url = onDatabase(server, missing);
    const results = await Promise.all(Array.from({ length: 10 }, () => migrate(url, { log })));
    const applied = results.map((result) => result.applied).filter((names) => names.length > 0);
    expect(applied).toEqual([shipped]);
    expect(await pendingMigrations(url)).toEqual([]);
    expect((await migrate(url, { log })).applied).toEqual([]);
  });

  it("allows one waiting and one running row for a piece of work, and any number of others", async () => {
    const insert = (status: string) =>
      admin.sql.query(
        "INSERT INTO jobs (queue, name, key, payload, max_attempts, status) VALUES ('sync', 'refresh', 'k', '{}', 3, $1)",
        [status],
      );
    for (const status of ["waiting", "running", "done", "done", "failed", "failed"]) await insert(status);
    for (const status of ["waiting", "running"]) await expect(insert(status)).rejects.toMatchObject({ code: "23505" });
  });

  it("lists pending migrations: all without tables, new ones, none when up to date", async () => {
    const bare = await createDatabase({ migrated: false });
    expect(await pendingMigrations(bare.url)).toEqual(shipped);
    expect(await pendingMigrations(bare.store.sql)).toEqual(shipped);
    const first = [migration("1_a", "CREATE TABLE a (x int)")];
    await migrate(bare.url, { log, migrations: first });
    const applied = await migrate(bare.url, {
      log,
      migrations: [...first, migration("2_b", "CREATE TABLE b (x int)")],
    });
    expect(applied.applied).toEqual(["2_b"]);
    await bare.drop();
  });

  it("rolls a failed migration back, names it, and continues when it is fixed", async () => {
    const bare = await createDatabase({ migrated: false });
    const good = migration("1_good", "CREATE TABLE good (x int)");
    const bad = migration("2_bad", "CREATE TABLE half (x int); SELECT 1/0");
    const failing = migrate(bare.url, { log, migrations: [good, bad] });
    await expect(failing).rejects.toMatchObject({
      message: "migration '2_bad': division by zero",
      cause: { code: "22012" },
    });
    const rows =
      "SELECT to_regclass('good') AS good, to_regclass('half') AS half, to_regclass('_prisma_migrations') AS log";
    expect(await bare.store.sql.query(rows)).toEqual([{ good: null, half: null, log: null }]);
    const mended = migration("2_bad", "CREATE TABLE half (x int)");
    expect((await migrate(bare.url, { log, migrations: [good, mended] })).applied).toEqual(["1_good", "2_bad"]);
    await bare.drop();
  });

  it("runs a script as one: semicolons in strings and function bodies are no ends", async () => {
    const bare = await createDatabase({ migrated: false });
    const script = `CREATE TABLE t (x text DEFAULT 'a;b');
      CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN PERFORM 1; RETURN 2; END $$;`;
    await migrate(bare.url, { log, migrations: [migration("1", script)] });
    expect(await bare.store.sql.query("SELECT f()")).toEqual([{ f: 2 }]);
    await bare.drop();
  });

  it("does not continue after a migration that another program left unfinished", async () => {
    const bare = await createDatabase({ migrated: false });
    await migrate(bare.url, { log, migrations: [migration("1_a", "SELECT 1")] });
    await bare.store.sql.query("UPDATE _prisma_migrations SET finished_at = NULL");
    await expect(migrate(bare.url, { log })).rejects.toThrow(/the migration '1_a'.*--rolled-back 1_a/s);
    await bare.drop();
  });

  it("refuses a database with another program's tables", async () => {
    const bare = await createDatabase({ migrated: false });
    await bare.store.sql.query("CREATE TABLE theirs (x int)");
    await expect(migrate(bare.url, { log })).rejects.toThrow(
      /The database .* holds the tables of another program.*Name an empty/,
    );
    await bare.drop();
  });
});

describe("the package's migrations", () => {
  it("lead to prisma/schema.prisma; else run: npm run migration -- <name>", async () => {
    expect(await diffSchema(server)).toBe("");
  });

  it("contain no statement that cannot run in a transaction", () => {
    for (const { script } of readMigrations())
      expect(script.replaceAll(/--.*$|'[^']*'/gm, "")).not.toMatch(
        /\b(CONCURRENTLY|VACUUM|BEGIN|COMMIT|ALTER SYSTEM|CREATE DATABASE)\b/i,
      );
  });

  it("tune autovacuum for updates, deletes, and ten million inserts", async () => {
    const rows = await admin.sql.query(
      "SELECT relname AS name, reloptions AS options FROM pg_class WHERE relname LIKE 'deliver%' AND relkind = 'r' ORDER BY 1",
    );
    const inserts = ["autovacuum_vacuum_insert_threshold=10000000", "autovacuum_vacuum_insert_scale_factor=0"];
    expect(rows).toEqual([
      { name: "deliveries", options: [...inserts, "autovacuum_analyze_scale_factor=1"] },
      {
        name: "delivery_bodies",
        options: ["toast_tuple_target=8160", ...inserts, "autovacuum_analyze_threshold=2147483647"],
      },
    ]);
  });

  it("have the checksum that Prisma computes", async () => {
    const rows = await admin.sql.query("SELECT migration_name AS name, checksum FROM _prisma_migrations ORDER BY 1");
    expect(rows).toEqual(readMigrations().map(({ name, checksum }) => ({ name, checksum })));
  });
});

describe("a database that cannot be used", () => {
  const remedy = async (url: string) => migrate(url, { log }).then(() => "it worked", String);

  it("does not answer", async () => {
    const url = `postgresql://a:secret@127.0.0.1:${await freePort()}/x`;
    expect(await remedy(url)).toMatch(
      /Cannot connect to PostgreSQL at a@127.0.0.1:\d+\/x .*without DATABASE_URL the app runs an embedded/,
    );
    expect(await remedy(url)).not.toContain("secret");
  });

  it("has a host that does not exist", async () => {
    expect(await remedy("postgresql://a@no.such.host.invalid/x")).toMatch(
      /Cannot connect to PostgreSQL at .*Start PostgreSQL, or check host and port/,
    );
  });

  it("is no PostgreSQL: it hangs up", async () => {
    const hangsUp = createServer((socket) => socket.destroy());
    const port = await new Promise((resolve) =>
      hangsUp.listen(0, "127.0.0.1", () => {
        const address = hangsUp.address();
        resolve(typeof address === "object" && address?.port);
      }),
    );
    expect(await remedy(`postgresql://a@127.0.0.1:${String(port)}/x`)).toMatch(/Cannot connect to PostgreSQL/);
    hangsUp.close();
  });

  it("lacks the database, or restricts the role", async (context) => {
    context.skip(!may.roles, "the role of DATABASE_URL may not create roles");
    const bare = await createDatabase({ migrated: false });
    const role = scratchName("role");
    await bare.store.sql.query(`CREATE ROLE ${role} LOGIN PASSWORD 'right'`);
    const as = (password: string, database: string) =>
      Object.assign(new URL(onDatabase(server, database)), { username: role, password }).href;
    const name = databaseName(bare.url);
    expect(await remedy(as("right", name))).toMatch(/lacks a right on the database .*ALTER DATABASE .* OWNER TO/);
    expect(await remedy(as("right", scratchName("none")))).toMatch(/does not exist .*CREATE DATABASE/);
    await bare.store.sql.query(`DROP ROLE ${role}`);
    await bare.drop();
  });

  it("refuses the role", async (context) => {
    context.skip(!may.superuser, "the role of DATABASE_URL may not read pg_hba.conf");
    const [rule] = await admin.sql.query(
      "SELECT auth_method AS method FROM pg_hba_file_rules WHERE type LIKE 'host%' ORDER BY line_number LIMIT 1",
    );
    context.skip(rule?.["method"] === "trust", "the server of TEST_DATABASE_URL lets everybody in");
    const wrong = Object.assign(new URL(server), { password: "wrong" }).href;
    expect(await remedy(wrong)).toMatch(/refuses the role .*Correct user and password/);
  });

  it("lists pending migrations", async () => {
    await expect(pendingMigrations("postgresql://a@127.0.0.1:1/x")).rejects.toThrow("DATABASE_URL");
    const away = openStore({ url: "postgresql://a@127.0.0.1:1/x", poolSize: 1, applicationName: "test" });
    await expect(pendingMigrations(away.sql)).rejects.toMatchObject({ code: "ECONNREFUSED" });
    await away.close();
  });
});
