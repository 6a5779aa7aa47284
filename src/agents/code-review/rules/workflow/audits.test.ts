import { describe, expect, it } from "vitest";
import { checkRule, givenChange, unmark } from "../../given.js";
import type { Rule } from "../rule.js";
import { workflowSpoofableActor, workflowUnpinnedImage } from "./audits.js";

function compare(rule: Rule, given: string) {
  const { text, lines: expected } = unmark(given);
  const found = checkRule(rule, givenChange([{ path: ".github/workflows/ci.yml", after: text }]));
  return { found: found.map(({ line }) => line), expected };
}

describe("a condition on the last actor", () => {
  it.each([
    ["lets a job run", "jobs:\n  a:\n▶    if: github.actor == 'dependabot[bot]'\n"],
    [
      "leaves a job out",
      "jobs:\n  a:\n    if: ${{ !(github.actor == 'github-actions[bot]' && startsWith(github.ref, 'x')) }}\n",
    ],
    ["does both", "jobs:\n  a:\n▶    if: ${{ !(github.actor == 'a[bot]') || github.actor == 'b[bot]' }}\n"],
  ])("%s", (_name, jobs) => {
    const { found, expected } = compare(workflowSpoofableActor, `on: pull_request\n${jobs}`);
    expect(found).toEqual(expected);
  });
});

it("an image that an expression chooses is not called unpinned", () => {
  const services =
    "    services:\n      a:\n        image: ${{ matrix.image || '' }}\n      b:\n▶        image: mysql:8\n";
  const { found, expected } = compare(workflowUnpinnedImage, `on: push\njobs:\n  a:\n    runs-on: x\n${services}`);
  expect(found).toEqual(expected);
});
