import { expect, test } from "vitest";
import { MemoryResponseCache } from "./response-cache.js";

const body = (size: number, etag = "e") => ({ etag, body: "x".repeat(size), link: null });

test("the least recently used body goes first, and the bound holds", async () => {
  const cache = new MemoryResponseCache(5_000);
  await cache.set("a", body(500));
  await cache.set("b", body(500));
  await cache.set("c", body(500));
  await cache.get("a");
  await cache.set("d", body(500));
  expect(cache.bytes).toBeLessThanOrEqual(5_000);
  expect(await cache.get("b")).toBeUndefined();
  expect(await cache.get("a")).toEqual(body(500));
});

test("a body is replaced, not counted twice; one that is too big is not kept", async () => {
  const cache = new MemoryResponseCache(5_000);
  await cache.set("a", body(500));
  const bytes = cache.bytes;
  await cache.set("a", body(500, "f"));
  expect(cache.bytes).toBe(bytes);
  expect((await cache.get("a"))?.etag).toBe("f");
  await cache.set("a", body(5_000));
  expect(await cache.get("a")).toBeUndefined();
  expect(cache.bytes).toBe(0);
});
