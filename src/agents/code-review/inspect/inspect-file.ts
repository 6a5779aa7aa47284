import type { Language } from "../languages.js";
import { exportsOf } from "./exports.js";
import type { Grammars } from "./grammars.js";
import type { Inspection, InspectRequest } from "./protocol.js";
import { askLines } from "./lines.js";
import { findSecrets } from "./secrets.js";
import { askStructure, type Answers } from "./structure.js";

/** Answers one request with the parsers at hand. */
export async function inspectFile(grammars: Grammars, request: InspectRequest): Promise<Inspection> {
  const { path, text, language, hashKey } = request;
  const secrets = await findSecrets(path, text, hashKey);
  const inLines = askLines(text.split("\n"), request.lines);
  const nothing = { ...inLines, removedExports: [], addedExports: [], secrets, searched: true, problem: null };
  if (language === null) return nothing;
  const answers = structureOf(grammars, language, request);
  return answers
    ? { ...nothing, ...answers }
    : { ...nothing, problem: `this platform has no build of the ${language} parser` };
}

type Structure = Answers & Pick<Inspection, "removedExports" | "addedExports">;

function structureOf(grammars: Grammars, language: Language, request: InspectRequest): Structure | null {
  const root = grammars.parse(language, request.text);
  if (!root) return null;
  const answers = askStructure(root, request.text.split("\n"), request.queries);
  if (!request.exports) return { ...answers, removedExports: [], addedExports: [] };
  const base = grammars.parse(language, request.baseText ?? "");
  const before = base ? exportsOf(language, base, request.path) : new Set<string>();
  const after = exportsOf(language, root, request.path);
  return { ...answers, removedExports: without(before, after), addedExports: without(after, before) };
}

function without(names: ReadonlySet<string>, others: ReadonlySet<string>): readonly string[] {
  return [...names].filter((name) => !others.has(name));
}
