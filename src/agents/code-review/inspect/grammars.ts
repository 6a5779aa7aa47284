import { createRequire } from "node:module";
import { parse, registerDynamicLanguage, type SgNode } from "@ast-grep/napi";
import { z } from "zod";
import type { Language } from "../languages.js";

const grammar = z.object({
  libraryPath: z.string(),
  extensions: z.array(z.string()),
  languageSymbol: z.string(),
  expandoChar: z.string(),
});
type Grammar = z.output<typeof grammar>;

const BUILT_IN: ReadonlySet<string> = new Set(["TypeScript", "Tsx", "JavaScript"]);
const DYNAMIC = { python: "@ast-grep/lang-python", go: "@ast-grep/lang-go" } as const;

/** Parses a text; holds the grammar of each language that is available on this platform. */
export interface Grammars {
  /** Null when this platform has no parser of the language. */
  parse(language: Language, text: string): SgNode | null;
}

/** The parser library accepts all registrations only once in a process: call this once. */
export function loadGrammars(): Grammars {
  const found = Object.entries(DYNAMIC).flatMap(([name, module]) => {
    const read = readGrammar(module);
    return read ? [[name, read] as const] : [];
  });
  registerDynamicLanguage(Object.fromEntries(found));
  const known = new Set([...BUILT_IN, ...found.map(([name]) => name)]);
  return { parse: (language, text) => (known.has(language) ? parse(language, text).root() : null) };
}

/** The grammar packages look for their library in a getter, which throws on a platform without a build. */
function readGrammar(module: string): Grammar | null {
  const loaded: unknown = createRequire(import.meta.url)(module);
  try {
    return grammar.parse(loaded);
  } catch {
    return null;
  }
}
