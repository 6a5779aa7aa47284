import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Suite, SuiteCase } from "./suite.js";

/** zizmor's audits by the rules of ours that ask the same. Of template injection its gravest level is the same question. */
const AUDITS: Readonly<Record<string, { readonly rules: readonly string[]; readonly level?: string }>> = {
  "template-injection": { rules: ["workflow-script-injection"], level: "error" },
  "unpinned-uses": { rules: ["workflow-unpinned-action"] },
  "unpinned-images": { rules: ["workflow-unpinned-image", "workflow-unpinned-action"] },
  artipacked: { rules: ["workflow-persisted-credentials"] },
  "dangerous-triggers": { rules: ["workflow-dangerous-trigger"] },
  "cache-poisoning": { rules: ["workflow-cache-poisoning"] },
  "bot-conditions": { rules: ["workflow-spoofable-actor"] },
  "insecure-commands": { rules: ["workflow-insecure-commands"] },
  "github-env": { rules: ["workflow-environment-file"] },
  "self-hosted-runner": { rules: ["workflow-self-hosted-pull-request"] },
  "secrets-inherit": { rules: ["workflow-inherited-secrets"] },
};

const levels = Object.fromEntries(
  Object.values(AUDITS).flatMap(({ rules }) => rules.map((rule) => [rule, "failure" as const])),
);

/** The findings that zizmor's own snapshots expect of its test data, and the files in which they expect none. */
export const zizmor: Suite = {
  name: "zizmorcore/zizmor mapped audits",
  rules: Object.values(AUDITS).flatMap(({ rules }) => rules),
  settings: { review: { rules: levels, options: { trustedActionOwners: [] } } },
  leastRecall: 0.85,
  mostFalse: 0.02,
  tolerance: 3,
  cases: (folder) => {
    const tests = join(folder, "crates/zizmor/tests/integration");
    return Object.entries(AUDITS).flatMap(([audit, { rules, level }]) => {
      const file = join(tests, "audit", `${audit.replaceAll("-", "_")}.rs`);
      const source = existsSync(file) ? readFileSync(file, "utf8") : "";
      return casesIn(source, audit, level, join(tests, "test-data")).map((given) => ({ ...given, rules }));
    });
  },
};

function casesIn(source: string, audit: string, level: string | undefined, data: string): readonly SuiteCase[] {
  const expected = new Map<string, Set<number>>();
  const atOtherLevels = new Set<string>();
  for (const block of source.split(/^\s*insta::assert_snapshot!/m).slice(1)) {
    const [, name] = /input_under_test\(\s*"([^"]+\.ya?ml)"/.exec(block) ?? [];
    if (name === undefined || !existsSync(join(data, name)) || /\.config\(|--fix|WorkspaceBuilder/.test(block))
      continue;
    const lines = expected.get(name) ?? new Set<number>();
    expected.set(name, lines);
    const found = block.matchAll(/^\s*(\w+)\[([\w-]+)\][^\n]*\n\s*--> @@INPUT@@:(\d+):/gm);
    for (const [, at = "", which, line] of found)
      if (which === audit && (level === undefined || at === level)) lines.add(Number(line));
      else if (which === audit) atOtherLevels.add(name);
  }
  return [...expected]
    .filter(([name, lines]) => lines.size > 0 || !atOtherLevels.has(name))
    .map(([name, lines]) => ({
      group: audit,
      file: { path: pathOf(name), after: readFileSync(join(data, name), "utf8") },
      bad: [...lines],
      note: name,
    }));
}

function pathOf(name: string): string {
  return /(^|\/)action\.ya?ml$/.test(name) ? "action.yml" : ".github/workflows/a.yml";
}
