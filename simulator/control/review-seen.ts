import { type OnNumber, pullNumbered } from "../organisation/changes/find.js";
import type { Organisation } from "../organisation/organisation.js";

/** What is to be seen of the App's reviews. */
export interface ReviewSeen {
  readonly head: string;
  readonly reviews: number;
  readonly threads: number;
  /** Check runs on the head, and their annotations. */
  readonly checks: number;
  readonly annotations: number;
}

export function seenOf(organisation: Organisation, input: OnNumber): ReviewSeen {
  const pull = pullNumbered(organisation, input);
  const { bot } = organisation.app;
  const checks = pull.repository.checkRuns.get(pull.headSha) ?? [];
  return {
    head: pull.headSha,
    reviews: pull.reviews.filter(({ author }) => author === bot).length,
    threads: pull.threads.filter(({ comments }) => comments[0]?.author === bot).length,
    checks: checks.length,
    annotations: checks.reduce((sum, { annotations }) => sum + annotations.length, 0),
  };
}
