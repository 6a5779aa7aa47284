import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { createVerifier } from "./verify.js";

const BODY = Buffer.from("the signed bytes");
const hmac = (secret: string): string => createHmac("sha256", secret).update(BODY).digest("hex");

function matches(secrets: readonly string[], signature: string, chunks: readonly Buffer[] = [BODY]): boolean {
  const verification = createVerifier(secrets)();
  for (const chunk of chunks) verification.update(chunk);
  return verification.check(signature) !== null;
}

test("any of the secrets may have signed, in any place of the list", () => {
  expect(matches(["one", "two"], hmac("one"))).toBe(true);
  expect(matches(["one", "two"], hmac("two"))).toBe(true);
  expect(matches(["one", "two"], hmac("three"))).toBe(false);
});

test("the bytes may come in pieces", () => {
  expect(matches(["one"], hmac("one"), [BODY.subarray(0, 3), BODY.subarray(3)])).toBe(true);
  expect(matches(["one"], hmac("one"), [BODY.subarray(3), BODY.subarray(0, 3)])).toBe(false);
});

test("the same bytes have the same MAC, whichever secret signed", () => {
  const macOf = (signature: string): string | undefined => {
    const verification = createVerifier(["new", "old"])();
    verification.update(BODY);
    return verification.check(signature)?.toString("hex");
  };
  expect(macOf(hmac("new"))).toBe(hmac("old"));
  expect(macOf(hmac("old"))).toBe(hmac("old"));
});

test.each(["", "a", "zz", hmac("one").slice(1), `${hmac("one")}00`])(
  "a signature of another length is wrong: %j",
  (signature) => {
    expect(matches(["one"], signature)).toBe(false);
  },
);

test("GitHub's own example is verified", () => {
  // https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries#testing-the-webhook-payload-validation
  const verification = createVerifier(["It's a Secret to Everybody"])();
  verification.update(Buffer.from("Hello, World!"));
  const signature = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
  expect(verification.check(signature)?.toString("hex")).toBe(signature);
});

test.each([{ secrets: [] }, { secrets: [""] }, { secrets: ["one", ""] }])(
  "no secret may be missing: $secrets",
  ({ secrets }) => {
    expect(() => createVerifier(secrets)).toThrow(RangeError);
  },
);
