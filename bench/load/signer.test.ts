import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { createSigner } from "./signer.js";

test.each(["short", "k".repeat(64), "k".repeat(65)])("signs as an HMAC does, with a key of any length", (secret) => {
  const sign = createSigner(secret, Buffer.from("shared "));
  for (const rest of ["one", "two", ""])
    expect(sign(Buffer.from(rest))).toBe(createHmac("sha256", secret).update(`shared ${rest}`).digest("hex"));
});
