import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { compress, decompress } from "./compression.js";

const small = Buffer.from(JSON.stringify({ action: "opened", title: "ä".repeat(4_000) }));
const large = Buffer.concat([randomBytes(70_000), Buffer.alloc(200_000)]);

describe("a body is restored exactly as signed", () => {
  test.each([
    ["a small one", "snappy", [small]],
    ["one that came in pieces", "snappy", [small.subarray(0, 7), small.subarray(7)]],
    ["an empty one", "snappy", []],
    ["one that does not shrink", "snappy", [randomBytes(60_000)]],
    ["a large one", "deflate-raw", [large.subarray(0, 100_000), large.subarray(100_000)]],
  ])("%s, as %s", async (_name, expected, chunks) => {
    const bytes = Buffer.concat(chunks);
    const { encoding, body } = await compress(chunks, bytes.length);
    expect(encoding).toBe(expected);
    expect(body.length).toBeLessThan(bytes.length + 1_000);
    expect((await decompress(encoding, body)).equals(bytes)).toBe(true);
  });
});

test.each([
  [[small], "corrupt input"],
  [[large], "unexpected end of file"],
])("damage is noticed", async (chunks, says) => {
  const { encoding, body } = await compress(chunks, chunks[0]?.length ?? 0);
  await expect(decompress(encoding, body.subarray(0, -20))).rejects.toThrow(says);
});

test("an encoding of a later version is named", async () => {
  await expect(decompress("zstd", Buffer.from("x"))).rejects.toThrow("the body is stored as zstd");
});
