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
