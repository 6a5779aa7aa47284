import { createHash } from "node:crypto";
import { z } from "zod";
import { canonicalJson } from "../../effects/intent.js";
import type { Change, PullRequestFacts } from "../../agents/code-review/change.js";
import { skipOf, type SkipFacts } from "../../agents/code-review/skip.js";
import { GoneError } from "../../errors.js";
import { compare, type Comparison, FILES_OF_A_COMPARISON, readFiles } from "../../github/review/comparison.js";
import { contentOf } from "../../github/review/listed-file.js";
import { findReading } from "../../store/reviews/readings.js";
import type { Said } from "../../text/say.js";
import { isYoung, readIfPossible } from "../failures.js";
import type { LastReview, ReviewFacts } from "./gather.js";
import { type Earlier, readChange, type ReadChange } from "./read-change.js";
import { parseReading } from "./stored-reading.js";

export interface Read extends ReadChange {
  readonly skip: SkipFacts;
  readonly forcePushed: boolean;
  readonly content: string | null;
  /** A digest of the facts beside the code: base, title, description, linked issues. */
  readonly about: string;
  /** This head was reviewed before, and is reviewed again because these facts have changed. */
  readonly judgedAgain: boolean;
}

/** Reads the change step by step, and stops at the first reason not to review. `missing`: what could not be read. */
export async function readAsNeeded(facts: ReviewFacts, by: string, missing: Said[]): Promise<Read> {
  const { pull, context, settings, last } = facts;
  const { client, repository, asked } = facts.run;
  const { number, title, head_sha: headSha } = pull;
  const pullRequest = { number, title, body: pull.body ?? "", linkedIssues: context.linkedIssues };
  const about = aboutOf(facts);
  const judgedAgain = last?.sha === headSha && (facts.silenced || isOther(last, about));
  const skip: SkipFacts = {
    state: pull.state,
    draft: pull.draft,
    author: pull.author_login,
    labels: pull.labels,
    paths: null,
    headSha: pull.head_repository_id === null ? null : headSha,
    lastReviewedSha: judgedAgain ? null : (last?.sha ?? null),
    onlyMerges: false,
    asked: asked.asked,
  };
  const nothing = { ...nothingOf(pullRequest), skip, forcePushed: false, content: null, about, judgedAgain };
  if (skipOf(skip, settings)) return nothing;
  const { comparison, unlisted } = await comparisonOf(facts);
  const since =
    last?.sha == null
      ? null
      : await readIfPossible(
          facts.run.context,
          () => compare(client, repository.ref, last.sha ?? "", headSha),
          () => null,
        );
  const forcePushed = last?.sha != null && !descends(since);
  const listed = unlisted === 0 && listsAll(comparison);
  const content = listed ? contentOf(comparison.files) : null;
  const same = content !== null && sameAs(last, content, by);
  const onlyMerges = same && last !== null && onlyMergesSince(since, last.sha, headSha);
  const known = { ...skip, paths: listed ? pathsOf(comparison) : null, onlyMerges };
  if (skipOf(known, settings)) return { ...nothing, skip: known, forcePushed, content };
  const wanted = settings.reviewers.count - pull.involved.length;
  const blame = settings.reviewers.propose && wanted > 0;
  const place = { repository: repository.ref, headSha, changedFiles: context.changedFiles, blame };
  const earlier = since && !judgedAgain && listed ? await earlierOf(facts, since, by) : null;
  const attempt = { client, context: facts.run.context, missing };
  const change = await readChange(attempt, place, comparison, pullRequest, settings, earlier);
  const read = { ...change, unlisted: change.unlisted + unlisted };
  const paths = read.unlisted > 0 ? null : read.change.files.map(({ path }) => path);
  return { ...read, skip: { ...known, paths }, forcePushed, content, about, judgedAgain };
}

/**
 * The files of the pull request. GitHub answers 404 to a comparison without a common ancestor. Then the pull request's
 * own file list is used, once the commits are old enough for GitHub to have them everywhere. Without that list all
 * files count as unlisted, and the check says so.
 */
async function comparisonOf({
  run,
  pull,
  context,
}: ReviewFacts): Promise<{ readonly comparison: Comparison; readonly unlisted: number }> {
  const { client, repository, context: job } = run;
  const { number, head_sha: headSha } = pull;
  const refused = () => "refused" as const;
  const compared = await readIfPossible(job, () => compare(client, repository.ref, context.baseSha, headSha), refused);
  if (compared !== null && compared !== "refused") return { comparison: compared, unlisted: 0 };
  if (compared === null && isYoung(job)) throw new GoneError(`the commits of #${number} cannot be compared`);
  const list = () => readFiles(client, repository.ref, number, context.changedFiles);
  const none = { files: [], left: Math.max(1, context.changedFiles) };
  const { files, left } = await readIfPossible(job, list, () => none);
  return {
    comparison: { status: "diverged", mergeBase: context.baseSha, commits: [], allCommits: false, files },
    unlisted: left,
  };
}

function nothingOf(pullRequest: PullRequestFacts): ReadChange {
  const change: Change = { pullRequest, files: [], lockfiles: [] };
  return { change, unlisted: 0, history: new Map(), carried: new Map(), identities: new Map() };
}

/**
 * The results that the last review read and that are still valid: from an ancestor commit, with the same settings and
 * rules. Null: none.
 */
async function earlierOf(facts: ReviewFacts, since: Comparison, by: string): Promise<Earlier | null> {
  const { pull, full } = facts;
  const { repository, context } = facts.run;
  if (full || !descends(since) || !listsAll(since)) return null;
  const scope = { installationId: repository.installationId, repositoryId: repository.ref.id, number: pull.number };
  const files = await findReading(context.store.sql, scope, by);
  const reading = files === null ? null : parseReading(files);
  const changed = since.files.flatMap(({ filename, previous_filename: before }) => [filename, before ?? filename]);
  return reading && { reading, changed: new Set(changed) };
}

function descends(since: Comparison | null): boolean {
  return since?.status === "ahead" || since?.status === "identical";
}

function listsAll({ files }: Comparison): boolean {
  return files.length < FILES_OF_A_COMPARISON;
}

function aboutOf({ pull, context }: ReviewFacts): string {
  const said = { base: pull.base_ref, title: pull.title, body: pull.body ?? "", issues: context.linkedIssues };
  return createHash("sha256").update(canonicalJson(said)).digest("hex");
}

const About = z.object({ about: z.string() });

/** Earlier versions stored no digest; their reviews count as unchanged. */
function isOther({ input }: LastReview, about: string): boolean {
  const before = About.safeParse(input).data;
  return before !== undefined && before.about !== about;
}

const Before = z.object({ content: z.string(), readBy: z.string() });

/** A merge commit can contain any change. Only the digest of the whole change shows that it added nothing else. */
function sameAs(last: LastReview | null, content: string, by: string): boolean {
  const before = Before.safeParse(last?.input).data;
  return before?.content === content && before.readBy === by;
}

/** Whether only merges lead from the last review's head to this one, along the first parents. */
function onlyMergesSince(since: Comparison | null, last: string | null, head: string): boolean {
  if (since?.status !== "ahead" || !since.allCommits) return false;
  const parentsOf = new Map(since.commits.map(({ sha, parents }) => [sha, parents]));
  let at = head;
  while (at !== last) {
    const [first, second] = parentsOf.get(at) ?? [];
    if (first === undefined || second === undefined) return false;
    at = first;
  }
  return true;
}

function pathsOf({ files }: Comparison): readonly string[] {
  return files.map(({ filename }) => filename);
}
