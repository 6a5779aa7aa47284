import type { SgNode } from "@ast-grep/napi";
import type { ChangedFile } from "../change.js";
import { MOST_ENTRIES, newEntries } from "../dependencies/lock-entries.js";
import type { Language } from "../languages.js";
import { RULES } from "../rules/registry.js";
import type { Rule } from "../rules/rule.js";
import { traitsOf } from "../traits.js";
import { checkFile } from "./check-file.js";
import { findInjections } from "./dataflow/injections.js";
import { exportsOf } from "./exports.js";
import type { Grammars } from "./grammars.js";
import { inertLines } from "./inert-lines.js";
import { askLines } from "./lines.js";
import type { Inspection, InspectRequest, StructureMatch } from "./protocol.js";
import { findSecrets } from "./secrets/find-secrets.js";
import { askStructure, type Answers } from "./structure.js";

/** Rules without a parser: cheap, and their findings are sent before the parser runs. */
const rules: readonly Rule[] = RULES;
const CHEAP = rules.filter(({ queries }) => queries === undefined);
const STRUCTURAL = rules.filter(({ queries }) => queries !== undefined);

/** The most secrets of one file whose positions are reported. With more, every line counts as possibly secret. */
const MOST_SECRETS = 1_000;

/**
 * Answers one request: the findings of all rules that inspect a file. `soFar` receives the results before each step
 * that may take long: custom expressions, then the parser.
 */
export async function inspectFile(
  grammars: Grammars,
  request: InspectRequest,
  soFar: (inspection: Inspection) => Promise<void>,
): Promise<Inspection> {
  const { file, language, hashKey, options } = request;
  const text = file.text ?? shownLines(file);
  const secrets = await findSecrets(file.path, text, hashKey);
  const facts = { file, matches: [], secrets, options };
  const cheap: Inspection = {
    ...checkFile(facts, [], CHEAP),
    traits: traitsOf(file, options),
    secrets: secrets.slice(0, MOST_SECRETS),
    searched: secrets.length <= MOST_SECRETS,
    removedExports: [],
    addedExports: [],
    packages: newEntries(file).slice(0, MOST_ENTRIES),
    refused: [],
    problem: null,
  };
  const asked = askedBy(request);
  if (asked.lines.length > 0) await soFar(cheap);
  const lines = askLines(text.split("\n"), request.lines);
  const known = joined(cheap, lines, checkFile({ ...facts, matches: lines.matches }, asked.lines, []));
  if (language === null) return joined(known, NOTHING, checkFile(facts, asked.structure, STRUCTURAL));
  await soFar(known);
  const structure = structureOf(grammars, language, text, request);
  const { matches, removedExports, addedExports, inert, unfollowed } = structure ?? NOTHING;
  const checked = checkFile({ ...facts, matches }, asked.structure, STRUCTURAL);
  return {
    ...joined(known, structure ?? NOTHING, { ...checked, failed: [...checked.failed, ...unfollowed] }),
    traits: traitsOf(file, options, structure ? inert : undefined),
    removedExports,
    addedExports,
    problem: structure ? null : `the ${language} parser is not available on this platform`,
  };
}

/** The custom rules by kind: single lines, or the parser. */
function askedBy({ own, lines }: InspectRequest) {
  const byLine = new Set(lines.map(({ rule }) => rule));
  return { lines: own.filter((id) => byLine.has(id)), structure: own.filter((id) => !byLine.has(id)) };
}

type Checked = Pick<Inspection, "found" | "more" | "failed">;

function joined(
  known: Inspection,
  { refused }: Pick<Answers, "refused">,
  { found, more, failed }: Checked,
): Inspection {
  return {
    ...known,
    found: [...known.found, ...found],
    more: [...known.more, ...more],
    failed: [...known.failed, ...failed],
    refused: [...known.refused, ...refused],
  };
}

type Structure = Answers &
  Pick<Inspection, "removedExports" | "addedExports"> & {
    readonly inert: ReadonlySet<number>;
    readonly unfollowed: readonly string[];
  };

const NOTHING: Structure = {
  matches: [],
  refused: [],
  removedExports: [],
  addedExports: [],
  inert: new Set(),
  unfollowed: [],
};

/** The diff's lines of the new file at their numbers: enough for secrets and for rules about lines. */
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
  const asked = askStructure(root, text.split("\n"), queries);
  const { injections, unfollowed } = injectionsIn(root, language);
  const answers = { ...asked, matches: [...asked.matches, ...injections], unfollowed };
  const inert = inertLines(root, language);
  if (!exports) return { ...NOTHING, ...answers, inert };
  const base = grammars.parse(language, file.baseText ?? "");
  const before = base ? exportsOf(language, base, file.path) : new Set<string>();
  const after = exportsOf(language, root, file.path);
  const removed = without(before, after).filter((name) => !isSpelledOut(name, text));
  return { ...answers, removedExports: removed, addedExports: without(after, before), inert };
}

/** An unexpected failure is reported, and the other rules continue. */
function injectionsIn(
  root: SgNode,
  language: Language,
): { readonly injections: readonly StructureMatch[]; readonly unfollowed: readonly string[] } {
  try {
    return { injections: findInjections(root, language), unfollowed: [] };
  } catch {
    return { injections: [], unfollowed: ["sql-injection", "shell-injection"] };
  }
}

function without(names: ReadonlySet<string>, others: ReadonlySet<string>): readonly string[] {
  return [...names].filter((name) => !others.has(name));
}

/** A star export was replaced by names from the same source; this file does not show whether all of them remain. */
function isSpelledOut(name: string, text: string): boolean {
  return name.startsWith("* from") && text.includes(name.slice("* ".length));
}
