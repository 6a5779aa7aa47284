import type { Language } from "../languages.js";
import { exportsOf } from "./exports.js";
import type { Grammars } from "./grammars.js";
import type { Inspection, InspectRequest } from "./protocol.js";
import { findSecrets } from "./secrets.js";
import { askStructure, type Answers } from "./structure.js";

/** Answers one request with the parsers at hand. */
export async function inspectFile(grammars: Grammars, request: InspectRequest): Promise<Inspection> {
  const { path, text, language, hashKey } = request;
  const secrets = await findSecrets(path, text, hashKey);
  if (language === null) return { matches: [], refused: [], removedExports: [], secrets, problem: null };
  const answers = structureOf(grammars, language, request);
  if (!answers) {
    const problem = `this platform has no build of the ${language} parser`;
    return { matches: [], refused: [], removedExports: [], secrets, problem };
  }
  return { ...answers, secrets, problem: null };
}

type Structure = Answers & Pick<Inspection, "removedExports">;

function structureOf(grammars: Grammars, language: Language, request: InspectRequest): Structure | null {
  const root = grammars.parse(language, request.text);
  if (!root) return null;
  const answers = askStructure(root, request.text.split("\n"), request.queries);
  const base = request.exports && request.baseText !== null ? grammars.parse(language, request.baseText) : null;
  if (!base) return { ...answers, removedExports: [] };
  const kept = exportsOf(language, root, request.path);
  return { ...answers, removedExports: [...exportsOf(language, base, request.path)].filter((name) => !kept.has(name)) };
}
