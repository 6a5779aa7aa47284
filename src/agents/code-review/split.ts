import type { ChangedFile } from "./change.js";
import { changedLineCount } from "./diff/lines.js";
import { isDocumentation } from "./file-role.js";
import { isLockfile, isManifest } from "./packages.js";

/** One pull request of a proposed split. */
export interface Part {
  readonly name: string;
  readonly files: readonly string[];
  readonly lines: number;
}

interface Sized {
  readonly path: string;
  readonly lines: number;
}

/**
 * Proposes a split: dependencies, documentation and workflows separately, the rest by folder. Parts under 5 % are
 * joined. Fewer than two parts: no proposal.
 */
export function proposeSplit(files: readonly ChangedFile[]): readonly Part[] {
  const sized = files.map((file) => ({ path: file.path, lines: changedLineCount(file) }));
  const code = sized.filter(({ path }) => kindOf(path) === "code");
  const root = commonFolder(code.map(({ path }) => path));
  const groups = new Map<string, Sized[]>();
  for (const file of sized) {
    const name = kindOf(file.path) === "code" ? folderBelow(root, file.path) : kindOf(file.path);
    groups.set(name, [...(groups.get(name) ?? []), file]);
  }
  const parts = [...groups].map(([name, members]) => ({
    name,
    files: members.map(({ path }) => path),
    lines: members.reduce((sum, { lines }) => sum + lines, 0),
  }));
  const merged = mergeSmall(parts.toSorted((a, b) => b.lines - a.lines));
  return merged.length < 2 ? [] : merged;
}

function kindOf(path: string): string {
  if (isLockfile(path) || isManifest(path)) return "dependencies";
  if (path.startsWith(".github/")) return "workflows";
  return isDocumentation(path) ? "documentation" : "code";
}

/** The common folder of all paths, with its slash. */
function commonFolder(paths: readonly string[]): string {
  const [first = "", ...others] = paths;
  const segments = first.split("/").slice(0, -1);
  while (segments.length > 0 && !others.every((path) => path.startsWith(`${segments.join("/")}/`))) segments.pop();
  return segments.length === 0 ? "" : `${segments.join("/")}/`;
}

/** `src/billing/…` under the root `src/` belongs to `src/billing/`; tests belong to the code they test. */
function folderBelow(root: string, path: string): string {
  const rest = path.slice(root.length).replace(/^(?:tests?|__tests__|specs?)\//, "");
  const next = rest.split("/");
  return next.length > 1 ? `${root}${next[0]}/` : root || "./";
}

function mergeSmall(parts: readonly Part[]): readonly Part[] {
  const total = parts.reduce((sum, { lines }) => sum + lines, 0);
  const [big, small] = [
    parts.filter(({ lines }) => lines >= total / 20),
    parts.filter(({ lines }) => lines < total / 20),
  ];
  if (small.length === 0) return big;
  const rest = {
    name: "the rest",
    files: small.flatMap(({ files }) => files),
    lines: small.reduce((sum, { lines }) => sum + lines, 0),
  };
  return [...big, rest];
}
