import { Redis } from "ioredis";
import { describe, expect, it } from "vitest";
import { createDatabase, withDatabase } from "./database.js";
import { redisAvailable, startRedis } from "./redis.js";

const database = await withDatabase();

describe("a test's database", () => {
  it("is migrated and empty", async () => {
    const rows = await database.store.sql.query("SELECT count(*)::int AS n FROM deliveries");
    expect(rows).toEqual([{ n: 0 }]);
  });

  it("is exclusive", async () => {
    const other = await createDatabase();
    await other.store.prisma.setting.create({ data: { key: "writes_paused", value: true } });
    expect(await database.store.prisma.setting.count()).toBe(0);
    expect(await other.store.prisma.setting.count()).toBe(1);
    await other.drop();
    await expect(createDatabase().then((again) => again.drop())).resolves.toBeUndefined();
  });

  it("can be had without tables", async () => {
    const bare = await createDatabase({ migrated: false });
    const rows = await bare.store.sql.query("SELECT to_regclass('deliveries') AS deliveries");
    await bare.drop();
    expect(rows).toEqual([{ deliveries: null }]);
  });
});

describe.skipIf(!redisAvailable)("a test's Redis", () => {
  it("answers, evicts nothing, and is deleted afterwards", async () => {
    const redis = await startRedis();
    const client = new Redis(redis.url, { retryStrategy: () => null });
    expect(await client.config("GET", "maxmemory-policy")).toEqual(["maxmemory-policy", "noeviction"]);
    client.disconnect();
    await redis.stop();
    const late = new Redis(redis.url, { lazyConnect: true, retryStrategy: () => null });
    late.on("error", () => undefined);
    await expect(late.connect()).rejects.toThrow(/closed|ECONNREFUSED/);
  });
});
