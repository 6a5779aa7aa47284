import { globs } from "../glob.js";
import { matchesLogin } from "../login-pattern.js";
import type { ReviewSettings } from "./settings/settings.js";
import { say, type Said } from "../../text/say.js";

/** The facts before any file is read. */
export interface SkipFacts {
  readonly state: "open" | "closed";
  readonly draft: boolean;
  /** Null: the account was deleted. */
  readonly author: string | null;
  readonly labels: readonly string[];
  /** Null: the list is not known yet. */
  readonly paths: readonly string[] | null;
  /** Null: the branch or its repository was deleted. */
  readonly headSha: string | null;
  readonly lastReviewedSha: string | null;
  /** Since the last review only the base branch was merged, and the change is the same. */
  readonly onlyMerges: boolean;
  /** A person requested this review by a command or a re-run: drafts and repetitions are reviewed then. */
  readonly asked: boolean;
}

/** A named reason not to review. `reason` is stored with the run and shown by the check. */
export interface SkipReason {
  readonly id: string;
  reason(facts: SkipFacts, settings: ReviewSettings): Said | null;
}

/** In order of precedence; the first that applies is used. */
export const SKIP_REASONS = [
  {
    id: "disabled",
    reason: (_facts, { enabled }) => (enabled ? null : say`reviews are switched off in the settings`),
  },
  { id: "closed", reason: ({ state }) => (state === "open" ? null : say`the pull request is closed`) },
  {
    id: "head-gone",
    reason: ({ headSha }) => (headSha === null ? say`the head branch or its repository is gone` : null),
  },
  {
    id: "draft",
    reason: ({ draft, asked }, { ignore }) => (draft && ignore.drafts && !asked ? say`it is a draft` : null),
  },
  { id: "ignored-author", reason: ignoredAuthor },
  { id: "ignored-label", reason: ignoredLabel },
  { id: "ignored-paths", reason: ignoredPaths },
  {
    id: "already-reviewed",
    reason: ({ headSha, lastReviewedSha, asked }) =>
      headSha === lastReviewedSha && !asked ? say`this head was reviewed` : null,
  },
  {
    id: "only-merges",
    reason: ({ onlyMerges, asked }) =>
      onlyMerges && !asked ? say`only the base branch was merged since the last review` : null,
  },
] as const satisfies readonly SkipReason[];
export type SkipId = (typeof SKIP_REASONS)[number]["id"];

export interface Skip {
  readonly id: SkipId;
  readonly reason: Said;
}

/** Why this pull request is not reviewed now; null: it is. */
export function skipOf(facts: SkipFacts, settings: ReviewSettings): Skip | null {
  for (const skip of SKIP_REASONS) {
    const reason = skip.reason(facts, settings);
    if (reason) return { id: skip.id, reason };
  }
  return null;
}

function ignoredAuthor({ author }: SkipFacts, { ignore }: ReviewSettings): Said | null {
  const isIgnored = author !== null && ignore.authors.some((pattern) => matchesLogin(pattern, author));
  return isIgnored ? say`the settings ignore pull requests of ${author}` : null;
}

function ignoredLabel({ labels }: SkipFacts, { ignore }: ReviewSettings): Said | null {
  const label = labels.find((name) => ignore.labels.some((ignored) => ignored.toLowerCase() === name.toLowerCase()));
  return label === undefined ? null : say`it has the label ${label}`;
}

function ignoredPaths({ paths }: SkipFacts, { ignore }: ReviewSettings): Said | null {
  if (paths === null || paths.length === 0) return null;
  return paths.every(globs(ignore.paths)) ? say`the settings ignore all files that it changes` : null;
}
