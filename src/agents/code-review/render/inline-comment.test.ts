import { expect, it } from "vitest";
import { say } from "../../../text/say.js";
import { inlineComment } from "./inline-comment.js";

it("stays short enough for GitHub, and keeps the marker that identifies it", () => {
  const body = inlineComment({
    rule: "debugger-statement",
    severity: "failure",
    source: "rule",
    says: say`x`,
    why: "y".repeat(200_000),
    path: "a.ts",
    line: 1,
    endLine: 1,
    quote: "q",
    replacement: null,
    fingerprint: "f00d",
  });
  expect(body.length).toBeLessThan(11_000);
  expect(body.endsWith("<!-- companyos:finding=f00d -->")).toBe(true);
});

it("links a rule to its page, and a rule of the settings to none", () => {
  const finding = {
    rule: "debugger-statement",
    severity: "failure",
    source: "rule",
    says: say`x`,
    why: null,
    path: "a.ts",
    line: 1,
    endLine: 1,
    quote: null,
    replacement: null,
    fingerprint: "f00d",
  } as const;
  const url = "https://app.example/rules/";
  expect(inlineComment(finding, url)).toContain(
    "**failure** [`debugger-statement`](https://app.example/rules/debugger-statement): x",
  );
  expect(inlineComment({ ...finding, rule: "custom/a" }, url)).toContain("**failure** `custom/a`: x");
  expect(inlineComment(finding)).toContain("**failure** `debugger-statement`: x");
});
