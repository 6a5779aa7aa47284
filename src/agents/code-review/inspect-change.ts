import { globs } from "../glob.js";
import type { CustomRule } from "./settings/custom-rule.js";
import { optionsIn } from "./settings/level.js";
import type { ReviewSettings } from "./settings/settings.js";
import type { Change, ChangedFile } from "./change.js";
import type { Inspected, Inspector } from "./inspect/inspector.js";
import { type Inspection, type InspectRequest, type StructureQuery, unread } from "./inspect/protocol.js";
import { languageOf } from "./languages.js";
import { isPublic } from "./rules/public-api-removed.js";
import type { RuleOptions } from "./rules/options.js";
import { RULES } from "./rules/registry.js";
import type { Rule } from "./rules/rule.js";

/** The key of the hashes in fingerprints; at least 32 characters, the same for all runs. */
export type FingerprintKey = string;

type Query = InspectRequest["queries"][number];

/** The queries of all rules for this file. */
function builtIn(path: string, options: RuleOptions): readonly Query[] {
  return RULES.filter(({ concerns }: Rule) => concerns?.(path, options) ?? true).flatMap(({ id, queries }: Rule) =>
    (queries ?? []).map((query) => ({ rule: id, query })),
  );
}

/** The time for inspecting the files of one review (ms), because other reviews share the process. */
const MOST_MS = 60_000;
/** The further time in which remaining files are searched for secrets and checked by simple rules (ms). */
const MOST_CHEAP_MS = 20_000;

/**
 * Inspects every file; of a file without its text, the lines of the diff. Files beyond the time limit get a `problem`;
 * `carried` are reusable results of files that need no inspection.
 */
export async function inspectChange(
  change: Change,
  settings: ReviewSettings,
  inspector: Inspector,
  hashKey: FingerprintKey,
  carried: ReadonlyMap<string, Inspection> = new Map(),
): Promise<ReadonlyMap<string, Inspection>> {
  const custom = Object.entries(settings.customRules);
  const optionsFor = optionsIn(settings);
  const inspections = new Map(carried);
  let spentMs = 0;
  for (const file of change.files) {
    const request = carried.has(file.path) ? null : requestFor(file, optionsFor(file.path), custom);
    if (!request) continue;
    const { answer, tookMs } = await inspectWithin(spentMs, inspector, { ...request, hashKey });
    spentMs += tookMs;
    inspections.set(file.path, answer);
  }
  return inspections;
}

const OUT_OF_TIME = `the review reached its limit of ${MOST_MS / 1_000} s for reading`;

/** Completely while there is time, then without parser and custom expressions, then not at all. */
async function inspectWithin(spentMs: number, inspector: Inspector, request: InspectRequest): Promise<Inspected> {
  if (spentMs < MOST_MS) return inspector.inspect(request);
  if (spentMs >= MOST_MS + MOST_CHEAP_MS) return { answer: unread(OUT_OF_TIME), tookMs: 0 };
  const cheap = { language: null, queries: [], lines: [], own: [], exports: false };
  const { answer, tookMs } = await inspector.inspect({ ...request, ...cheap });
  const problem = answer.problem ?? `${OUT_OF_TIME}, so rules about structure did not run`;
  return { answer: { ...answer, problem }, tookMs };
}

function requestFor(
  file: ChangedFile,
  options: RuleOptions,
  custom: readonly (readonly [string, CustomRule])[],
): Omit<InspectRequest, "hashKey"> | null {
  if (file.binary || file.kind === "submodule") return null;
  const whole = file.text !== null || (file.status === "removed" && file.baseText !== null);
  const language = whole ? languageOf(file.path) : null;
  const own = custom.filter(([, { paths }]) => paths === undefined || globs(paths)(file.path));
  const queries = [...builtIn(file.path, options), ...own.flatMap(([name, rule]) => queryOf(name, rule))];
  return {
    file,
    language,
    queries: language === null ? [] : queries.filter(({ query }) => query.languages.includes(language)),
    lines: own.flatMap(([name, { line }]) => (line === undefined ? [] : [{ rule: customId(name), pattern: line }])),
    own: own.map(([name]) => customId(name)),
    exports: isPublic(file, options.publicApi) || file.path.endsWith(".go"),
    options,
  };
}

/** The rule id in findings of a custom rule. */
export function customId(name: string): string {
  return `custom/${name}`;
}

/** The query of a custom rule; none if it matches single lines. */
export function queryOf(name: string, { languages, pattern, rule, fix }: CustomRule): readonly Query[] {
  const looked = rule ?? (pattern === undefined ? null : { pattern });
  if (!looked || !languages) return [];
  const query: StructureQuery = { languages, rule: looked, ...(fix !== undefined && { fix }) };
  return [{ rule: customId(name), query }];
}
