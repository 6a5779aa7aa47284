import type { SgNode } from "@ast-grep/napi";

/** ES module exports, and explicit CommonJS exports. A star export is named with its source. */
export function scriptExports(root: SgNode): readonly string[] {
  const statements = root.children().flatMap((node) => (node.kind() === "export_statement" ? exportNames(node) : []));
  return [...statements, ...commonJsNames(root)];
}

function exportNames(node: SgNode): readonly string[] {
  const tokens = node.children().map((child) => child.kind());
  if (tokens.includes("default")) return ["default"];
  const namespace = node.children().find((child) => child.kind() === "namespace_export");
  if (namespace) return [namespace.children().at(-1)?.text() ?? ""];
  if (tokens.includes("*")) return [`* from ${node.field("source")?.text() ?? ""}`];
  const clause = node.children().find((child) => child.kind() === "export_clause");
  if (clause)
    return clause.children().flatMap((child) => (child.kind() === "export_specifier" ? [specifierName(child)] : []));
  const declaration = node.field("declaration") ?? node.children().find((child) => isDeclaration(child));
  return declaration ? declaredNames(declaration) : [];
}

function specifierName(specifier: SgNode): string {
  return (specifier.field("alias") ?? specifier.field("name"))?.text() ?? "";
}

function declaredNames(declaration: SgNode): readonly string[] {
  const name = declaration.field("name");
  if (name) return [name.text()];
  return declaration.children().flatMap((child) => {
    if (child.kind() === "variable_declarator") return boundNames(child.field("name"));
    return isDeclaration(child) ? declaredNames(child) : [];
  });
}

/** `const { a, b: [c] } = …` binds a and c. */
function boundNames(target: SgNode | null): readonly string[] {
  if (!target) return [];
  if (target.kind() === "identifier" || target.kind() === "shorthand_property_identifier_pattern")
    return [target.text()];
  if (target.kind() === "pair_pattern") return boundNames(target.field("value"));
  return target.children().flatMap(boundNames);
}

function commonJsNames(root: SgNode): readonly string[] {
  return root.children().flatMap((statement) => {
    const assignment = statement.kind() === "expression_statement" ? statement.child(0) : null;
    if (assignment?.kind() !== "assignment_expression") return [];
    const left = assignment.field("left")?.text() ?? "";
    const single = /^(?:module\.)?exports\.(\w+)$/.exec(left)?.[1];
    if (single !== undefined) return [single];
    const right = assignment.field("right");
    return left === "module.exports" && right?.kind() === "object" ? objectKeys(right) : [];
  });
}

function objectKeys(object: SgNode): readonly string[] {
  return object.children().flatMap((child) => {
    if (child.kind() === "shorthand_property_identifier") return [child.text()];
    const key = child.field("key") ?? child.field("name");
    return key ? [key.text().replaceAll(/["']/g, "")] : [];
  });
}

/** `function_declaration`, `class_declaration`, …; `function_signature` is an overload or an ambient function. */
function isDeclaration(node: SgNode): boolean {
  return /_(declaration|signature)$/.test(String(node.kind()));
}
