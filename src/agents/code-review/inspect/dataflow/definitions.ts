import type { SgNode } from "@ast-grep/napi";
import type { Language } from "../../languages.js";

/** One assignment to a variable: the assigned or appended value. */
export interface Definition {
  readonly at: number;
  readonly value: SgNode;
  readonly appends: boolean;
  readonly isConstant: boolean;
}

const FUNCTIONS: ReadonlySet<string> = new Set([
  "function_declaration",
  "function_expression",
  "generator_function_declaration",
  "arrow_function",
  "method_definition",
  "function_definition",
  "lambda",
  "method_declaration",
  "func_literal",
]);

/** The variables of a file, by their function. */
export class Definitions {
  private readonly scopes = new Map<number, Map<string, Definition[]>>();
  private readonly functions = new Map<number, SgNode | null>();

  constructor(root: SgNode, language: Language) {
    const kinds = KINDS[language === "python" || language === "go" ? language : "script"];
    for (const node of root.findAll({ rule: { any: kinds.map((kind) => ({ kind })) } })) this.read(node);
  }

  /**
   * The possible values of a variable at a position: its last assignment before it in this function, or any assignment
   * in the enclosing functions.
   */
  of(name: string, use: SgNode): readonly Definition[] {
    const at = use.range().start.index;
    let isInner = true;
    for (let scope = this.functionOf(use); ; scope = scope && this.functionOf(scope)) {
      const all = this.scopes.get(idOf(scope))?.get(name) ?? [];
      const known = isInner ? all.filter((definition) => definition.at < at) : all;
      if (known.length > 0) {
        const last = known.findLastIndex(({ appends }) => !appends);
        return isInner ? known.slice(Math.max(last, 0)) : known;
      }
      if (!scope || this.isParameter(name, scope)) return [];
      isInner = false;
    }
  }

  /** Whether a parameter of the enclosing function is declared as a number or a boolean. */
  isNumber(name: string, use: SgNode): boolean {
    for (let scope = this.functionOf(use); scope; scope = this.functionOf(scope)) {
      const parameters = (scope.field("parameters") ?? scope.field("parameter"))?.text() ?? "";
      const at = new RegExp(
        String.raw`(?:^|[\s(,])${name.replaceAll("$", String.raw`\$`)}\??(?:\s*:\s*|\s+)(number|bigint|boolean|int|float|bool|u?int\d*|float\d+)\b`,
      );
      if (at.test(parameters)) return true;
    }
    return false;
  }

  private isParameter(name: string, scope: SgNode): boolean {
    const parameters = (scope.field("parameters") ?? scope.field("parameter"))?.text() ?? "";
    return new RegExp(String.raw`(?:^|[^\w$])${name.replaceAll("$", String.raw`\$`)}(?![\w$])`).test(parameters);
  }

  private functionOf(node: SgNode): SgNode | null {
    const id = node.id();
    const known = this.functions.get(id);
    if (known !== undefined) return known;
    let above = node.parent();
    while (above && !FUNCTIONS.has(String(above.kind()))) above = above.parent();
    this.functions.set(id, above);
    return above;
  }

  private read(node: SgNode): void {
    const kind = String(node.kind());
    const [left, right] = [node.field("left") ?? node.field("name"), node.field("right") ?? node.field("value")];
    if (!left || !right) return;
    const operator =
      node.field("operator")?.text() ??
      node
        .children()
        .find((child) => /^[+.]?:?=$/.test(child.text()))
        ?.text();
    const isLoop = kind === "for_statement" || kind === "for_in_statement";
    const appends = operator === "+=";
    const isConstant = kind === "const_spec";
    const [names, values] = [parts(left), parts(right)];
    names.forEach((name, index) => {
      if (isLoop && names.length === 2 && index === 0) return; // The key of a pair, or its index.
      const value = values.length === names.length ? values[index] : values[0];
      const isName = name.kind() === "identifier" || name.kind() === "shorthand_property_identifier_pattern";
      if (value && isName && name.text() !== "_")
        this.add(name, { at: isLoop ? right.range().end.index : node.range().end.index, value, appends, isConstant });
    });
  }

  private add(name: SgNode, definition: Definition): void {
    const scope = idOf(this.functionOf(name));
    const names = this.scopes.get(scope) ?? new Map<string, Definition[]>();
    this.scopes.set(scope, names);
    names.set(name.text(), [...(names.get(name.text()) ?? []), definition]);
  }
}

const KINDS = {
  script: ["variable_declarator", "assignment_expression", "augmented_assignment_expression", "for_in_statement"],
  python: ["assignment", "augmented_assignment", "named_expression", "for_statement"],
  go: ["short_var_declaration", "assignment_statement", "var_spec", "const_spec"],
} as const;

const LISTS: ReadonlySet<string> = new Set([
  "expression_list",
  "pattern_list",
  "tuple_pattern",
  "array_pattern",
  "object_pattern",
]);

/** The names that a list or pattern binds; in Go and Python values are in lists. */
function parts(node: SgNode): readonly SgNode[] {
  return LISTS.has(String(node.kind())) ? node.children().filter((child) => child.isNamed()) : [node];
}

function idOf(scope: SgNode | null): number {
  return scope?.id() ?? -1;
}
