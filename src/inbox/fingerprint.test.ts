import { expect, test } from "vitest";
import { compress } from "../store/deliveries/compression.js";
import { dedupeKey } from "./fingerprint.js";

/** The key of a body that came in these pieces. */
async function keyOf(event: string, ...pieces: readonly Buffer[]): Promise<string | undefined> {
  const bytes = pieces.reduce((sum, piece) => sum + piece.length, 0);
  return dedupeKey(event, pieces, await compress(pieces, bytes))?.toString("hex");
}

test.each([
  ["a small body", 3_000],
  ["a large body", 300_000],
])("the dedupe key of %s does not depend on how it came in", async (_which, bytes) => {
  const body = Buffer.from(Array.from({ length: bytes / 5 }, (_, index) => `${(index * 7919) % 9973} `).join(""));
  const key = await keyOf("issues", body);
  expect(key).toMatch(/^[0-9a-f]{64}$/);
  for (const piece of [100, 1_460, 65_536]) {
    const pieces = Array.from({ length: Math.ceil(body.length / piece) }, (_, index) =>
      body.subarray(index * piece, (index + 1) * piece),
    );
    expect(await keyOf("issues", ...pieces)).toBe(key);
  }
});

test("the dedupe key is of the event and of every byte of the body, where a body cannot repeat", async () => {
  const body = Buffer.from("body ".repeat(1_000));
  const other = Buffer.from(body);
  other[2_500] = "B".charCodeAt(0);
  expect(await keyOf("issues", other)).not.toBe(await keyOf("issues", body));
  expect(await keyOf("issue_comment", body)).not.toBe(await keyOf("issues", body));
  expect(await keyOf("push", body)).toBeUndefined();
});
