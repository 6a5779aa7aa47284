import { execFileSync } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { PausedError, policyFor } from "../../../errors.js";
import { givenFile } from "../given.js";
import { ruleOptions } from "../rules/options.js";
import { openInspector } from "./child-process.js";
import type { Inspector } from "./inspector.js";
import type { InspectRequest } from "./protocol.js";

const inspector = openInspector();
afterAll(() => inspector.close());

interface Asked extends Partial<Omit<InspectRequest, "file">> {
  readonly path?: string;
  readonly text?: string;
  readonly baseText?: string;
}

/** One file, new unless `baseText` is given; all that the rules named in the questions match is answered. */
async function inspect(asked: Asked, by: Inspector = inspector) {
  const { path = "src/a.ts", text = "", baseText = null, queries = [], lines = [], ...more } = asked;
  const { answer } = await by.inspect({
    file: givenFile({ path, before: baseText, after: text }),
    language: "TypeScript",
    queries,
    lines,
    own: [...new Set([...queries, ...lines].map(({ rule }) => rule))],
    exports: false,
    options: ruleOptions.parse({}),
    hashKey: "key",
    ...more,
  });
  const matches = answer.found.map(({ rule, match: { line, endLine, replacement } }) => ({
    rule,
    line,
    endLine,
    replacement,
  }));
  return { ...answer, matches };
}

describe("structure", () => {
  const debuggerQuery = { languages: ["TypeScript" as const], rule: { kind: "debugger_statement" }, fix: "" };

  it("answers with lines from 1 and the fix of a line", async () => {
    const text = 'const a = "debugger";\n  debugger;\nif (a) debugger;\n';
    const { matches, problem } = await inspect({
      text,
      queries: [{ rule: "debug", query: debuggerQuery }],
    });
    expect(problem).toBeNull();
    expect(matches).toEqual([
      { rule: "debug", line: 2, endLine: 2, replacement: "" },
      { rule: "debug", line: 3, endLine: 3, replacement: null },
    ]);
  });

  it("parses Python and Go, whose parsers are registered at run time", async () => {
    const query = (language: "python" | "go", kind: string) => [
      { rule: "x", query: { languages: [language], rule: { kind } } },
    ];
    const python = await inspect({
      path: "a.py",
      language: "python",
      text: "x = 1\nassert x\n",
      queries: query("python", "assert_statement"),
    });
    const go = await inspect({
      path: "a.go",
      language: "go",
      text: "package a\n\nfunc f() {\n\tdefer g()\n}\n",
      queries: query("go", "defer_statement"),
    });
    expect([python, go].map(({ matches }) => matches.map(({ line }) => line))).toEqual([[2], [4]]);
  });

  it("names a query that the parser refuses and answers the others", async () => {
    const { matches, refused } = await inspect({
      text: "debugger;",
      queries: [
        { rule: "broken", query: { languages: ["TypeScript"], rule: { kind: "no_such_kind" } } },
        { rule: "debug", query: debuggerQuery },
      ],
    });
    expect(refused.map(({ rule }) => rule)).toEqual(["broken"]);
    expect(matches.map(({ rule }) => rule)).toEqual(["debug"]);
  });
});

describe("lines", () => {
  it("match in files of any kind, and a broken expression is named", async () => {
    const lines = [
      { rule: "todo", pattern: "TODO(?!\\()" },
      { rule: "broken", pattern: "(" },
    ];
    const found = await inspect({ path: "a.txt", language: null, text: "TODO(me)\nTODO\n", lines });
    expect(found.matches.map(({ rule, line }) => [rule, line])).toEqual([["todo", 2]]);
    expect(found.refused.map(({ rule }) => rule)).toEqual(["broken"]);
  });
});

describe("limits", () => {
  it("gives up on a file that takes too long, and reads the next one", { timeout: 90_000 }, async () => {
    const impatient = openInspector({ fileMs: 2_000, maxLength: 1_000_000 });
    const slow = { kind: "call_expression", has: { pattern: "never()", stopBy: "end" as const } };
    const text = `${"f(".repeat(30_000)}${")".repeat(30_000)}`;
    const queries = [{ rule: "slow", query: { languages: ["TypeScript" as const], rule: slow } }];
    const deep = await inspect({ text, queries }, impatient);
    const next = await inspect({ text: "const a = 1;" }, impatient);
    await impatient.close();
    expect(deep.problem).toBe("parsing took longer than 2000 ms, so rules about structure did not run");
    expect(next.problem).toBeNull();
  });

  it("keeps earlier results when a later step takes too long", { timeout: 90_000 }, async () => {
    const impatient = openInspector({ fileMs: 2_000, maxLength: 1_000_000 });
    const token = ["ghp", "16C7e42F292c6912E7710c838347Ae178B4a"].join("_");
    const slow = { kind: "call_expression", has: { pattern: "never()", stopBy: "end" as const } };
    const text = `const t = "${token}"; // todo\n${"f(".repeat(30_000)}${")".repeat(30_000)}\n<<<<<<< ours\n`;
    const queries = [{ rule: "slow", query: { languages: ["TypeScript" as const], rule: slow } }];
    const byParser = await inspect({ text, queries, lines: [{ rule: "todo", pattern: "todo" }] }, impatient);
    const hostile = [{ rule: "never-ends", pattern: "^(a+)+$" }];
    const byLine = await inspect({ text: `${token}\n${"a".repeat(40)}!\n`, lines: hostile }, impatient);
    await impatient.close();
    const problem = "parsing took longer than 2000 ms, so rules about structure did not run";
    expect(byParser).toMatchObject({ searched: true, secrets: [{ startLine: 1 }], problem });
    expect(byParser.matches.map(({ rule, line }) => [rule, line])).toEqual([
      ["secret", 1],
      ["conflict-marker", 3],
      ["todo", 1],
    ]);
    expect(byLine).toMatchObject({ searched: true, secrets: [{ startLine: 1 }], problem });
  });

  it("counts processor time: a file that waits for the processor is read", { timeout: 60_000 }, async () => {
    const patient = openInspector({ fileMs: 1_000, maxLength: 1_000_000 });
    const text = "const a = f(1);\n".repeat(100);
    const queries = [
      { rule: "call", query: { languages: ["TypeScript" as const], rule: { kind: "call_expression" } } },
    ];
    const parsers = () =>
      execFileSync("pgrep", ["-P", String(process.pid), "-f", "inspect/child.js"], { encoding: "utf8" });
    const before = new Set(parsers().split("\n"));
    await inspect({ text: "const a = 1;" }, patient);
    const [pid] = parsers()
      .split("\n")
      .filter((each) => !before.has(each));
    const reading = inspect({ text, queries }, patient);
    process.kill(Number(pid), "SIGSTOP");
    await delay(1_500);
    process.kill(Number(pid), "SIGCONT");
    const { problem, matches } = await reading;
    await patient.close();
    expect(problem).toBeNull();
    expect(matches.length).toBeGreaterThan(0);
  });

  it("does not parse a text over the limit", async () => {
    const small = openInspector({ fileMs: 1_000, maxLength: 10 });
    expect(await inspect({ text: "x".repeat(11) }, small)).toMatchObject({
      problem: "longer than 10 characters",
    });
    await small.close();
  });
});

it("measures the processor time of a file", { timeout: 90_000 }, async () => {
  const timed = openInspector();
  const file = givenFile({ path: "a.txt", after: "x\n" });
  const options = ruleOptions.parse({});
  const request = { file, language: null, queries: [], lines: [], own: [], exports: false, options, hashKey: "key" };
  const { tookMs, answer } = await timed.inspect(request);
  expect(answer.problem).toBeNull();
  expect(tookMs).toBeGreaterThan(0);
  await timed.close();
});

describe("secrets", () => {
  const token = ["ghp", "16C7e42F292c6912E7710c838347Ae178B4a"].join("_");

  it("gives the kind, the line and a keyed hash, and never the value", async () => {
    const text = `const a = 1;\n// secretlint-disable\nconst t = "${token}";\n`;
    const found = await inspect({ text });
    const other = await inspect({ text, hashKey: "another" });
    expect(found.secrets).toMatchObject([{ kind: "GitHub token", startLine: 3, endLine: 3 }]);
    expect(found.secrets[0]?.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(found.secrets[0]?.hash).not.toBe(other.secrets[0]?.hash);
    expect(JSON.stringify(found)).not.toContain(token);
  });
});

describe("removed exports", () => {
  it.each([
    [
      "a.ts",
      "TypeScript" as const,
      "export const a = 1, b = 2;\nexport default 1;\nexport * from './x';",
      "const a = 1; export { a };",
      ["b", "default", "* from './x'"],
    ],
    [
      "a.ts",
      "TypeScript" as const,
      "export function f(a: string): void;\nexport function f() {}\nexport interface I {}\nexport type T = 1;\nexport abstract class C {}\nexport enum E {}\nexport declare function g(): void;",
      "export class C {}",
      ["f", "I", "T", "E", "g"],
    ],
    ["a.js", "JavaScript" as const, "module.exports = { a, b: 1 };\nexports.c = 2;", "exports.a = 1;", ["b", "c"]],
    [
      "a.js",
      "JavaScript" as const,
      "export const { p, q: [r] } = o;\nexport { x as y };\nexport * as ns from 'm';",
      "",
      ["p", "r", "y", "ns"],
    ],
    [
      "p.py",
      "python" as const,
      "def a(): pass\nclass B: pass\n_c = 1\nD = 2\n@dec\ndef e(): pass\n",
      "D = 3\n",
      ["a", "B", "e"],
    ],
    [
      "__init__.py",
      "python" as const,
      "from .x import a as b, c\n__all__ = ['b', 'c']\n",
      "from .x import a as b\n__all__ = ['b']\n",
      ["c"],
    ],
    ["__init__.py", "python" as const, "from .x import a as b, c\n", "from .x import c\n", ["b"]],
    [
      "a.go",
      "go" as const,
      "package a\nfunc F() {}\nfunc g() {}\ntype (\n\tT struct{}\n\tu int\n)\nfunc (t *T) M() {}\nconst A, B = 1, 2\nvar V = 1\n",
      "package a\nconst A = 1\n",
      ["F", "T", "T.M", "B", "V"],
    ],
  ])("of %s (%s)", async (path, language, baseText, text, names) => {
    const { removedExports, problem } = await inspect({
      path,
      language,
      baseText,
      text,
      exports: true,
    });
    expect(problem).toBeNull();
    expect(removedExports.toSorted()).toEqual(names.toSorted());
  });
});

describe("closing", () => {
  const slow = { text: "debugger;\n".repeat(40_000), exports: true, queries: [], lines: [] };

  it("is final: rejects running and waiting work, and starts no parser again", async () => {
    const closing = openInspector();
    const asked = [1, 2, 3, 4].map(() => inspect(slow, closing));
    const results = Promise.allSettled(asked);
    await closing.close();
    expect((await results).map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected", "rejected"]);
    await expect(inspect({ text: "a;" }, closing)).rejects.toBeInstanceOf(PausedError);
  });

  it("costs a job no attempt", async () => {
    const closing = openInspector();
    await closing.close();
    const error: unknown = await inspect({ text: "a;" }, closing).catch((thrown: unknown) => thrown);
    expect(policyFor(error, { attempt: 8, maxAttempts: 8, now: new Date(), jitter: 0 }).kind).toBe("retry-at");
  });
});
