import type { SgNode } from "@ast-grep/napi";

/**
 * What the node's line should be with the fix in it. Only for a node on one line: more than that is not mechanical.
 * Empty where the fix is to remove the line; null where there is no fix, or the line holds more than the node.
 */
export function replacementOf(node: SgNode, lines: readonly string[], fix: string | undefined): string | null {
  const { start, end } = node.range();
  const line = lines[start.line];
  if (fix === undefined || line === undefined || start.line !== end.line) return null;
  const before = line.slice(0, start.column);
  const after = line.slice(end.column);
  if (fix === "") return before.trim() === "" && after.replace(";", "").trim() === "" ? "" : null;
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
