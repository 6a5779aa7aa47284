import { describe, expect, it } from "vitest";
import { checkRule, givenChange, unmark } from "../../given.js";
import { ruleOptions } from "../options.js";
import type { Rule } from "../rule.js";
import { RULES } from "../registry.js";
import { workflowHeadCheckout } from "./head-checkout.js";
import { workflowScriptInjection } from "./script-injection.js";
import { workflowUnpinnedAction } from "./unpinned-action.js";
import { workflowWidePermissions } from "./wide-permissions.js";

function compare(rule: Rule, given: string, before: string | null = null) {
  const { text, lines: expected } = unmark(given);
  const change = givenChange([{ path: ".github/workflows/ci.yml", before, after: text }]);
  return { found: checkRule(rule, change, ruleOptions.parse({})).map(({ line }) => line), expected };
}

const job = (steps: string, more = "") => `on: pull_request_target\n${more}jobs:\n  a:\n    steps:\n${steps}`;
const TITLE = "${{ github.event.pull_request.title }}";

describe("untrusted values are followed", () => {
  it.each([
    ["through an alias", job(`▶      - env: { CMD: &cmd 'echo ${TITLE}' }\n        run: *cmd\n`)],
    ["through an aliased step", job(`      - &s\n▶        run: echo ${TITLE}\n      - *s\n`)],
    ["in parallel steps", job(`      - parallel:\n▶          - run: echo ${TITLE}\n          - run: echo ok\n`)],
    ["through the step's env", job(`      - env: { T: '${TITLE}' }\n▶        run: echo \${{ env.T }}\n`)],
    ["through the workflow's env", job("▶      - run: echo ${{ env.T }}\n", `env:\n  T: ${TITLE}\n`)],
    [
      "through a step's output",
      job(
        `      - id: t\n▶        run: echo "x=${TITLE}" >> $GITHUB_OUTPUT\n▶      - run: echo \${{ steps.t.outputs.x }}\n`,
      ),
    ],
    [
      "through a step's output that a variable gave",
      job(
        `      - id: t\n        env: { T: '${TITLE}' }\n        run: echo "x=$T" >> $GITHUB_OUTPUT\n▶      - run: echo \${{ steps.t.outputs.x }}\n`,
      ),
    ],
    [
      "through the names of changed files",
      job(
        "      - id: f\n        uses: tj-actions/changed-files@v1\n▶      - run: ls ${{ steps.f.outputs.all_changed_files }}\n",
      ),
    ],
    ["into the shell", job(`▶      - shell: bash -c '${TITLE}' {0}\n        run: ls\n`)],
    [
      "into an inline script",
      job(`      - uses: azure/cli@v2\n        with:\n▶          inlineScript: echo ${TITLE}\n`),
    ],
    ["as the result of a choice", job("▶      - run: echo ${{ github.head_ref || github.ref_name }}\n")],
    ["by a function that returns it", job("▶      - run: echo ${{ format('{0}', github.head_ref) }}\n")],
  ])("%s", (_name, given) => {
    const { found, expected } = compare(workflowScriptInjection, given);
    expect(found).toEqual(expected);
  });

  it.each([
    "contains(github.event.pull_request.labels.*.name, 'ci')",
    "startsWith(github.head_ref, 'release/')",
    "github.head_ref == 'main' && 'a' || 'b'",
    "!github.event.issue.body",
    "github.event.pull_request.title != ''",
    "github.event.pull_request.base.ref",
    "github.event.number",
    "env.CONSTANT",
    "steps.sha.outputs.x",
  ])("%s contains no foreign input", (expression) => {
    const given = job(
      `      - id: sha\n        run: echo "x=$(git rev-parse HEAD)" >> $GITHUB_OUTPUT\n      - run: echo "\${{ ${expression} }}"\n`,
      "env: { CONSTANT: text }\n",
    );
    expect(compare(workflowScriptInjection, given).found).toEqual([]);
  });
});

describe("the head is followed", () => {
  const ref = (value: string) => `      - uses: actions/checkout@v6\n        with:\n▶          ref: ${value}\n`;
  it.each([
    ["through env", job(ref("${{ env.REF }}"), "env:\n  REF: ${{ github.head_ref }}\n")],
    [
      "through a step's output",
      job(
        `      - id: pr\n        run: echo "sha=$(gh pr view 1 --json headRefOid -q .headRefOid)" >> $GITHUB_OUTPUT\n${ref("${{ steps.pr.outputs.sha }}")}`,
      ),
    ],
    [
      "into git by a variable",
      job(
        "      - env: { BRANCH: '${{ github.head_ref }}' }\n        run: |\n          echo hi\n▶          git fetch origin $BRANCH\n",
      ),
    ],
    ["through an alias", job(`      - env: { R: &ref '\${{ github.head_ref }}' }\n        run: ls\n${ref("*ref")}`)],
  ])("%s", (_name, given) => {
    const { found, expected } = compare(workflowHeadCheckout, given);
    expect(found).toEqual(expected);
  });
});

describe("permissions that are no wider than before", () => {
  it.each([
    [
      "moved to the only job",
      "permissions: {}\njobs:\n  a:\n    permissions:\n      issues: write\n",
      "permissions:\n  issues: write\njobs:\n  a: {}\n",
    ],
    [
      "restated in a new job",
      "permissions: { issues: write }\njobs:\n  a: {}\n  b:\n    permissions:\n      issues: write\n",
      "permissions: { issues: write }\njobs:\n  a: {}\n",
    ],
    [
      "of a new job in a release workflow",
      "permissions: {}\njobs:\n  a: {}\n  b:\n    permissions:\n      id-token: write\n",
      "permissions: {}\njobs:\n  a: {}\n",
    ],
    ["said where nothing was said", "permissions:\n  contents: write\njobs:\n  a: {}\n", "jobs:\n  a: {}\n"],
    ["taken away as a whole", "permissions: {}\njobs:\n  a: {}\n", "permissions:\n  contents: write\njobs:\n  a: {}\n"],
  ])("%s", (_name, after, before) => {
    expect(compare(workflowWidePermissions, `on: push\n${after}`, `on: push\n${before}`).found).toEqual([]);
  });
});

it("an action of the repository itself needs no pin", () => {
  const given =
    "on: push\njobs:\n  a:\n    uses: $/.github/workflows/b.yml\n  b:\n    steps:\n      - uses: $/actions/c\n▶      - uses: acme/d@v1\n";
  const { found, expected } = compare(workflowUnpinnedAction, given);
  expect(found).toEqual(expected);
});

it("a list of aliases of lists of aliases is read within the time limit", () => {
  const levels = Array.from(
    { length: 12 },
    (_, i) =>
      `x${i}: &x${i} [${
        i === 0
          ? "{run: a}"
          : Array(10)
              .fill(`*x${i - 1}`)
              .join(", ")
      }]`,
  );
  const change = givenChange([
    { path: ".github/workflows/a.yml", after: `${levels.join("\n")}\njobs:\n  a:\n    steps: *x11\n` },
  ]);
  const began = performance.now();
  for (const rule of RULES.filter(({ id }) => id.startsWith("workflow"))) checkRule(rule, change);
  expect(performance.now() - began).toBeLessThan(4_000);
});
