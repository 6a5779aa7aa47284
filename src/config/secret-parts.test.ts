import { expect, test } from "vitest";
import { secretParts } from "./secret-parts.js";

const KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

test.each<[string, string, readonly string[]]>([
  ["a header of OTLP", "api-key=abcdef0123456789", ["abcdef0123456789"]],
  ["several", "x-team=site, x-honeycomb-team=abcdef0123456789", ["abcdef0123456789"]],
  ["one that is encoded, with its scheme", "Authorization=Basic%20YWJjOmRlZjEyMw%3D%3D", ["YWJjOmRlZjEyMw=="]],
  ["an id before a key", `k2:${KEY},k1:x`, [KEY]],
  ["a password in an address", "postgresql://app:correct%20horse%20battery@db/app", ["correct horse battery"]],
  ["a path in an address", "https://hooks.example/services/T0000000000000000000", ["T0000000000000000000"]],
])("%s is known alone", (_name, value, alone) => {
  expect(secretParts(value)).toEqual(expect.arrayContaining([value, ...alone]));
});

test("the padding of base64 is no value", () => {
  expect(secretParts(KEY)).toEqual([KEY]);
});

test("names are not known", () => {
  expect(secretParts("authorization=Bearer%20abcdef0123456789")).not.toContain("authorization");
});

test("a database's name and its role are shown, its password never", () => {
  const parts = secretParts("postgresql://companyos_production:correct-horse-battery@db/companyos_production_eu");
  expect(parts).toContain("correct-horse-battery");
  expect(parts).not.toContain("companyos_production");
  expect(parts).not.toContain("companyos_production_eu");
});
