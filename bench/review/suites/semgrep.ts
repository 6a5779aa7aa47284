import { readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import type { Suite, SuiteCase } from "./suite.js";

const SQL = /sqli|sql-injection|tainted-sql|formatted-sql|raw-query|sql-string|string-formatted-query|concat.*sql/;
const SHELL =
  /dangerous-(?:system-call|subprocess-use|spawn|os-exec|asyncio|subinterpreters)|subprocess-shell|os-system|child-process|spawn-shell|spawn-git|command-injection|dangerous-exec-command|dangerous-exec-cmd|paramiko-exec/;

/** Lines under `ruleid:` are bad and those under `ok:` good, in semgrep's own tests of three languages. */
function suiteOf(name: string, rule: string, files: RegExp): Suite {
  return {
    name: `semgrep/semgrep-rules ${name}`,
    rules: [rule],
    leastRecall: 0.6,
    mostFalse: 0.02,
    tolerance: 3,
    cases: (folder) =>
      ["python", "javascript", "typescript", "go"].flatMap((language) =>
        readdirSync(join(folder, language), { recursive: true, encoding: "utf8" })
          .filter((path) => files.test(path) && [".py", ".js", ".ts", ".go"].includes(extname(path)))
          .map((path) => caseOf(language, path, readFileSync(join(folder, language, path), "utf8"))),
      ),
  };
}

export const semgrepSql = suiteOf("SQL", "sql-injection", SQL);
export const semgrepShell = suiteOf("shell", "shell-injection", SHELL);

const MARK = /^\s*(?:#|\/\/)\s*(?:(ruleid|todook|ok|todoruleid):)/;

function caseOf(language: string, path: string, text: string): SuiteCase {
  const lines = text.split("\n");
  const [bad, good]: [number[], number[]] = [[], []];
  lines.forEach((line, index) => {
    const kind = MARK.exec(line)?.[1];
    let at = index + 1;
    while (MARK.test(lines[at] ?? "")) at += 1;
    if (kind === "ruleid" || kind === "todoruleid") bad.push(at + 1);
    if (kind === "ok") good.push(at + 1);
  });
  const file = { path: `app/${path.replaceAll(/[^\w.]/g, "_").replaceAll(/tests?/gi, "")}`, after: text };
  return { group: language, file, bad: [...new Set(bad)], good: [...new Set(good)], note: path };
}
