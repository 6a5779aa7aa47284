import { expect, test } from "vitest";
import type { Effect } from "./effect.js";
import { describeEffect } from "./describe.js";
import { createDryRunWriter } from "./dry-run-writer.js";

const base = { repository: { id: 7n, owner: "acme", name: "site" }, occasion: "abc", reason: "it was opened" };
const comment: Effect = { kind: "comment", ...base, issue: 3, slot: "review", body: "Hello\nthere" };

test("describes a comment in lines", () => {
  expect(describeEffect(comment)).toBe(
    "comment on #3 (acme/site #3/comment:review)\n  because it was opened\n  Hello\n  there",
  );
});

test("shows characters that move the cursor or reverse the text, without executing them", () => {
  const text = describeEffect({ ...comment, body: "\u001B[2Jgone\u202Eevil\u0000\r\u2028" });
  expect(text).toContain("\\u{1b}[2Jgone\\u{202e}evil\\u{0}\\u{d}\\u{2028}");
  expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
});

const each: Effect[] = [
  { kind: "reaction", ...base, issue: 3, commentId: 5n, content: "eyes" },
  { kind: "labels", ...base, issue: 3, add: ["bug"], remove: ["triage"] },
  {
    kind: "check-run",
    ...base,
    name: "CompanyOS",
    headSha: "0123456789",
    status: "completed",
    conclusion: "failure",
    title: "1 finding",
    summary: "one",
    annotations: [{ path: "a.ts", startLine: 1, endLine: 1, level: "warning", message: "m" }],
  },
  {
    kind: "review",
    ...base,
    issue: 3,
    headSha: "0123456789",
    body: "b",
    comments: [{ path: "a.ts", line: 2, body: "c" }],
  },
  { kind: "issue", ...base, incident: "i", state: "open", title: "t", body: "b", labels: [] },
  { kind: "minimise-comment", ...base, nodeId: "n", classifier: "OUTDATED" },
  { kind: "resolve-thread", ...base, threadId: "t" },
  { kind: "request-reviewers", ...base, issue: 3, users: ["ann"], teams: ["core"] },
];

test("every kind has its words", () => {
  expect(each.map((effect) => describeEffect(effect).split("\n")[0])).toEqual([
    "react with eyes to a comment on #3 (acme/site #3/reaction:5:eyes)",
    "label #3: +bug -triage (acme/site #3/labels)",
    'set check "CompanyOS" of 0123456 to failure (acme/site @0123456789/check:CompanyOS)',
    "review #3 at 0123456 with 1 inline comments (acme/site #3/review:0123456789)",
    'open or update the issue "t" (acme/site incident:i)',
    "minimise a comment as OUTDATED (acme/site comment:n)",
    "resolve a review thread (acme/site thread:t)",
    "request reviews of #3 from: ann, core (acme/site #3/reviewers)",
  ]);
});

test("a dry run prints its writes without a database", async () => {
  const printed: string[] = [];
  const writer = createDryRunWriter({ installationId: 1n, print: (text) => printed.push(text) });
  const results = await writer.apply([comment], { jobId: null, deliveryGuid: null });
  expect(printed).toEqual([describeEffect(comment)]);
  expect(results).toMatchObject([{ status: "dry-run", change: null, reason: "dry run" }]);
});
