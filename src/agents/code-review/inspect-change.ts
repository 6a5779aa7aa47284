import { globs } from "../glob.js";
import type { CustomRule } from "../settings/custom-rule.js";
import type { ReviewSettings } from "../settings/review.js";
import type { Change, ChangedFile } from "./change.js";
import type { Inspector } from "./inspect/inspector.js";
import type { Inspection, InspectRequest, StructureQuery } from "./inspect/protocol.js";
import { languageOf } from "./languages.js";
import { isPublic } from "./rules/public-api-removed.js";
import { RULES } from "./rules/registry.js";
import type { Rule } from "./rules/rule.js";

/** Keys the hashes that fingerprints are made of; at least 32 characters, the same for all runs. */
export type FingerprintKey = string;

type Query = InspectRequest["queries"][number];

/** The questions of all rules that concern this file. */
function builtIn(path: string, { options }: ReviewSettings): readonly Query[] {
  return RULES.filter(({ concerns }: Rule) => concerns?.(path, options) ?? true).flatMap(({ id, queries }: Rule) =>
    (queries ?? []).map((query) => ({ rule: id, query })),
  );
}

/** Asks the parsers about every file; of one whose text was not read, what the diff shows is searched for secrets. */
export async function inspectChange(
  change: Change,
  settings: ReviewSettings,
  inspector: Inspector,
  hashKey: FingerprintKey,
): Promise<ReadonlyMap<string, Inspection>> {
  const custom = Object.entries(settings.customRules);
  const inspections = new Map<string, Inspection>();
  for (const file of change.files) {
    const request = requestFor(file, settings, custom);
    if (request) inspections.set(file.path, await inspector.inspect({ ...request, hashKey }));
  }
  return inspections;
}

function requestFor(
  file: ChangedFile,
  settings: ReviewSettings,
  custom: readonly (readonly [string, CustomRule])[],
): Omit<InspectRequest, "hashKey"> | null {
  if (file.binary || file.kind === "submodule") return null;
  const whole = file.text !== null || (file.status === "removed" && file.baseText !== null);
  const language = whole ? languageOf(file.path) : null;
  const own = custom.filter(([, { paths }]) => paths === undefined || globs(paths)(file.path));
  const queries = [...builtIn(file.path, settings), ...own.flatMap(([name, rule]) => queryOf(name, rule))];
  return {
    path: file.path,
    language,
    text: file.text ?? shownLines(file),
    baseText: file.baseText,
    queries: language === null ? [] : queries.filter(({ query }) => query.languages.includes(language)),
    lines: own.flatMap(([name, { line }]) => (line === undefined ? [] : [{ rule: customId(name), pattern: line }])),
    exports: isPublic(file, settings.options.publicApi) || file.path.endsWith(".go"),
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

/** What findings of a rule from the settings are called. */
export function customId(name: string): string {
  return `custom/${name}`;
}

function queryOf(name: string, { languages, pattern, rule, fix }: CustomRule): readonly Query[] {
  const looked = rule ?? (pattern === undefined ? null : { pattern });
  if (!looked || !languages) return [];
  const query: StructureQuery = { languages, rule: looked, ...(fix !== undefined && { fix }) };
  return [{ rule: customId(name), query }];
}
