import { setImmediate as turn } from "node:timers/promises";
import type { RepositoryRef } from "../../domain.js";
import type { Change, ChangedFile, PullRequestFacts } from "../../agents/code-review/change.js";
import { lineDiff } from "../../agents/code-review/diff/line-diff.js";
import { touchedLines } from "../../agents/code-review/diff/lines.js";
import { isDocumentation } from "../../agents/code-review/file-role.js";
import type { Inspection } from "../../agents/code-review/inspect/protocol.js";
import { languageOf } from "../../agents/code-review/languages.js";
import { isLockfile } from "../../agents/code-review/packages.js";
import { globs } from "../../agents/glob.js";
import type { ReviewSettings } from "../../agents/code-review/settings/settings.js";
import type { GitHubClient } from "../../github/client.js";
import type { BlameRequest } from "../../github/review/blame.js";
import { type Comparison, FILES_OF_A_COMPARISON, readFiles } from "../../github/review/comparison.js";
import { type Listed, listed } from "../../github/review/listed-file.js";
import { readTexts, type Texts, type TextRequest } from "../../github/review/texts.js";
import { readLockfiles } from "../../github/review/lockfiles.js";
import type { JobContext } from "../../jobs/job.js";
import { type Said, say } from "../../text/say.js";
import { readIfPossible } from "../failures.js";
import type { Reading } from "./stored-reading.js";

/** The most files whose texts are read. Of the others only the diff is read, and the review says so. */
const MOST_TEXTS = 300;
/** The most files whose authors are read by blame, which GitHub computes for each request. */
const MOST_BLAMED = 10;

export interface ReadChange {
  readonly change: Change;
  /** Files that GitHub did not list at all. */
  readonly unlisted: number;
  /** By path before the change: how many of the changed lines each login wrote. */
  readonly history: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** By path: findings of an earlier review in unchanged files, which are not read again. */
  readonly carried: ReadonlyMap<string, Inspection>;
  /** By path: a digest that shows the next review whether the file has changed. */
  readonly identities: ReadonlyMap<string, string>;
}

/** The reusable results of an earlier review of the same change. */
export interface Earlier {
  readonly reading: Reading;
  /** Paths that differ between its head and the present head. */
  readonly changed: ReadonlySet<string>;
}

/** The client for the reads, and the list of data that could not be read. */
interface Attempt {
  readonly client: GitHubClient;
  readonly context: Pick<JobContext, "tries" | "lagPassed">;
  readonly missing: Said[];
}

interface Place {
  readonly repository: RepositoryRef;
  readonly headSha: string;
  /** The number of files according to GitHub. */
  readonly changedFiles: number;
  /** Whether blame is read. */
  readonly blame: boolean;
}

/**
 * Reads the change: the file list first, then both sides of each file, except unchanged files of an earlier review.
 * What the list does not show is read by content.
 */
export async function readChange(
  { client, context, missing }: Attempt,
  place: Place,
  comparison: Comparison,
  pullRequest: PullRequestFacts,
  settings: ReviewSettings,
  earlier: Earlier | null,
): Promise<ReadChange> {
  const { files, left } = await listing(client, place, comparison, pullRequest.number);
  const carried = carriedOf(files, earlier);
  const ignored = globs(settings.ignore.paths);
  const read = files.filter(({ file }) => !ignored(file.path) && file.kind === "file");
  const wanted = read
    .filter(({ file }) => !carried.has(file.path))
    .toSorted((a, b) => importance(a) - importance(b))
    .slice(0, MOST_TEXTS);
  const commits = { head: place.headSha, base: comparison.mergeBase };
  const blamed = place.blame ? blamesFor(read) : [];
  const { texts, writers } = await readIfPossible(
    context,
    () => readTexts(client, place.repository, commits, wanted.map(request), blamed),
    (reason) => {
      missing.push(say`the files could not be read: ${reason}`);
      return { texts: new Map<string, Texts>(), writers: new Map<string, ReadonlyMap<string, number>>() };
    },
  );
  const changed: ChangedFile[] = [];
  for (const each of files) {
    // Parsing may take a while and there may be hundreds of files, so other work gets its turn in between.
    if (each.unshown) await turn();
    changed.push(changedFile(each, texts.get(each.file.path)));
  }
  const lockfiles = await readIfPossible(
    context,
    () => lockfilesOf(client, place, changed),
    (reason) => {
      missing.push(say`which lockfiles are there could not be read: ${reason}`);
      return [];
    },
  );
  return {
    change: { pullRequest, files: changed, lockfiles },
    unlisted: left,
    history: writers,
    carried,
    identities: new Map(files.flatMap(({ file, identity }) => (identity === null ? [] : [[file.path, identity]]))),
  };
}

function carriedOf(files: readonly Listed[], earlier: Earlier | null): ReadonlyMap<string, Inspection> {
  const carried = new Map<string, Inspection>();
  if (!earlier) return carried;
  for (const { file, identity } of files) {
    const known = earlier.reading.get(file.path);
    const moved = earlier.changed.has(file.path) || earlier.changed.has(file.previousPath ?? file.path);
    if (known && !moved && known.identity === identity) carried.set(file.path, known.inspection);
  }
  return carried;
}

/** The files to blame: those with the most changed lines. */
function blamesFor(files: readonly Listed[]): readonly BlameRequest[] {
  return files
    .filter(({ file }) => file.status !== "added" && !isLockfile(file.path))
    .map(({ file }) => ({ path: file.previousPath ?? file.path, lines: touchedLines(file) }))
    .filter(({ lines }) => lines.length > 0)
    .toSorted((a, b) => b.lines.length - a.lines.length)
    .slice(0, MOST_BLAMED);
}

/** If not all texts are read, files with structural rules come first. */
function importance({ file: { path } }: Listed): number {
  if (languageOf(path) !== null) return 0;
  return isDocumentation(path) ? 2 : 1;
}

async function listing(
  client: GitHubClient,
  { repository, changedFiles }: Place,
  { files }: Comparison,
  number: number,
): Promise<{ readonly files: readonly Listed[]; readonly left: number }> {
  if (files.length < FILES_OF_A_COMPARISON) return { files: files.map(listed), left: 0 };
  const more = await readFiles(client, repository, number, changedFiles);
  return { files: more.files.map(listed), left: more.left };
}

function request({ file }: Listed): TextRequest {
  const { path, previousPath, status } = file;
  return {
    path,
    head: status === "removed" ? null : path,
    base: status === "added" ? null : (previousPath ?? path),
  };
}

/** For a file without a diff in the list, the two texts are compared. */
function changedFile({ file, unshown }: Listed, texts: Texts | undefined): ChangedFile {
  const { head = null, base = null } = texts ?? {};
  const binary = (head?.binary ?? false) || (base?.binary ?? false);
  const known = texts !== undefined && !binary && isWhole(file, head, base);
  const hunks = unshown && known ? lineDiff(base?.text ?? "", head?.text ?? "") : file.hunks;
  return {
    ...file,
    binary,
    hunks: binary ? [] : hunks,
    truncated: file.truncated || (unshown && !known && !binary),
    text: head?.text ?? null,
    baseText: base?.text ?? null,
    size: head?.size ?? null,
    undisplayed: unshown,
  };
}

function isWhole({ status }: Listed["file"], head: Texts["head"], base: Texts["base"]): boolean {
  return (status === "removed" || head?.text != null) && (status === "added" || base?.text != null);
}

/** Rules use lockfiles only when the change touches a manifest. */
async function lockfilesOf(
  client: GitHubClient,
  { repository, headSha }: Place,
  files: readonly ChangedFile[],
): Promise<readonly string[]> {
  const changed = files.filter(({ path, status }) => isLockfile(path) && status !== "removed").map(({ path }) => path);
  const found = await readLockfiles(
    client,
    repository,
    headSha,
    files.map(({ path }) => path),
  );
  return [...new Set([...changed, ...found])];
}
