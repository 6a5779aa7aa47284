import type { SgNode } from "@ast-grep/napi";
import type { Language } from "../languages.js";

type AstRule = Parameters<SgNode["findAll"]>[0] & object;

const ofKinds = (...kinds: readonly string[]) => kinds.map((kind) => ({ kind }));

const SCRIPT: AstRule = {
  rule: {
    any: [
      ...ofKinds("comment", "import_statement"),
      { kind: "export_statement", has: { field: "source", kind: "string" } },
      { kind: "export_statement", has: { kind: "export_clause" } },
      { kind: "lexical_declaration", regex: String.raw`^(const|let|var)\s+[\w{},\s:]+=\s*require\([^()]*\);?$` },
    ],
  },
};
const TYPES: AstRule = {
  rule: {
    any: ofKinds("interface_declaration", "type_alias_declaration", "ambient_declaration", "function_signature"),
  },
};
const MARKUP: AstRule = { rule: { any: ofKinds("jsx_opening_element", "jsx_closing_element", "jsx_text") } };
const PYTHON: AstRule = {
  rule: {
    any: [
      ...ofKinds("comment", "import_statement", "import_from_statement", "future_import_statement"),
      { kind: "expression_statement", has: { kind: "string" }, regex: "^[rRbBuU]*[\"']" },
      { kind: "expression_statement", has: { kind: "assignment", not: { has: { field: "right", regex: "." } } } },
      { kind: "expression_statement", regex: "^__all__\\b" },
      { kind: "decorated_definition", regex: String.raw`^@(\w+\.)?overload\b` },
      { kind: "if_statement", has: { field: "condition", regex: "TYPE_CHECKING$" } },
    ],
  },
};
const GO: AstRule = { rule: { any: ofKinds("comment", "import_declaration", "type_declaration", "package_clause") } };

/** Numbers of lines without effect at run time: comments, docstrings, imports, types and plain markup. */
export function inertLines(root: SgNode, language: Language): ReadonlySet<number> {
  const inert = new Set<number>();
  for (const rule of rulesOf(language))
    for (const node of root.findAll(rule)) {
      const { start, end } = node.range();
      if (rule === MARKUP && node.text().includes("=>")) continue;
      for (let line = start.line; line <= end.line; line += 1) inert.add(line + 1);
    }
  return withoutTrailing(inert, root);
}

function rulesOf(language: Language): readonly AstRule[] {
  if (language === "python") return [PYTHON];
  if (language === "go") return [GO];
  if (language === "JavaScript") return [SCRIPT, MARKUP];
  return language === "Tsx" ? [SCRIPT, TYPES, MARKUP] : [SCRIPT, TYPES];
}

/** A line with code before or after a comment is not inert. */
function withoutTrailing(inert: Set<number>, root: SgNode): ReadonlySet<number> {
  const lines = root.text().split("\n");
  for (const line of inert) {
    const text = lines[line - 1]?.trim() ?? "";
    const comment = /\s(?:\/\/|\/\*|#\s)/.exec(text);
    if (
      comment &&
      !/^(?:\/\/|\/\*|\*|#|import\b|from\b|export\b|<)/.test(text) &&
      /[;{})\]]$/.test(text.slice(0, comment.index))
    )
      inert.delete(line);
  }
  return inert;
}
