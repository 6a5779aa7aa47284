import type { SgNode } from "@ast-grep/napi";
import type { Language } from "../languages.js";
import { goExports } from "./exports-go.js";
import { pythonExports } from "./exports-python.js";
import { scriptExports } from "./exports-script.js";

/** The exported names of a file, by the rules of its language. Methods in Go as `Type.Method`. */
export function exportsOf(language: Language, root: SgNode, path: string): ReadonlySet<string> {
  switch (language) {
    case "TypeScript":
    case "Tsx":
    case "JavaScript":
      return new Set(scriptExports(root));
    case "python":
      return new Set(pythonExports(root, path));
    case "go":
      return new Set(goExports(root));
  }
}
