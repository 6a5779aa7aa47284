import type { Language } from "../../languages.js";
import { SCRIPT } from "../../languages.js";
import type { StructureQuery } from "../../inspect/protocol.js";

type AstRule = StructureQuery["rule"];

/** The functions of a downward migration, where removal is intended. */
const SCRIPT_WAYS_BACK: AstRule = {
  any: [
    { kind: "method_definition", has: { field: "name", regex: "^(down|rollback|revert)$" } },
    { kind: "function_declaration", has: { field: "name", regex: "^(down|rollback|revert)$" } },
    { kind: "assignment_expression", has: { field: "left", regex: "\\.(down|rollback)$" } },
    { kind: "pair", has: { field: "key", regex: "^[\"']?(down|rollback)[\"']?$" } },
    { kind: "variable_declarator", has: { field: "name", regex: "^(down|rollback)$" } },
  ],
};
const PYTHON_WAYS_BACK: AstRule = {
  kind: "function_definition",
  has: { field: "name", regex: "^(downgrade|\\w*(reverse|rollback|backwards?|undo)\\w*)$" },
};
const GO_WAYS_BACK: AstRule = {
  any: [
    {
      any: [{ kind: "function_declaration" }, { kind: "method_declaration" }],
      has: { field: "name", regex: "(?i)(down|rollback)" },
    },
    { kind: "keyed_element", regex: "^(Down|Rollback)\\b" },
  ],
};

/** Restricts a rule to the upward migration, in each language's idioms. */
export function onTheWayUp(language: "script" | "python" | "go", rule: AstRule): StructureQuery {
  const back = { script: SCRIPT_WAYS_BACK, python: PYTHON_WAYS_BACK, go: GO_WAYS_BACK }[language];
  const languages: readonly Language[] = language === "script" ? SCRIPT : [language];
  return { languages, rule: { all: [rule, { not: { inside: { ...back, stopBy: "end" } } }] } };
}

/** A call of a method of this name, on anything. */
export function callOf(language: "script" | "python" | "go", name: string): AstRule {
  const kinds = { script: "call_expression", python: "call", go: "call_expression" };
  return { kind: kinds[language], has: { field: "function", regex: `(^|\\.)(${name})$` } };
}

/** A string with SQL, in any kind of quotes, that contains this. */
export function sqlText(language: "script" | "python" | "go", pattern: string): AstRule {
  const kinds = {
    script: ["string", "template_string"],
    python: ["string"],
    go: ["interpreted_string_literal", "raw_string_literal"],
  };
  return { any: kinds[language].map((kind) => ({ kind })), regex: `(?is)^[rbuf]*["'\`]+\\s*${pattern}` };
}
