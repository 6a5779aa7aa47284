import { expect, it } from "vitest";
import { createLog, redact } from "./log.js";

function lines(write: (log: ReturnType<typeof createLog>) => void, secrets: readonly string[] = []): string {
  let text = "";
  write(createLog({ level: "info", secrets, destination: { write: (line: string) => void (text += line) } }));
  return text;
}

it.each([
  ["a field", { token: "value-of-token" }, "value-of-token"],
  ["a nested field", { request: { headers: { authorization: "value-of-header" } } }, "value-of-header"],
  ["an installation token in text", { note: "used ghs_abcdefghijklmnop1234" }, "ghs_abcdefghijklmnop1234"],
  [
    "an installation token that holds a JWT",
    { note: "used ghs_12345_eyJhbGciOi.eyJpc3MiOiIx.c2lnbmF0dXJl" },
    "c2lnbmF0dXJl",
  ],
  ["a password in a URL", { note: "postgres://u:hunter2hunter2@db/x" }, "hunter2hunter2"],
  [
    "a bearer header in text",
    { note: "Authorization: bearer abcdefghijklmnopqrstuvwxyz" },
    "abcdefghijklmnopqrstuvwxyz",
  ],
])("redacts %s", (_name, fields, secret) => {
  const text = lines((log) => log.info(fields, "message"));
  expect(text).toContain("[redacted]");
  expect(text).not.toContain(secret);
});

it("redacts a known value wherever it stands, an error's message included", () => {
  const text = lines((log) => log.error({ err: new Error("bad secret s3cr3t-value") }, "message"), ["s3cr3t-value"]);
  expect(text).not.toContain("s3cr3t-value");
  expect(JSON.parse(text)).toMatchObject({ msg: "message" });
});

it("leaves ordinary text alone", () => {
  expect(redact("see https://github.com/acme/app/pull/7 by octocat")).toBe(
    "see https://github.com/acme/app/pull/7 by octocat",
  );
});
