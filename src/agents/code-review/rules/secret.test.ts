import { afterAll, describe, expect, it } from "vitest";
import { findIn, givenChange, linesOf } from "../given.js";
import { openInspector } from "../inspect/child-process.js";
import { inlineComment } from "../render/inline-comment.js";

const inspector = openInspector();
afterAll(() => inspector.close());

const TOKEN = ["ghp", "16C7e42F292c6912E7710c838347Ae178B4a"].join("_");

describe("a secret", () => {
  it.each([
    ["a.ts", `const a = 1;\nconst token = "${TOKEN}";\n`, [2]],
    ["notes.md", `// secretlint-disable\n${TOKEN}\n`, [2]],
    ["a.ts", 'const token = process.env.TOKEN;\nconst example = "ghp_xxx";\n', []],
    ["a.ts", 'f("postgres://u:hunter2@db/x", "https://a:b1c2d3e4@127.0.0.1/x", "https://u:password@acme.io/x");\n', []],
    ["a.ts", `f(1,\n  "${["postgres", "//u", "hunter2@db.acme.io/x"].join(":")}");\n`, [2]],
  ])("in %s", async (path, after, lines) => {
    expect(await linesOf(inspector, "secret", { path, after })).toEqual(lines);
  });

  it("that existed before is not reported", async () => {
    const before = `const token = "${TOKEN}";\n`;
    expect(await linesOf(inspector, "secret", { path: "a.ts", before, after: `${before}const b = 2;\n` })).toEqual([]);
  });

  it("is never shown: not in its own finding, not in another on its line, not with the rule off", async () => {
    const after = `db.query(\`SELECT a FROM t WHERE k = '${TOKEN}' AND u = \${user}\`);\n`;
    const change = givenChange([{ path: "src/a.ts", after }]);
    const findings = await findIn(inspector, change);
    const without = await findIn(inspector, change, { review: { rules: { secret: "off" } } });
    expect(findings.map(({ rule }) => rule)).toEqual(["secret", "sql-injection"]);
    expect(without.map(({ rule }) => rule)).toEqual(["sql-injection"]);
    const shown = JSON.stringify([findings, without, findings.map((finding) => inlineComment(finding))]);
    expect(shown).not.toContain(TOKEN);
    expect(shown).not.toContain("SELECT");
  });

  it("is searched for in the lines of the diff where the file could not be read", async () => {
    const { files, ...change } = givenChange([{ path: "a.ts", before: "x\ny\n", after: `x\n${TOKEN}\ny\n` }]);
    const unread = { ...change, files: files.map((file) => ({ ...file, text: null, baseText: null })) };
    expect((await findIn(inspector, unread)).map(({ rule, line }) => [rule, line])).toEqual([["secret", 2]]);
  });
});
