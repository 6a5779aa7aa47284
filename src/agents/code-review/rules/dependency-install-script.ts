import { say } from "../../../text/say.js";
import type { ChangedFile } from "../change.js";
import { addedNumbers } from "../diff/lines.js";
import { nameOf } from "../packages.js";
import type { Match } from "./match.js";
import type { Rule } from "./rule.js";

interface LockFormat {
  readonly names: readonly string[];
  /** The line that declares an install script. */
  readonly flag: RegExp;
  /** The line above it that names the package. */
  readonly heading: RegExp;
}

const FORMATS: readonly LockFormat[] = [
  {
    names: ["package-lock.json", "npm-shrinkwrap.json"],
    flag: /^\s*"hasInstallScript": true/,
    heading: /^\s*"(?:.*node_modules\/)?((?:@[^/"]+\/)?[^/"]+)": \{/,
  },
  { names: ["pnpm-lock.yaml"], flag: /^\s+requiresBuild: true/, heading: /^ {2}['"]?\/?(@?[^@'":\s]+)[^\s]*:$/ },
];

/** A new package in a lockfile that runs a script at install time. */
export const dependencyInstallScript: Rule<"dependency-install-script"> = {
  id: "dependency-install-script",
  severity: "warning",
  why: "Its install script runs on every machine that installs it, with full rights, which is how hijacked packages usually attack.",
  inFile: ({ file }) => {
    const format = FORMATS.find(({ names }) => names.includes(nameOf(file.path)));
    return format ? complaints(file, format) : [];
  },
};

function complaints(file: ChangedFile, { flag, heading }: LockFormat): readonly Match[] {
  const added = addedNumbers(file);
  const matches: Match[] = [];
  let name = "";
  for (const { text, line } of newSide(file)) {
    name = heading.exec(text)?.[1] ?? name;
    if (flag.test(text) && added.has(line))
      matches.push({ path: file.path, line, says: say`${name} runs a script when it is installed.` });
  }
  return matches;
}

/** The file's lines; of a file that is too long to read, the lines of the diff. */
function newSide(file: ChangedFile): readonly { readonly text: string; readonly line: number }[] {
  if (file.text !== null) return file.text.split("\n").map((text, index) => ({ text, line: index + 1 }));
  return file.hunks.flatMap(({ lines }) =>
    lines.flatMap(({ text, newLine }) => (newLine === null ? [] : [{ text, line: newLine }])),
  );
}
