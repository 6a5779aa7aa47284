import { afterAll, describe, expect, it } from "vitest";
import { findIn, givenChange, type GivenFile } from "./given.js";
import { openInspector } from "./inspect/child-process.js";

const inspector = openInspector();
afterAll(() => inspector.close());

const rules = { "missing-test": "notice", "swallowed-error": "notice" } as const;
const found = async (files: readonly GivenFile[]) =>
  (await findIn(inspector, givenChange(files), { review: { rules } })).map(
    ({ rule, path, line }) => `${rule} ${path}:${line}`,
  );

const SWALLOWS = "export function f() {\n  try {\n    g();\n  } catch {}\n}\n";

describe("moved or renamed code is not new", () => {
  it.each<[string, readonly GivenFile[]]>([
    [
      "from one file to another",
      [
        { path: "src/a.ts", before: SWALLOWS, after: "export {};\n" },
        { path: "src/b.ts", after: SWALLOWS },
      ],
    ],
    ["within a file", [{ path: "src/a.ts", before: `${SWALLOWS}h();\ni();\n`, after: `h();\ni();\n${SWALLOWS}` }]],
    [
      "under another variable's name",
      [
        {
          path: "src/tls.py",
          before:
            "def f(ssl_context):\n    ssl_context.check_hostname = False\n    ssl_context.verify_mode = ssl.CERT_NONE\n",
          after: "def f(ctx):\n    ctx.check_hostname = False\n    ctx.verify_mode = ssl.CERT_NONE\n",
        },
      ],
    ],
    [
      "with another indentation",
      [
        {
          path: "src/db.ts",
          before: "export const q = (id: string) =>\n  db.query(`SELECT a FROM t WHERE id = '${id}'`);\n",
          after: "export class Db {\n  q = (id: string) =>\n      db.query(`SELECT a FROM t WHERE id = '${id}'`);\n}\n",
        },
      ],
    ],
  ])("%s", async (_name, files) => {
    expect(await found(files)).toEqual([]);
  });

  it("a copy is new, and so is a changed line beside moved ones", async () => {
    expect(await found([{ path: "src/b.ts", after: SWALLOWS }])).toEqual(["swallowed-error src/b.ts:4"]);
    const twice = [
      { path: "src/a.ts", before: SWALLOWS, after: "export {};\n" },
      { path: "src/b.ts", after: SWALLOWS },
      { path: "src/c.ts", after: SWALLOWS },
    ];
    expect(await found(twice)).toEqual(["swallowed-error src/c.ts:4"]);
    const other = SWALLOWS.replace("g();", "other();").replace("  } catch {}", "  } catch (e) {}");
    expect(
      await found([
        { path: "src/a.ts", before: SWALLOWS, after: "export {};\n" },
        { path: "src/b.ts", after: other },
      ]),
    ).toEqual(["swallowed-error src/b.ts:4"]);
  });
});

const many = (line: (index: number) => string) => Array.from({ length: 30 }, (_, index) => line(index)).join("\n");

describe("lines without effect need no test", () => {
  it.each<[string, string, string]>([
    ["a docstring", "src/a.py", `def f():\n    """\n${many((i) => `    Line ${i} of it.`)}\n    """\n    return 1\n`],
    ["imports of Python", "src/a.py", `from a import (\n${many((i) => `    name${i},`)}\n)\n`],
    ["imports of a script", "src/a.ts", many((i) => `import { a${i} } from "./a${i}.js";`)],
    ["types of a script", "src/a.ts", `export interface A {\n${many((i) => `  readonly a${i}: string;`)}\n}\n`],
    ["types of Go", "a.go", `package a\n\ntype A struct {\n${many((i) => `\tA${i} string`)}\n}\n`],
    ["a comment", "src/a.ts", `/*\n${many((i) => `  about ${i}`)}\n*/\nexport {};\n`],
    ["a list of re-exports", "src/a.ts", many((i) => `export { a${i} } from "./a${i}.js";`)],
    ["a migration", "src/migrations/0001_a.py", many((i) => `f(${i})`)],
    ["a script", "scripts/a.ts", many((i) => `f(${i});`)],
    ["a benchmark", "bench/harness.ts", many((i) => `f(${i});`)],
    [
      "plain markup",
      "src/a.tsx",
      `export const A = () => (\n  <ul>\n${many((i) => `    <li>Entry ${i}</li>`)}\n  </ul>\n);\n`,
    ],
  ])("%s", async (_name, path, after) => {
    expect(await found([{ path, after }])).toEqual([]);
  });

  it("lines that moved, and code that is new", async () => {
    const code = many((i) => `f${i}();`);
    expect(await found([{ path: "src/b.ts", after: code }])).toEqual(["missing-test src/b.ts:null"]);
    expect(
      await found([
        { path: "src/a.ts", before: code, after: "" },
        { path: "src/b.ts", after: code },
      ]),
    ).toEqual([]);
  });
});
