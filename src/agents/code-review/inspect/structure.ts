import type { NapiConfig, SgNode } from "@ast-grep/napi";
import type { InspectRequest, StructureMatch, StructureQuery } from "./protocol.js";
import { replacementOf } from "./replacement.js";

export interface Answers {
  readonly matches: readonly StructureMatch[];
  readonly refused: readonly { readonly rule: string; readonly problem: string }[];
}

/** Runs every query on a parsed file. A query that the engine rejects is reported, and the others continue. */
export function askStructure(root: SgNode, lines: readonly string[], queries: InspectRequest["queries"]): Answers {
  const matches: StructureMatch[] = [];
  const refused: { rule: string; problem: string }[] = [];
  for (const { rule, query } of queries) {
    try {
      matches.push(...root.findAll(configOf(query)).map((node) => matchOf(rule, query, node, lines)));
    } catch (error) {
      refused.push({ rule, problem: error instanceof Error ? error.message : String(error) });
    }
  }
  return { matches, refused };
}

function configOf({ rule, constraints, utils }: StructureQuery): NapiConfig {
  return { rule, ...(constraints && { constraints }), ...(utils && { utils }) };
}

function matchOf(rule: string, query: StructureQuery, node: SgNode, lines: readonly string[]): StructureMatch {
  const { start, end } = node.range();
  const startLine = start.line + 1;
  const endLine = end.column === 0 && end.line > start.line ? end.line : end.line + 1;
  const line = query.at === "end" ? endLine : startLine;
  return { rule, startLine, endLine, line, replacement: replacementOf(node, lines, query.fix) };
}
