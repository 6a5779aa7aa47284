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

  test("names why Redis cannot be used, and never the password", async () => {
    const refused = await checkRedis("redis://user:hunter2-hunter2@127.0.0.1:1");
    expect(refused).toEqual({
      problem: "Cannot use Redis at 127.0.0.1:1: connection refused.",
      remedy: "Start Redis, correct REDIS_URL, or unset it to keep the queues in PostgreSQL.",
    });
    const admin = new Redis(redis?.url ?? "");
    await admin.config("SET", "requirepass", "hunter2-hunter2");
    expect((await checkRedis(redis?.url ?? ""))?.problem).toMatch(/: it requires a password\.$/);
    const wrong = new URL(redis?.url ?? "");
    wrong.password = "hunter3-hunter3";
    expect((await checkRedis(wrong.href))?.problem).toMatch(/: it refuses the user name or password\.$/);
    await admin.config("SET", "requirepass", "");
    admin.disconnect();
  });
});
