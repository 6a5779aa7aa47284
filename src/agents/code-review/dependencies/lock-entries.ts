import type { ChangedFile } from "../change.js";
import { nameOf } from "../packages.js";

/** Ecosystems by the names that GitHub's advisories have for them. */
export const ECOSYSTEMS = ["npm", "pip", "go", "rust"] as const;
export type Ecosystem = (typeof ECOSYSTEMS)[number];

/** One version that a lockfile installs. */
export interface LockEntry {
  readonly ecosystem: Ecosystem;
  readonly name: string;
  readonly version: string;
  /** The line that states the version. */
  readonly line: number;
}

interface LockFormat {
  readonly files: RegExp;
  readonly ecosystem: Ecosystem;
  /** The line that names a package; its first group is the name, its second the version where the line has it. */
  readonly heading: RegExp;
  /** A line below it that states the version. */
  readonly version?: RegExp;
}

const FORMATS: readonly LockFormat[] = [
  {
    files: /^(?:package-lock|npm-shrinkwrap)\.json$/,
    ecosystem: "npm",
    heading: /^\s*"(?:[^"]*node_modules\/)?([^"]*)": \{/,
    version: /^\s*"version": "([^"]+)"/,
  },
  {
    files: /^pnpm-lock\.yaml$/,
    ecosystem: "npm",
    heading: /^ {2}['"]?\/?((?:@[^/@'"\s]+\/)?[^/@'"\s]+)[@/]([\w.+-]+)(?:\([^\s]*)?['"]?:/,
  },
  {
    files: /^yarn\.lock$/,
    ecosystem: "npm",
    heading: /^["']?((?:@[^/@"'\s]+\/)?[^/@"',\s]+)@[^\s].*:$/,
    version: /^ {2}version:? "?([\w.+-]+)"?$/,
  },
  {
    files: /^(?:poetry|uv|pdm)\.lock$/,
    ecosystem: "pip",
    heading: /^name = "([^"]+)"/,
    version: /^version = "([^"]+)"/,
  },
  { files: /^Pipfile\.lock$/, ecosystem: "pip", heading: /^ {8}"([^"]+)": \{/, version: /^\s*"version": "==([^"]+)"/ },
  {
    files: /^requirements[\w.-]*\.txt$/,
    ecosystem: "pip",
    heading: /^([A-Za-z0-9][\w.-]*)(?:\[[\w,-]*\])?==([\w.+!-]+)/,
  },
  { files: /^Cargo\.lock$/, ecosystem: "rust", heading: /^name = "([^"]+)"/, version: /^version = "([^"]+)"/ },
  { files: /^go\.mod$/, ecosystem: "go", heading: /^\s*(?:require\s+)?([\w.-]+\.[a-z]+[\w./~-]*)\s+v([\w.+-]+)/ },
];

/** Versions of one file that are compared with advisories. */
export const MOST_ENTRIES = 300;

/** Whether the file states exact versions. */
export function statesVersions(path: string): boolean {
  return FORMATS.some(({ files }) => files.test(nameOf(path)));
}

/** The versions that the change brings into a lockfile: new packages and other versions of known ones, each once. */
export function newEntries({
  path,
  text,
  baseText,
}: Pick<ChangedFile, "path" | "text" | "baseText">): readonly LockEntry[] {
  const format = FORMATS.find(({ files }) => files.test(nameOf(path)));
  if (!format || text === null) return [];
  const known = new Set(entriesIn(baseText ?? "", format).map(keyOf));
  const fresh = entriesIn(text, format).filter((entry) => !known.has(keyOf(entry)));
  return [...new Map(fresh.toReversed().map((entry) => [keyOf(entry), entry])).values()].toReversed();
}

function keyOf({ name, version }: LockEntry): string {
  return `${name}@${version}`;
}

/** Not a folder of the repository, and not the root, which has no name. */
const NPM_NAME = /^(?:@[^/]+\/)?[^/]+$/;

/** Longer lines name no package. */
const LONGEST_LINE = 500;

function entriesIn(text: string, { ecosystem, heading, version }: LockFormat): readonly LockEntry[] {
  const entries: LockEntry[] = [];
  let name: string | null = null;
  text.split("\n").forEach((raw, index) => {
    const line = raw.slice(0, LONGEST_LINE).replace(/\r$/, "");
    const [, heads, stated] = heading.exec(line) ?? [];
    if (heads !== undefined) name = ecosystem !== "npm" || NPM_NAME.test(heads) ? heads : null;
    const found = heads === undefined ? version?.exec(line)?.[1] : stated;
    if (name === null || found === undefined) return;
    entries.push({ ecosystem, name, version: found, line: index + 1 });
    name = null;
  });
  return entries;
}
