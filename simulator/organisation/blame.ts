import { lineDiff } from "../../src/agents/code-review/diff/line-diff.js";
import { history } from "./git.js";
import type { Commit, Repository } from "./repository.js";

/** Lines that one commit wrote, by their numbers in the file as it is. */
export interface BlamedLines {
  readonly start: number;
  readonly end: number;
  readonly commit: Commit;
}

interface Version {
  readonly commit: Commit;
  readonly content: string;
}

/** Who wrote each line of a file at a commit, along the first parents. */
export function blame(repository: Repository, sha: string, path: string): readonly BlamedLines[] {
  let [content, authors]: [string, readonly Commit[]] = ["", []];
  for (const version of versions(repository, sha, path).toReversed()) {
    authors = attributed(content, version, authors);
    content = version.content;
  }
  const ranges: BlamedLines[] = [];
  for (const [index, commit] of authors.entries()) {
    const last = ranges.at(-1);
    const line = index + 1;
    if (last?.commit === commit) ranges[ranges.length - 1] = { ...last, end: line };
    else ranges.push({ start: line, end: line, commit });
  }
  return ranges;
}

/** The commits that made the file what it is, newest first, under whatever name it had. */
function versions(repository: Repository, sha: string, path: string): readonly Version[] {
  const found: Version[] = [];
  let name = path;
  for (const commit of history(repository, sha)) {
    const file = commit.files.find((each) => each.path === name);
    if (file === undefined) continue;
    if (file.content === null) break;
    found.push({ commit, content: file.content });
    name = file.previousPath ?? name;
  }
  return found;
}

function attributed(before: string, { commit, content }: Version, authors: readonly Commit[]): readonly Commit[] {
  const lines = lineDiff(before, content).flatMap((hunk) => hunk.lines);
  const added = new Set(lines.flatMap(({ newLine }) => newLine ?? []));
  const removed = new Set(lines.flatMap(({ oldLine }) => oldLine ?? []));
  const kept = authors.filter((_author, index) => !removed.has(index + 1));
  const count = content.split("\n").length - (content.endsWith("\n") ? 1 : 0);
  let next = 0;
  return Array.from({ length: count }, (_, index) => (added.has(index + 1) ? commit : (kept[next++] ?? commit)));
}
