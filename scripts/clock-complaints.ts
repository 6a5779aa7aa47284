import { Lang, parse } from "@ast-grep/napi";

/** What reads the clock of the machine or waits by it, as patterns of the syntax. */
const FORBIDDEN = [
  "Date.now",
  "new Date()",
  "Date()",
  "performance.now",
  "setTimeout($$$)",
  "setInterval($$$)",
  "setImmediate($$$)",
  "AbortSignal.timeout($$$)",
  "process.hrtime",
] as const;
const TIMERS = /^["'](?:node:)?timers(?:\/promises)?["']$/;

/** Where a source reads the clock itself, as `line: what`; time has to come by argument. */
export function clockComplaints(source: string): readonly string[] {
  const root = parse(Lang.TypeScript, source).root();
  const uses = FORBIDDEN.flatMap((pattern) => root.findAll(pattern)).map((node) => ({
    line: node.range().start.line + 1,
    what: node.text().split("\n", 1)[0]?.slice(0, 60) ?? "",
  }));
  const imports = root
    .findAll({ rule: { kind: "import_statement" } })
    .filter((node) => TIMERS.test(node.field("source")?.text() ?? ""))
    .map((node) => ({ line: node.range().start.line + 1, what: node.text().slice(0, 60) }));
  return [...uses, ...imports].sort((a, b) => a.line - b.line).map(({ line, what }) => `${line}: ${what}`);
}
