import type { ChangedFile } from "../change.js";
import type { Language } from "../languages.js";
import { traitsOf } from "../traits.js";
import { checkFile } from "./check-file.js";
import { exportsOf } from "./exports.js";
import type { Grammars } from "./grammars.js";
import { inertLines } from "./inert-lines.js";
import { askLines } from "./lines.js";
import type { Inspection, InspectRequest } from "./protocol.js";
import { findSecrets } from "./secrets/find-secrets.js";
import { askStructure, type Answers } from "./structure.js";

/** Answers one request with the parsers at hand: what all rules that look into a file say about it. */
export async function inspectFile(grammars: Grammars, request: InspectRequest): Promise<Inspection> {
  const { file, language, hashKey, options } = request;
  const text = file.text ?? shownLines(file);
  const secrets = await findSecrets(file.path, text, hashKey);
  const structure = language === null ? NOTHING : structureOf(grammars, language, text, request);
  const { matches, refused, removedExports, addedExports } = joined(
    askLines(text.split("\n"), request.lines),
    structure ?? NOTHING,
  );
  const { found, failed } = checkFile({ file, matches, secrets, options }, request.own);
  const problem = structure ? null : `this platform has no build of the ${language} parser`;
  const traits = traitsOf(file, options, structure?.inert);
  return { found, traits, secrets, searched: true, removedExports, addedExports, refused, failed, problem };
}

type Structure = Answers &
  Pick<Inspection, "removedExports" | "addedExports"> & { readonly inert: ReadonlySet<number> };

const NOTHING: Structure = { matches: [], refused: [], removedExports: [], addedExports: [], inert: new Set() };

function joined(lines: Answers, structure: Structure): Structure {
  return {
    ...structure,
    matches: [...lines.matches, ...structure.matches],
    refused: [...lines.refused, ...structure.refused],
  };
}

/** What the diff shows of the new file, each line at its number: enough for secrets and for rules about lines. */
function shownLines(file: ChangedFile): string {
  const lines: string[] = [];
  for (const { newLine, text } of file.hunks.flatMap((hunk) => hunk.lines)) {
    if (newLine === null) continue;
    while (lines.length < newLine - 1) lines.push("");
    lines.push(text);
  }
  return lines.join("\n");
}

function structureOf(
  grammars: Grammars,
  language: Language,
  text: string,
  { file, queries, exports }: InspectRequest,
): Structure | null {
  const root = grammars.parse(language, text);
  if (!root) return null;
  const answers = askStructure(root, text.split("\n"), queries);
  const inert = inertLines(root, language);
  if (!exports) return { ...NOTHING, ...answers, inert };
  const base = grammars.parse(language, file.baseText ?? "");
  const before = base ? exportsOf(language, base, file.path) : new Set<string>();
  const after = exportsOf(language, root, file.path);
  const removed = without(before, after).filter((name) => !isSpelledOut(name, text));
  return { ...answers, removedExports: removed, addedExports: without(after, before), inert };
}

function without(names: ReadonlySet<string>, others: ReadonlySet<string>): readonly string[] {
  return [...names].filter((name) => !others.has(name));
}

/** A star export gave way to names from the same place: whether all of them are there cannot be told from this file. */
function isSpelledOut(name: string, text: string): boolean {
  return name.startsWith("* from") && text.includes(name.slice("* ".length));
}
