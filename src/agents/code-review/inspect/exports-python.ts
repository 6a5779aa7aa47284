import type { SgNode } from "@ast-grep/napi";

/**
 * Top-level names without an underscore, re-exports of a package, and names in `__all__`, which limits star imports but
 * hides nothing. The names in a module's `__getattr__` count, too.
 */
export function pythonExports(root: SgNode, path: string): readonly string[] {
  const statements = root.children();
  const listed = statements.flatMap(listedNames);
  const isPackage = /(^|\/)__init__\.pyi?$/.test(path);
  const names = statements.flatMap((statement) => [
    ...definedNames(statement),
    ...lazyNames(statement),
    ...(isPackage ? importedNames(statement) : []),
  ]);
  return [...new Set([...names.filter((name) => !name.startsWith("_")), ...listed])];
}

function assignmentIn(statement: SgNode): SgNode | null {
  const assignment = statement.kind() === "expression_statement" ? statement.child(0) : null;
  return assignment?.kind() === "assignment" || assignment?.kind() === "augmented_assignment" ? assignment : null;
}

function listedNames(statement: SgNode): readonly string[] {
  const assignment = assignmentIn(statement);
  if (assignment?.field("left")?.text() !== "__all__") return [];
  return assignment.findAll({ rule: { kind: "string_content" } }).map((name) => name.text());
}

function lazyNames(statement: SgNode): readonly string[] {
  if (statement.kind() !== "function_definition" || statement.field("name")?.text() !== "__getattr__") return [];
  return statement
    .findAll({ rule: { kind: "string_content" } })
    .map((name) => name.text())
    .filter((name) => /^[A-Za-z]\w*$/.test(name));
}

function definedNames(statement: SgNode): readonly string[] {
  const definition = statement.kind() === "decorated_definition" ? statement.field("definition") : statement;
  if (definition?.kind() === "function_definition" || definition?.kind() === "class_definition")
    return [definition.field("name")?.text() ?? "_"];
  const left = assignmentIn(statement)?.field("left");
  return left?.kind() === "identifier" ? [left.text()] : [];
}

/** `from .client import Client as C` in a package's `__init__` offers C. */
function importedNames(statement: SgNode): readonly string[] {
  if (statement.kind() !== "import_from_statement") return [];
  if (statement.children().some((child) => child.kind() === "wildcard_import"))
    return [`* from ${statement.field("module_name")?.text() ?? ""}`];
  return statement
    .fieldChildren("name")
    .map((name) => (name.kind() === "aliased_import" ? (name.field("alias")?.text() ?? "_") : name.text()));
}
