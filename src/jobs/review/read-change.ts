import type { RepositoryRef } from "../../domain.js";
import type { Change, ChangedFile, PullRequestFacts } from "../../agents/code-review/change.js";
import { lineDiff } from "../../agents/code-review/diff/line-diff.js";
import { isDocumentation } from "../../agents/code-review/file-role.js";
import { languageOf } from "../../agents/code-review/languages.js";
import { isLockfile } from "../../agents/code-review/packages.js";
import { globs } from "../../agents/glob.js";
import type { ReviewSettings } from "../../agents/settings/review.js";
import type { GitHubClient } from "../../github/client.js";
import { type Comparison, FILES_OF_A_COMPARISON, readFiles } from "../../github/review/comparison.js";
import { type Listed, listed } from "../../github/review/listed-file.js";
import { readTexts, type Texts, type TextRequest } from "../../github/review/texts.js";
import { readLockfiles } from "../../github/review/lockfiles.js";

/** Files whose texts are read; of more, only the diff is, and the review says so. */
const MOST_TEXTS = 300;

export interface ReadChange {
  readonly change: Change;
  /** Files that GitHub did not list at all. */
  readonly unlisted: number;
  /** By path: who wrote the file's last commits, by login. */
  readonly history: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

interface Place {
  readonly repository: RepositoryRef;
  readonly headSha: string;
  /** How many files GitHub counts. */
  readonly changedFiles: number;
}

/** Reads the change: its listing first, then the files on both sides; beyond what a listing shows, by their content. */
export async function readChange(
  client: GitHubClient,
  place: Place,
  comparison: Comparison,
  pullRequest: PullRequestFacts,
  settings: ReviewSettings,
): Promise<ReadChange> {
  const { files, left } = await listing(client, place, comparison, pullRequest.number);
  const ignored = globs(settings.ignore.paths);
  const wanted = files
    .filter(({ file }) => !ignored(file.path) && file.kind === "file")
    .toSorted((a, b) => importance(a) - importance(b))
    .slice(0, MOST_TEXTS);
  const commits = { head: place.headSha, base: comparison.mergeBase };
  const texts = await readTexts(client, place.repository, commits, wanted.map(request));
  const changed = files.map((each) => changedFile(each, texts.get(each.file.path)));
  const lockfiles = await lockfilesOf(client, place, changed);
  return {
    change: { pullRequest, files: changed, lockfiles },
    unlisted: left,
    history: new Map([...texts].map(([path, { writers }]) => [path, writers])),
  };
}

/** Where not all texts are read, those that rules about structure are for come first. */
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

/** What the listing did not show is found by comparing the two texts. */
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

/** Lockfiles matter to rules only where the change touches a manifest. */
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
