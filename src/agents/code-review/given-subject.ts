import { parseCodeowners } from "./codeowners/parse.js";
import { givenChange, type GivenFile } from "./given.js";
import type { ReviewSubject } from "./subject.js";

/** The input of a review, for tests. */
export function givenSubject(files: readonly GivenFile[], more: Partial<ReviewSubject> = {}): ReviewSubject {
  return {
    repository: { id: 1n, owner: "acme", name: "app" },
    headSha: "abc",
    askedBy: null,
    skip: {
      state: "open",
      draft: false,
      author: "octocat",
      labels: ["risk: low"],
      paths: null,
      headSha: "abc",
      lastReviewedSha: null,
      onlyMerges: false,
      asked: false,
    },
    change: givenChange(files),
    carried: new Map(),
    mayResolveThreads: true,
    reviewStands: false,
    unlisted: 0,
    missing: [],
    lastCheck: null,
    known: [],
    ignoredRules: new Set(),
    records: [],
    reviewers: {
      codeowners: parseCodeowners("* @ann\n"),
      history: new Map(),
      openReviews: new Map(),
      involved: [],
      available: null,
    },
    authorEarlier: 3,
    rulesUrl: null,
    ...more,
  };
}
