import { afterAll, describe, expect, it } from "vitest";
import { findAll } from "./find.js";
import { failedGap, gapsOf } from "./gaps.js";
import { givenChange, type GivenFile, reviewOf } from "./given.js";
import { inspectChange } from "./inspect-change.js";
import { openInspector } from "./inspect/child-process.js";
import type { Inspector } from "./inspect/inspector.js";
import { unread } from "./inspect/protocol.js";
import type { Rule } from "./rules/rule.js";

const impatient = openInspector({ fileMs: 2_000, maxLength: 1_000_000 });
const patient = openInspector({ fileMs: 30_000, maxLength: 1_000_000 });
afterAll(async () => {
  await impatient.close();
  await patient.close();
});
const settings = reviewOf();
const key = "a key for tests, 32 characters or more";
const honest: GivenFile = { path: "src/z.test.ts", after: 'it.only("a", () => {});\n' };

/** What is found and what is named as not read, and how often the event loop came round meanwhile. */
async function review(files: readonly GivenFile[], inspector: Inspector) {
  const change = givenChange([...files, honest]);
  let turns = 0;
  const timer = setInterval(() => (turns += 1), 10);
  const inspections = await inspectChange(change, settings, inspector, key);
  clearInterval(timer);
  const { findings } = findAll(change, settings, inspections, key);
  return {
    turns,
    findings: findings.map(({ rule, path, line }) => `${rule} ${path}:${line}`),
    gaps: gapsOf(change, settings, inspections).map(({ path }) => path),
  };
}

const MEGABYTE = 1_000_000;
const filling = (text: string) => text.repeat(Math.floor((MEGABYTE - 2_000) / text.length));

describe("a text that is hostile to regular expressions", { timeout: 60_000 }, () => {
  it("is reported as not read when it takes too long; server and review continue", async () => {
    const file = { path: "db/migrations/1.sql", after: filling("ALTER TABLE a ADD b ") };
    const { turns, findings, gaps } = await review([file], impatient);
    expect(gaps).toEqual(["db/migrations/1.sql"]);
    expect(findings).toEqual(["focused-test src/z.test.ts:1"]);
    expect(turns).toBeGreaterThan(20);
  });

  it.each<[string, GivenFile, string]>([
    [
      "ways back in a migration, one after the other",
      { path: "db/migrations/1.sql", after: `${"-- down\n-- up\n".repeat(20_000)}DROP TABLE a;\n` },
      "migration-drop db/migrations/1.sql:40001",
    ],
    [
      "a long line that may be a marker of generated code",
      { path: "src/a.test.ts", after: `// ${filling("Code generated ")}\nit.only("b", () => {});\n` },
      "focused-test src/a.test.ts:2",
    ],
    [
      "expressions of a workflow that never end",
      {
        path: ".github/workflows/a.yml",
        after: `on: push\njobs:\n  a:\n    steps:\n      - run: echo \${{ github.head_ref }}\n      - run: ${filling("${{ ")}\n`,
      },
      "workflow-script-injection .github/workflows/a.yml:5",
    ],
  ])("%s: finds its problems nevertheless", async (_name, file, finding) => {
    const { findings, gaps } = await review([file], patient);
    expect(findings).toContain(finding);
    expect(gaps).toEqual([]);
  });
});

it("inspects one review's files for a minute in total, then without a parser, and names the rest", async () => {
  const asked: [string, string | null][] = [];
  const slow: Inspector = {
    version: "1",
    inspect: ({ file, language }) => {
      asked.push([file.path, language]);
      return Promise.resolve({ answer: { ...unread(""), problem: null, searched: true }, tookMs: 25_000 });
    },
    close: () => Promise.resolve(),
  };
  const change = givenChange(["a.ts", "b.ts", "c.ts", "d.ts", "e.ts"].map((path) => ({ path, after: "x\n" })));
  const inspections = await inspectChange(change, settings, slow, key);
  expect(asked).toEqual([
    ["a.ts", "TypeScript"],
    ["b.ts", "TypeScript"],
    ["c.ts", "TypeScript"],
    ["d.ts", null],
  ]);
  const gaps = gapsOf(change, settings, inspections);
  expect(gaps.map(({ path }) => path)).toEqual(["d.ts", "e.ts"]);
  const over = "the review reached its limit of 60 s for reading";
  expect(gaps.map(({ reason }) => reason.parts)).toEqual([
    [{ quoted: `${over}, so rules about structure did not run` }],
    [{ quoted: over }],
  ]);
});

describe("a rule that throws", () => {
  const change = givenChange([honest]);

  it("in a file costs that file a gap", () => {
    const answer = { ...unread(""), problem: null, failed: ["secret"] };
    const gaps = gapsOf(change, settings, new Map([[honest.path, answer]]));
    expect(gaps.map(({ path }) => path)).toEqual([honest.path]);
  });

  it("of the whole change costs a gap, and other rules still run", () => {
    const bad = {
      id: "bad",
      severity: "notice",
      why: "",
      inChange: () => {
        throw new RangeError("too deep");
      },
    } as const satisfies Rule;
    const good = {
      id: "good",
      severity: "notice",
      why: "",
      inChange: () => [{ path: null, line: null, says: { parts: ["x"] }, identity: "i" }],
    } as const satisfies Rule;
    const { findings, failed } = findAll(change, settings, new Map(), key, [bad, good]);
    expect(findings.map(({ rule }) => rule)).toEqual(["good"]);
    expect(failedGap(failed)).toEqual([
      { path: "…", reason: { parts: ["these rules failed on the change: ", { quoted: "bad" }] }, rules: ["bad"] },
    ]);
  });
});
