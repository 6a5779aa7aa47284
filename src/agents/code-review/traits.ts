import { z } from "zod";
import type { ChangedFile } from "./change.js";
import { addedLines, removedLines } from "./diff/lines.js";
import { hasGeneratedName, headOf, writtenByProgram } from "./generated.js";
import { nameOf, PACKAGE_MANAGERS } from "./packages.js";
import type { RuleOptions } from "./rules/options.js";

/** Properties of each file for rules about several files, so that they do not need its text. */
export const fileTraits = z.object({
  /** Whether it is generated. */
  generated: z.boolean(),
  /** The source file that its header names. */
  generatedFrom: z.string().nullable(),
  /** Numbers of added lines with an effect: no comments, docstrings, imports, types, plain markup or brackets. */
  codeLines: z.array(z.int()).readonly(),
  /** Whether it contains tests itself, as some languages allow. */
  ownTests: z.boolean(),
  /** Go's `package main`, which cannot be imported. */
  program: z.boolean(),
  /**
   * The first line that adds a dependency to this manifest; an inner null: only removals. Null: no dependency changed.
   */
  dependencies: z.object({ line: z.int().nullable() }).nullable(),
});
export type FileTraits = Readonly<z.output<typeof fileTraits>>;

/** The traits of a file that was not inspected. */
export const NO_TRAITS: FileTraits = {
  generated: false,
  generatedFrom: null,
  codeLines: [],
  ownTests: false,
  program: false,
  dependencies: null,
};

/** In a comment of the header, in the form of generators; an import does not count. */
const SOURCE_LINE =
  /^\s*(?:\/\/|\/?\*+|#|--|;|<!--).*?\b(?:source|generated from|from)\s*:?\s+["'`]?([\w./-]+\.[a-z0-9]+)/im;
const COMMENT_OR_BRACKET = /^\s*(?:\/\/|#|\*|\/\*|["'`]{3}|[{}()[\];,]*$|(?:else|try|finally)\s*[:{]?\s*$)/;

const NONE: ReadonlySet<number> = new Set();

/** Reads the text, so it runs in the parsing process. */
export function traitsOf(file: ChangedFile, options: RuleOptions, inert: ReadonlySet<number> = NONE): FileTraits {
  const { path, text, baseText } = file;
  return {
    generated: writtenByProgram(file, options.generated),
    generatedFrom: SOURCE_LINE.exec(headOf(text ?? baseText ?? ""))?.[1] ?? null,
    codeLines: addedLines(file)
      .filter(({ line, text: added }) => !inert.has(line) && !COMMENT_OR_BRACKET.test(added))
      .map(({ line }) => line),
    ownTests: /^\s*#\[cfg\(test\)\]|import\.meta\.vitest/m.test(text ?? ""),
    program: path.endsWith(".go") && /^package main\b/m.test(text ?? baseText ?? ""),
    dependencies: dependenciesOf(file),
  };
}

/** Whether the file is generated. Without an inspection, by its name. */
export function isGenerated(path: string, inspection: { readonly traits: FileTraits } | undefined): boolean {
  return inspection?.traits.generated === true || hasGeneratedName(path);
}

function dependenciesOf(file: ChangedFile): FileTraits["dependencies"] {
  const declares = PACKAGE_MANAGERS.find(({ manifest }) => manifest === nameOf(file.path))?.declares;
  if (!declares) return null;
  const removed = new Set(removedLines(file).map(({ text }) => bare(text)));
  const added = addedLines(file).filter(({ text }) => declares.test(text));
  const fresh = added.find(({ text }) => !removed.has(bare(text)));
  if (fresh) return { line: fresh.line };
  const gone = removedLines(file).some(({ text }) => declares.test(text));
  return gone && added.length === 0 ? { line: null } : null;
}

/** The last entry of an object gains or loses a comma when its neighbour changes. */
function bare(text: string): string {
  return text.trim().replace(/,$/, "");
}
