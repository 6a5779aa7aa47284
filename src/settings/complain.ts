import type { z } from "zod";
import { cut } from "../text/cut.js";
import { closest } from "./closest.js";
import type { SettingsProblem } from "./parse.js";
import type { PositionOf } from "./position.js";

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** The most listed problems. Unknown settings have a lower limit, because another app's file consists of them. */
export const MOST_LISTED = 20;
const MOST_UNKNOWN = 5;

/** The schema's errors in words for the authors of the file: the first ones, and the number of others. */
export function complain(
  issues: readonly Issue[],
  value: unknown,
  positionOf: PositionOf,
  names: () => readonly string[],
): { readonly listed: readonly SettingsProblem[]; readonly more: number } {
  const each = issues.flatMap((issue): readonly Issue[] =>
    issue.code === "unrecognized_keys" ? issue.keys.map((key) => ({ ...issue, keys: [key] })) : [issue],
  );
  const isUnknown = ({ code }: Issue): boolean => code === "unrecognized_keys" || code === "invalid_key";
  const unknown = each.filter(isUnknown).slice(0, MOST_UNKNOWN);
  const others = each.filter((issue) => !isUnknown(issue)).slice(0, MOST_LISTED - unknown.length);
  const listed = [...others, ...unknown].map((issue) => problem(issue, { value, positionOf, names }));
  return { listed, more: each.length - listed.length };
}

/** The most characters shown of a setting's name. */
const LONGEST_NAME = 200;

interface File {
  readonly value: unknown;
  readonly positionOf: PositionOf;
  /** Every name that may be a key. */
  names(): readonly string[];
}

function problem(issue: Issue, { value, positionOf, names }: File): SettingsProblem {
  const at = (path: Path, text: string) => ({
    ...positionOf(path),
    setting: cut(path.map(String).join("."), LONGEST_NAME),
    problem: text,
  });
  if (issue.code === "unrecognized_keys") {
    const [key = ""] = issue.keys;
    return at([...issue.path, key], unknownSetting(key, names()));
  }
  if (issue.code === "invalid_key")
    return at(issue.path, unknownSetting(String(issue.path.at(-1)), names(), hint(issue)));
  if (issue.code === "invalid_union" && issue.errors.length > 0) return at(issue.path, "has none of the allowed forms");
  return at(issue.path, problemOf(issue, valueAt(value, issue.path)));
}

function unknownSetting(key: string, known: readonly string[], otherwise = ""): string {
  const near = closest(key, known);
  return near === null
    ? `unknown setting \`${cut(key, 60)}\`${otherwise}`
    : `unknown setting \`${cut(key, 60)}\`; did you mean \`${near}\`?`;
}

function hint(issue: Extract<Issue, { code: "invalid_key" }>): string {
  const [first] = issue.issues;
  return first?.code === "invalid_format" ? ` (${first.message})` : "";
}

function problemOf(issue: Issue, found: unknown): string {
  if (issue.code === "invalid_value") return `is ${shown(found)}, must be one of ${issue.values.map(shown).join(", ")}`;
  if (issue.code === "invalid_type")
    return `is ${shown(found)}, must be ${issue.expected === "int" ? "a whole number" : `of type ${issue.expected}`}`;
  if (issue.code === "too_big") return `is ${shown(found)}, must be at most ${issue.maximum}`;
  return issue.code === "too_small" ? `is ${shown(found)}, must be at least ${issue.minimum}` : issue.message;
}

function valueAt(value: unknown, path: Path): unknown {
  let at: unknown = value;
  for (const key of path)
    at = typeof at === "object" && at !== null ? new Map(Object.entries(at)).get(String(key)) : undefined;
  return at;
}

function shown(value: unknown): string {
  if (value === undefined) return "missing";
  const text = typeof value === "string" ? `"${value}"` : JSON.stringify(value);
  return text.length > 60 ? `${cut(text, 60)}…` : text;
}
