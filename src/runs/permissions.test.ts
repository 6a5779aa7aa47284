import { expect, it } from "vitest";
import type { Effect } from "../effects/effect.js";
import { permitted, unreadable } from "./permissions.js";

const base = { repository: { id: 1n, owner: "acme", name: "app" }, occasion: "abc", reason: "a test" };
const READS = ["contents", "pull_requests"];
const effects: readonly Effect[] = [
  { kind: "labels", ...base, issue: 1, add: ["x"], remove: [] },
  { kind: "resolve-thread", ...base, threadId: "T" },
  { kind: "request-reviewers", ...base, issue: 1, users: ["ann"], teams: [] },
];

it("leaves out effects that are not permitted, with the remedy once for each permission", () => {
  const { effects: left, notes } = permitted(effects, { contents: "write", issues: "write", pull_requests: "read" });
  expect(left.map(({ kind }) => kind)).toEqual(["labels", "resolve-thread"]);
  expect(notes).toEqual([
    "no request-reviewers: the App lacks the permission pull_requests: write; an owner can accept it in the installation's settings",
  ]);
});

it("requests people but no team without permission to read teams", () => {
  const asks: readonly Effect[] = [
    { kind: "request-reviewers", ...base, issue: 1, users: ["ann"], teams: ["core"] },
    { kind: "request-reviewers", ...base, issue: 2, users: [], teams: ["core"] },
  ];
  expect(permitted(asks, { pull_requests: "write", members: "read" })).toEqual({
    effects: asks,
    leftOut: [],
    notes: [],
  });
  expect(permitted(asks, { pull_requests: "write" })).toEqual({
    effects: [{ kind: "request-reviewers", ...base, issue: 1, users: ["ann"], teams: [] }],
    leftOut: [
      { kind: "request-reviewers", ...base, issue: 1, users: [], teams: ["core"] },
      { kind: "request-reviewers", ...base, issue: 2, users: [], teams: ["core"] },
    ],
    notes: [
      "no reviews of teams: the App lacks the permission members: read; an owner can accept it in the installation's settings",
    ],
  });
});

it("tries everything when permissions are unknown", () => {
  expect(permitted(effects, {})).toEqual({ effects, leftOut: [], notes: [] });
  expect(unreadable({}, READS)).toBeNull();
});

it("names the reads that are not permitted", () => {
  expect(unreadable({ contents: "read", pull_requests: "write" }, READS)).toBeNull();
  expect(unreadable({ metadata: "read" }, READS)).toContain("contents: read");
});
