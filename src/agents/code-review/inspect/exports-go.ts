import type { SgNode } from "@ast-grep/napi";

/** Top-level names with a capital letter; methods as `Type.Method` if both have one. */
export function goExports(root: SgNode): readonly string[] {
  return root
    .children()
    .flatMap(namesOf)
    .filter((name) => name.split(".").every((part) => /^\p{Lu}/u.test(part)));
}

function namesOf(declaration: SgNode): readonly string[] {
  switch (declaration.kind()) {
    case "function_declaration":
      return nameOf(declaration);
    case "method_declaration":
      return nameOf(declaration).map((name) => `${receiverOf(declaration)}.${name}`);
    case "type_declaration":
    case "const_declaration":
    case "var_declaration":
      return declaration
        .findAll({ rule: { any: ["type_spec", "type_alias", "const_spec", "var_spec"].map((kind) => ({ kind })) } })
        .filter((spec) => !spec.ancestors().some((above) => above.kind() === "func_literal"))
        .flatMap((spec) => spec.fieldChildren("name").map((name) => name.text()));
    default:
      return [];
  }
}

function nameOf(declaration: SgNode): readonly string[] {
  return [declaration.field("name")?.text() ?? ""];
}

function receiverOf(method: SgNode): string {
  return (
    method
      .field("receiver")
      ?.find({ rule: { kind: "type_identifier" } })
      ?.text() ?? ""
  );
}
