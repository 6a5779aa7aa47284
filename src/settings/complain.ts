import type { z } from "zod";
import { closest } from "./closest.js";
import type { SettingsProblem } from "./parse.js";

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** The schema's complaints in words for the people who wrote the file. One problem for each unknown setting. */
export function complain(
  issues: readonly Issue[],
  value: unknown,
  lineOf: (path: Path) => number,
  names: () => readonly string[],
): readonly SettingsProblem[] {
  return issues.flatMap((issue) => {
    const at = (path: Path, problem: string) => ({ line: lineOf(path), setting: path.map(String).join("."), problem });
    if (issue.code === "unrecognized_keys")
      return issue.keys.map((key) => at([...issue.path, key], unknownSetting(key, names())));
    if (issue.code === "invalid_key")
      return [at(issue.path, unknownSetting(String(issue.path.at(-1)), names(), hint(issue)))];
    if (issue.code === "invalid_union" && issue.errors.length > 0)
      return [at(issue.path, "has none of the forms that are allowed here")];
    return [at(issue.path, problemOf(issue, valueAt(value, issue.path)))];
  });
}

function unknownSetting(key: string, known: readonly string[], otherwise = ""): string {
  const near = closest(key, known);
  return near === null
    ? `there is no setting \`${key}\`${otherwise}`
    : `there is no setting \`${key}\`; did you mean \`${near}\`?`;
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
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
