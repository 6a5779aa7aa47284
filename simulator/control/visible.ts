import type { PullRequest } from "../organisation/conversation.js";
import { type OnNumber, pullNumbered } from "../organisation/changes/find.js";
import type { Organisation } from "../organisation/organisation.js";

/** All of the App's that people see on a pull request. */
export type Visible = ReturnType<typeof visibleOn>;

export function visibleIn(organisation: Organisation, input: OnNumber): Visible {
  return visibleOn(organisation, pullNumbered(organisation, input));
}

export function visibleOn({ app: { bot } }: Organisation, pull: PullRequest) {
  const checks = pull.repository.checkRuns.get(pull.headSha) ?? [];
  return {
    reviews: pull.reviews
      .filter(({ author }) => author === bot)
      .map(({ body, commitSha }) => ({ body: withoutMarkers(body), commitSha })),
    comments: pull.threads.flatMap(({ comments, resolved }) => {
      const [first] = comments;
      if (first?.author !== bot) return [];
      const { path, line, body, minimized } = first;
      return [{ path, line, rule: /`([a-z-/]+)`/.exec(body)?.[1], resolved, minimized }];
    }),
    checks: checks.map(({ name, status, conclusion, title, annotations }) => ({
      name,
      status,
      conclusion,
      title,
      annotations: annotations.map((each) => `${each.path}:${each.start_line} ${each.annotation_level} ${each.title}`),
    })),
    answers: pull.comments.filter(({ author }) => author === bot).map(({ body }) => withoutMarkers(body)),
    labels: pull.labels.map(({ name }) => name),
    reviewers: pull.requestedReviewers.map(({ login }) => login),
  };
}

/** Ids of the App's threads and of their first comments, for changes that are made to them. */
export function threadsIn(organisation: Organisation, input: OnNumber): readonly ThreadIds[] {
  const { bot } = organisation.app;
  return pullNumbered(organisation, input).threads.flatMap(({ id, comments: [first] }) =>
    first?.author === bot ? [{ thread: id, comment: first.id }] : [],
  );
}

export interface ThreadIds {
  readonly thread: number;
  readonly comment: number;
}

function withoutMarkers(body: string): string {
  return body.replaceAll(/\s*<!-- companyos:[^>]*-->|\u200b/g, "");
}
