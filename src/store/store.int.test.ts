import { describe, expect, it } from "vitest";
import { freePort } from "./embedded/free-port.js";
import { openStore } from "./store.js";
import { poolSizeFor } from "./pool-size.js";
import { withDatabase } from "../../test/support/database.js";

const { store } = await withDatabase();
const keys = () => store.sql.query("SELECT key FROM app_settings ORDER BY key");
const INSERT = "INSERT INTO app_settings (key, value) VALUES ($1, 'true')";

describe("a transaction", () => {
  it("commits the work and returns its result", async () => {
    const result = await store.transaction(async (sql) => {
      await sql.query(INSERT, ["a"]);
      return 42;
    });
    expect(result).toBe(42);
    expect(await keys()).toEqual([{ key: "a" }]);
  });

  it("rolls back when the work throws, and releases the connection", async () => {
    const before = await keys();
    for (let round = 0; round < 10; round += 1)
      await expect(
        store.transaction(async (sql) => {
          await sql.query(INSERT, ["b"]);
          throw new Error("no");
        }),
      ).rejects.toThrow("no");
    expect(await keys()).toEqual(before);
    expect(store.pool.waitingCount).toBe(0);
    expect(store.pool.idleCount).toBe(store.pool.totalCount);
  });

  it("is an error when PostgreSQL rolls back instead of committing", async () => {
    const swallowing = store.transaction(async (sql) => {
      await sql.query(INSERT, ["c"]);
      await sql.query("SELECT 1/0").catch(() => undefined);
    });
    await expect(swallowing).rejects.toThrow("rolled back");
    expect(await keys()).not.toContainEqual({ key: "c" });
  });

  it("fails alone when its connection breaks", async () => {
    const broken = store.transaction(async (sql) => {
      const [row] = await sql.query("SELECT pg_backend_pid() AS pid");
      await store.sql.query("SELECT pg_terminate_backend($1, 5000)", [row?.["pid"]]);
      await sql.query(INSERT, ["d"]);
    });
    await expect(broken).rejects.toThrow(/terminat|not queryable/);
    expect(await store.sql.query("SELECT 1 AS one")).toEqual([{ one: 1 }]);
  });
});

describe("values", () => {
  it("keep their bytes: a Buffer is returned unchanged", async () => {
    const body = Buffer.from([0, 255, 0x27, 0x5c, 10]);
    await store.sql.query("INSERT INTO delivery_bodies (guid, body) VALUES ($1, $2)", ["g", body]);
    expect(await store.sql.query("SELECT body FROM delivery_bodies")).toEqual([{ body }]);
    expect(Buffer.from((await store.prisma.deliveryBody.findUniqueOrThrow({ where: { guid: "g" } })).body)).toEqual(
      body,
    );
  });
});

describe("a pool", () => {
  it("is no larger than asked: further work waits its turn", async () => {
    const work = Array.from({ length: 20 }, () => store.sql.query("SELECT pg_sleep(0.02)"));
    expect(store.pool.totalCount).toBeLessThanOrEqual(5);
    await Promise.all(work);
  });

  it("reports soon that the database does not respond", async () => {
    const url = `postgresql://nobody@127.0.0.1:${await freePort()}/x`;
    const away = openStore({ url, poolSize: 1, applicationName: "test", connectMs: 500 });
    await expect(away.sql.query("SELECT 1")).rejects.toMatchObject({ code: "ECONNREFUSED" });
    await away.close();
  });

  it("leaves room for others by role", () => {
    expect(3 * poolSizeFor("web") + 4 * poolSizeFor("worker")).toBeLessThanOrEqual(97 - 10);
    expect(poolSizeFor("all")).toBeGreaterThanOrEqual(poolSizeFor("worker"));
  });
});
