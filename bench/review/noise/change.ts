import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Change, ChangedFile } from "../../../src/agents/code-review/change.js";
import type { DiffFile } from "../../../src/agents/code-review/diff/diff.js";
import { parseDiff } from "../../../src/agents/code-review/diff/parse-diff.js";
import { globs } from "../../../src/agents/glob.js";
import { fetchPackage } from "./fetch.js";
import type { PackageChange } from "./packages.js";

/** What changed between both versions, as a pull request with git's own diff of them. Built files are left out. */
export async function changeOf({ name, from, to, built }: PackageChange): Promise<Change> {
  const [before, after] = [await fetchPackage(name, from), await fetchPackage(name, to)];
  const isBuilt = globs(built);
  const { files, unreadLines } = parseDiff(diffOf(before, after));
  if (unreadLines.length > 0) throw new Error(`${name}: lines of git's diff were not read: ${unreadLines.join(", ")}`);
  return {
    pullRequest: { number: 1, title: `${name} ${to}`, body: "", linkedIssues: [] },
    files: files
      .map((file) => ({ ...file, path: relative(file.path, before, after) }))
      .filter(({ path }) => !isBuilt(path))
      .map((file) => withTexts(file, before, after)),
    lockfiles: [],
  };
}

/** `git diff --no-index` ends with 1 when there are differences. */
function diffOf(before: string, after: string): string {
  const git = spawnSync("git", ["-c", "core.quotePath=false", "diff", "--no-index", "--no-renames", before, after], {
    encoding: "utf8",
    maxBuffer: 1 << 30,
  });
  if (git.status !== 0 && git.status !== 1) throw new Error(`git diff: ${git.stderr}`);
  return git.stdout;
}

/** git names the files by their absolute paths, without the first slash. */
function relative(path: string, before: string, after: string): string {
  const folder = [before, after].map((root) => `${root.slice(1)}/`).find((root) => path.startsWith(root));
  if (folder === undefined) throw new Error(`git diff names a file outside of both packages: ${path}`);
  return path.slice(folder.length);
}

function withTexts(file: DiffFile, before: string, after: string): ChangedFile {
  const read = (root: string, gone: boolean) =>
    file.binary || gone ? null : readFileSync(join(root, file.path), "utf8");
  const text = read(after, file.status === "removed");
  return {
    ...file,
    text,
    baseText: read(before, file.status === "added"),
    size: text?.length ?? null,
    undisplayed: false,
  };
}
