import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { redisAvailable, startRedis, type TestRedis } from "../../test/support/redis.js";
import { checkRedis } from "./check-redis.js";

describe.skipIf(!redisAvailable)("Redis itself", () => {
  let redis: TestRedis | undefined;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis?.stop());

  test("must not evict", async () => {
    const url = redis?.url ?? "";
    expect(await checkRedis(url)).toBeNull();
    const client = new Redis(url);
    await client.config("SET", "maxmemory-policy", "allkeys-lru");
    expect((await checkRedis(url))?.problem).toContain("allkeys-lru");
    await client.config("SET", "maxmemory-policy", "noeviction");
    client.disconnect();
  });

  test("must answer", async () => {
    expect((await checkRedis("redis://127.0.0.1:1"))?.problem).toContain("does not answer");
  });
});
