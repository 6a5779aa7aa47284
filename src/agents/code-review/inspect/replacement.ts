import type { SgNode } from "@ast-grep/napi";

/**
 * The node's line with the fix applied. Only for a node on one line, because longer fixes are not mechanical. Empty:
 * remove the line; null: no fix, or the line contains more than the node.
 */
export function replacementOf(node: SgNode, lines: readonly string[], fix: string | undefined): string | null {
  const { start, end } = node.range();
  const line = lines[start.line];
  if (fix === undefined || line === undefined || start.line !== end.line) return null;
  const before = line.slice(0, start.column);
  const after = line.slice(end.column);
  if (fix === "") return before.trim() === "" && after.replace(";", "").trim() === "" && mayGo(node) ? "" : null;
  return before + fill(fix, node) + after;
}

function fill(fix: string, node: SgNode): string {
  return fix.replaceAll(/\$\$\$([A-Z_]+)|\$([A-Z_]+)/g, (_all, many: string | undefined, one: string | undefined) => {
    if (one !== undefined) return node.getMatch(one)?.text() ?? "";
    return node
      .getMultipleMatches(many ?? "")
      .map((match) => match.text())
      .join("");
  });
}

/** Kinds of nodes that contain a list of removable statements. */
const ROWS: ReadonlySet<string> = new Set([
  "program",
  "module",
  "source_file",
  "statement_block",
  "block",
  "statement_list",
  "decorated_definition",
]);

/** Whether the node's statement can be removed: it is one of a list, and in Python not the only one of a block. */
function mayGo(node: SgNode): boolean {
  const statement = node.parent()?.kind() === "expression_statement" ? node.parent() : node;
  const row = statement?.parent();
  if (!row || !ROWS.has(String(row.kind()))) return false;
  const only = row.children().filter((child) => child.isNamed() && child.kind() !== "comment").length === 1;
  return !(only && row.kind() === "block" && !row.text().startsWith("{"));
}
