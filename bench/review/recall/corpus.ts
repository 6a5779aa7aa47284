import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { BOOK } from "../../../src/agents/code-review/given.js";
import type { Layer } from "../../../src/settings/parse.js";
import { type GivenFile, unmark } from "../../../src/agents/code-review/given.js";

/** A change with planted defects of one rule, or a decoy: what looks like one and is none. */
export interface Case {
  readonly rule: string;
  readonly path: string;
  /** Lines that a finding is expected on. `null`: one about the file, or about the pull request. None: a decoy. */
  readonly expected: readonly (number | null)[];
  readonly files: readonly GivenFile[];
  readonly lockfiles: readonly string[];
  readonly pullRequest: { readonly title?: string; readonly body?: string };
  readonly settings: Layer;
}

const FOLDER = join(import.meta.dirname, "corpus");

/**
 * The corpus: a file for each rule, made of sections. `##### path` begins a case, `##### decoy path` one without a
 * defect; `before`, `also path`, `lockfiles`, `title`, `body` and `settings` belong to the case above. `▶` marks a line,
 * `…×20 f(%);` stands for twenty of them, and `¦` splits what a scanner of this repository would take for a secret.
 */
export function readCorpus(): readonly Case[] {
  return readdirSync(FOLDER).flatMap((name) =>
    casesOf(basename(name, ".txt"), readFileSync(join(FOLDER, name), "utf8")),
  );
}

interface Section {
  readonly head: string;
  readonly body: string;
}

const OWN = /^(before$|also |lockfiles |title |body |settings )/;

function casesOf(rule: string, text: string): readonly Case[] {
  const sections = text
    .split(/^##### /m)
    .slice(1)
    .map(sectionOf);
  const groups: Section[][] = [];
  for (const section of sections) {
    if (OWN.test(section.head)) groups.at(-1)?.push(section);
    else groups.push([section]);
  }
  return groups.map(([first, ...rest]) => caseOf(rule, first ?? { head: "", body: "" }, rest));
}

function sectionOf(text: string): Section {
  const end = text.indexOf("\n");
  const body = text.slice(end + 1).replaceAll("¦", "");
  return {
    head: text.slice(0, end),
    body: body.replaceAll(/^(▶?)…×(\d+) (.*)$/gm, (_all, _mark, count, line) => repeat(Number(count), String(line))),
  };
}

function repeat(count: number, line: string): string {
  return Array.from({ length: count }, (_, index) => line.replaceAll("%", String(index))).join("\n");
}

function caseOf(rule: string, first: Section, rest: readonly Section[]): Case {
  const [, decoy, binary, path = "", size] = /^(decoy )?(binary )?(\S+)(?: (\d+))?$/.exec(first.head) ?? [];
  const { text, lines } = unmark(first.body);
  const before = rest.find(({ head }) => head === "before")?.body;
  const said = (name: string) => rest.find(({ head }) => head.startsWith(`${name} `))?.head.slice(name.length + 1);
  const file: GivenFile = {
    path,
    after: text,
    ...(before !== undefined && { before: unmark(before).text }),
    ...(binary !== undefined && { binary: true, size: Number(size) }),
  };
  const others = rest
    .filter(({ head }) => head.startsWith("also "))
    .map(({ head, body }) => ({ path: head.slice(5), after: body }));
  const [title, body] = [said("title"), said("body")];
  return {
    rule,
    path,
    expected: decoy === undefined ? (lines.length > 0 ? lines : [null]) : [],
    files: [file, ...others],
    lockfiles: said("lockfiles")?.split(" ") ?? [],
    pullRequest: { ...(title !== undefined && { title }), ...(body !== undefined && { body }) },
    settings: BOOK.parse(said("settings") ?? "").layer ?? {},
  };
}
