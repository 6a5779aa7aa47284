import { readFile } from "node:fs/promises";
import { Command } from "commander";
import { openInspector } from "../agents/code-review/inspect/child-process.js";
import { REVIEW } from "../agents/code-review/settings/settings.js";
import { type RuleSetting, ruleSettings } from "../agents/code-review/settings/rule-settings.js";
import { AGENTS, settingsSource } from "../runs/registry.js";
import { readLayer } from "../runs/settings/read-layers.js";
import type { Layer, SettingsProblem } from "../settings/parse.js";
import { sectionOf } from "../settings/section.js";
import { EXIT, UsageError } from "./failure.js";
import { renderTable } from "./table.js";

export function settingsCommand(): Command {
  const check = new Command("check")
    .description("check a settings file without GitHub and without a database, and show what each rule is set to")
    .argument("<file>", "a settings file, such as .github/companyos.yml")
    .option("--organisation <file>", "the settings file of the organisation's .github repository, which lies below it")
    .option("--json", "print the result as JSON")
    .action(checkFiles);
  return new Command("settings").description("work with .github/companyos.yml").addCommand(check);
}

interface Options {
  readonly organisation?: string;
  readonly json?: true;
}

interface Read {
  readonly file: string;
  readonly layer: Layer | null;
  readonly problems: readonly SettingsProblem[];
}

async function checkFiles(file: string, { organisation, json }: Options): Promise<void> {
  const inspector = openInspector();
  try {
    const { book, check } = settingsSource(AGENTS, { inspector });
    const read = async (path: string): Promise<Read> => ({
      file: path,
      ...(await readLayer({ book, check }, await textOf(path))),
    });
    const own = await read(file);
    const below = organisation === undefined ? null : await read(organisation);
    const files = below ? [below, own] : [own];
    const problems = files.flatMap((each) => each.problems.map((problem) => ({ file: each.file, ...problem })));
    const layers = files.map(({ layer }) => layer ?? {});
    const rules =
      problems.length > 0
        ? []
        : ruleSettings(sectionOf(book.merge(...layers), REVIEW), [
            ["organisation", below?.layer ?? {}],
            ["file", own.layer ?? {}],
          ]);
    const notes = notesOn(own.layer, below !== null);
    const text = problems.length > 0 ? problemsText(problems) : `No problems.\n${rulesText(rules)}${notesText(notes)}`;
    process.stdout.write(json ? `${JSON.stringify({ problems, rules, notes }, null, 2)}\n` : text);
    if (problems.length > 0) process.exitCode = EXIT.failed;
  } finally {
    await inspector.close();
  }
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
    throw new UsageError(`Cannot read ${path} (${code}). Give the path of a settings file.`);
  }
}

/** What the check could not take into account. */
function notesOn(layer: Layer | null, hasOrganisation: boolean): readonly string[] {
  const named = layer?.["_extends"];
  if (named !== undefined)
    return [`\`_extends\` was not followed: ${JSON.stringify(named)} is read from GitHub when the settings apply.`];
  return hasOrganisation ? [] : ["The organisation's file was not read. Give it with --organisation <file>."];
}

type Problem = SettingsProblem & { readonly file: string };

function problemsText(problems: readonly Problem[]): string {
  const lines = problems.map(
    ({ file, line, column, setting, problem }) =>
      `${file}:${line}:${column}: ${setting === "" ? "" : `${setting} `}${problem}\n`,
  );
  const count = `${problems.length} ${problems.length === 1 ? "problem" : "problems"}`;
  return `${lines.join("")}\n${count}. Until you fix ${problems.length === 1 ? "it" : "them"}, the last valid settings apply.\n`;
}

function rulesText(rules: readonly RuleSetting[]): string {
  const rows = rules.map(({ rule, paths, level, setBy, effect }) => [
    rule,
    paths.join(" "),
    level,
    setBy,
    effect === "none" ? "no rule has this name" : "",
  ]);
  const options = { columns: process.stdout.columns, optional: [1], compact: true };
  return `${renderTable(["rule", "paths", "level", "set by", ""], rows, options)}\n`;
}

function notesText(notes: readonly string[]): string {
  return notes.map((note) => `${note}\n`).join("");
}
