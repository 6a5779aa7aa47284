import { expect, test } from "vitest";
import { type QueuedIssue, questionsAbout } from "./queue.js";

const NOW = new Date("2026-12-02T12:00:00Z");
const GOALS = { hours: 16, byLabel: {}, working: { from: 9, to: 17, days: [1, 2, 3, 4, 5] } };
const ISSUE: QueuedIssue = {
  createdAt: new Date("2026-12-02T10:00:00Z"),
  labels: [],
  answered: false,
  scores: [],
  hints: [],
  spam: [],
  similar: [],
  answers: [],
};
const kinds = (some: Partial<QueuedIssue>) =>
  questionsAbout({ ...ISSUE, ...some }, GOALS, NOW).map(({ kind, reference }) => `${kind} ${reference}`.trim());

test("asks nothing about an issue that triage is sure of", () => {
  expect(kinds({ scores: [{ label: "bug", score: 0.95, threshold: 0.8 }], labels: ["bug"] })).toEqual([]);
});

test("asks about the label that nearly reached its threshold, unless the issue has one", () => {
  const scores = [
    { label: "bug", score: 0.7, threshold: 0.8 },
    { label: "docs", score: 0.1, threshold: 0.8 },
    { label: "ui", score: 0.9, threshold: null },
  ];
  expect(kinds({ scores })).toEqual(["unsure bug"]);
  expect(kinds({ scores, labels: ["docs"] })).toEqual([]);
});

test("puts security before spam, overdue and duplicates; an answered question is not asked again", () => {
  const some = {
    createdAt: new Date("2026-11-25T10:00:00Z"),
    hints: ["security"],
    spam: ["three links and few words"],
    similar: [{ number: 4 }, { number: 5 }],
  };
  expect(kinds(some)).toEqual(["security", "spam", "overdue 16", "duplicate 4"]);
  expect(kinds({ ...some, answers: ["security ", "duplicate 4"] })).toEqual(["spam", "overdue 16"]);
  expect(kinds({ ...some, answered: true })).toEqual(["security", "spam", "duplicate 4"]);
});
