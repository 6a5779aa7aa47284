import { describe, expect, it } from "vitest";
import { checkRule, givenChange, unmark, type GivenFile } from "../../given.js";
import { ruleOptions } from "../options.js";
import type { Rule } from "../rule.js";
import { workflowHeadCheckout } from "./head-checkout.js";
import { workflowScriptInjection } from "./script-injection.js";
import { workflowUnpinnedAction } from "./unpinned-action.js";
import { workflowWidePermissions } from "./wide-permissions.js";

const PATH = ".github/workflows/ci.yml";
const SHA = "0123456789abcdef0123456789abcdef01234567";

function lines(rule: Rule, file: Omit<GivenFile, "path">, path = PATH): readonly (number | null)[] {
  const change = givenChange([{ path, ...file }]);
  const options = ruleOptions.parse({ trustedActionOwners: ["actions", "Acme"] });
  return checkRule(rule, change, options).map(({ line }) => line);
}

/** What is found, and what the marks say. */
function compare(rule: Rule, given: string, before: string | null = null) {
  const { text, lines: expected } = unmark(given);
  return { found: lines(rule, { before, after: text }), expected };
}

describe("checkout of the head under a privileged trigger", () => {
  const steps = (ref: string) => `jobs:\n  a:\n    steps:\n      - uses: actions/checkout@v4\n        with:\n${ref}`;

  it.each([
    `on: pull_request_target\n${steps("▶          ref: ${{ github.event.pull_request.head.sha }}\n")}`,
    `on:\n  pull_request_target:\n    types: [opened]\n${steps("▶          ref: refs/pull/${{ github.event.number }}/merge\n")}`,
    `on: [push, workflow_run]\n${steps("▶          ref: ${{ github.event.workflow_run.head_sha }}\n")}`,
    `on: issue_comment\njobs:\n  a:\n    steps:\n      - run: |\n          echo hi\n▶          gh pr checkout 1\n`,
    `on: pull_request_target\n${steps("          repository: ${{ github.event.pull_request.head.repo.full_name }}\n▶          ref: ${{ github.head_ref }}\n")}`,
    `on: pull_request\n${steps("          ref: ${{ github.event.pull_request.head.sha }}\n")}`,
    `on: pull_request_target\n${steps("          ref: main\n")}`,
    `on: pull_request_target\njobs: {}\n# ref: github.head_ref\n`,
  ])("%s", (given) => {
    const { found, expected } = compare(workflowHeadCheckout, given);
    expect(found).toEqual(expected);
  });

  it("names the trigger if the change added it", () => {
    const rest = steps("          ref: ${{ github.head_ref }}\n");
    const { found, expected } = compare(
      workflowHeadCheckout,
      `▶on: pull_request_target\n${rest}`,
      `on: pull_request\n${rest}`,
    );
    expect(found).toEqual(expected);
  });
});

describe("untrusted values in scripts", () => {
  it.each([
    'on: issues\njobs:\n  a:\n    steps:\n▶      - run: echo "${{ github.event.issue.title }}"\n',
    "on: push\njobs:\n  a:\n    steps:\n      - run: |\n          set -e\n▶          git log ${{ github.head_ref }}\n▶          echo ${{ github.event['comment']['body'] }} ${{ github.event.issue.body }}\n",
    "on: push\njobs:\n  a:\n    steps:\n      - uses: actions/github-script@v7\n        with:\n          script: |\n▶            log(`${{ github.event.pull_request.head.ref }}`)\n",
    "on: push\njobs:\n  a:\n    steps:\n▶      - run: echo ${{ github.event.commits[0].author.name }}\n▶      - run: echo '${{ toJSON(github.event) }}'\n",
    'on: issues\njobs:\n  a:\n    steps:\n      - env:\n          TITLE: ${{ github.event.issue.title }}\n        run: echo "$TITLE"\n      - run: echo ${{ github.sha }} ${{ github.event.number }} ${{ matrix.title }}\n',
  ])("%s", (given) => {
    const { found, expected } = compare(workflowScriptInjection, given);
    expect(found).toEqual(expected);
  });

  it("also in composite actions", () => {
    const after = "runs:\n  using: composite\n  steps:\n    - run: echo ${{ github.head_ref }}\n      shell: bash\n";
    expect(lines(workflowScriptInjection, { after }, "tools/x/action.yml")).toEqual([4]);
    expect(lines(workflowScriptInjection, { after }, "tools/x/other.yml")).toEqual([]);
  });
});

describe("actions referenced by a movable name", () => {
  it.each([
    `on: push\njobs:\n  a:\n    steps:\n      - uses: actions/checkout@v4\n▶      - uses: some/action@v1\n      - uses: some/action@${SHA}\n      - uses: ./local\n      - uses: acme/own@main\n▶      - uses: docker://alpine:3\n`,
    `on: push\njobs:\n  a:\n▶    uses: other/repo/.github/workflows/x.yml@main\n    # uses: some/action@v1\n`,
    `on: push\njobs:\n  a:\n    steps:\n▶      - {uses: "some/action@v1"}\n▶      - uses: 'other/action@release/v2' # pinned\n`,
  ])("%s", (given) => {
    const { found, expected } = compare(workflowUnpinnedAction, given);
    expect(found).toEqual(expected);
  });
});

describe("permissions", () => {
  const rest = "jobs:\n  a:\n    runs-on: x\n";

  it.each([
    ["a new workflow may write a scope", `on: push\npermissions:\n  contents: write\n${rest}`, null],
    ["a new workflow may not write all", `on: push\n▶permissions: write-all\n${rest}`, null],
    [
      "nor anything for other people's pull requests",
      `on: pull_request_target\npermissions:\n  issues: read\n▶  contents: write\n${rest}`,
      null,
    ],
    [
      "a scope is raised",
      `on: push\npermissions:\n▶  contents: write\n${rest}`,
      `on: push\npermissions:\n  contents: read\n${rest}`,
    ],
    [
      "a job gets its own",
      `on: push\njobs:\n  a:\n    permissions:\n▶      id-token: write\n`,
      `on: push\njobs:\n  a:\n    runs-on: x\n`,
    ],
    [
      "a scope only moves",
      `on: push\npermissions:\n  issues: read\n  contents: write\n${rest}`,
      `on: push\npermissions:\n  contents: write\n  issues: read\n${rest}`,
    ],
    [
      "a comment says what needs it",
      `on: push\njobs:\n  a:\n    permissions:\n      id-token: write # to publish\n      # to comment\n      issues: write\n▶      contents: write\n`,
      `on: push\njobs:\n  a:\n    permissions:\n      packages: read\n`,
    ],
    [
      "less than before",
      `on: push\npermissions:\n  contents: write\n${rest}`,
      `on: push\npermissions: write-all\n${rest}`,
    ],
  ])("%s", (_name, given, before) => {
    const { found, expected } = compare(workflowWidePermissions, given, before);
    expect(found).toEqual(expected);
  });

  it("are said to be gone", () => {
    expect(
      lines(workflowWidePermissions, {
        before: `on: push\npermissions: {contents: read}\n${rest}`,
        after: `on: push\n${rest}`,
      }),
    ).toEqual([null]);
  });
});

it("ignores files that are not YAML", () => {
  expect(lines(workflowUnpinnedAction, { after: "on: [\n" })).toEqual([]);
});
