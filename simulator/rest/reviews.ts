import { z } from "zod";
import { mayAccess } from "../auth/caller.js";
import { checkLine } from "../organisation/changes/review-comments.js";
import { ChangeRefused } from "../organisation/changes/find.js";
import type { Review } from "../organisation/conversation.js";
import type { Repository } from "../organisation/repository.js";
import { renderReview, renderReviewComment } from "../render/comment.js";
import { renderTeam } from "../render/conversation.js";
import { renderSimplePull } from "../render/pull.js";
import { renderUsers } from "../render/user.js";
import { failure, FORBIDDEN, NOT_FOUND, one, type Answer } from "../server/answer.js";
import { Answered, bodyOf, numberParam, type Call } from "../server/call.js";
import { page } from "../server/page.js";
import { repositoryRoutes } from "../server/repository-route.js";
import { by, inRepository, perform } from "./changes.js";
import { pullOf } from "./pulls.js";

const Line = z.object({
  path: z.string(),
  body: z.string(),
  line: z.number(),
  side: z.enum(["LEFT", "RIGHT"]).optional(),
  start_line: z.number().nullish(),
  start_side: z.string().nullish(),
});

const NewReview = z.object({
  commit_id: z.string().optional(),
  body: z.string().optional(),
  event: z.enum(["APPROVE", "REQUEST_CHANGES", "COMMENT"]),
  comments: z.array(Line).optional(),
});

const STATES = { APPROVE: "APPROVED", REQUEST_CHANGES: "CHANGES_REQUESTED", COMMENT: "COMMENTED" } as const;

function lineOf(line: z.infer<typeof Line>) {
  return {
    path: line.path,
    body: line.body,
    line: line.line,
    ...(line.side === undefined ? {} : { side: line.side }),
    ...(line.start_line === undefined || line.start_line === null ? {} : { startLine: line.start_line }),
  };
}

function createReview(call: Call, repository: Repository): Answer {
  const pull = pullOf(call, repository);
  const wanted = bodyOf(call, NewReview);
  const lines = (wanted.comments ?? []).map(lineOf);
  if ((wanted.body ?? "") === "" && lines.length === 0 && wanted.event !== "APPROVE")
    return failure(422, "Unprocessable Entity");
  if (
    wanted.commit_id !== undefined &&
    wanted.commit_id !== pull.headSha &&
    !repository.commits.has(wanted.commit_id)
  ) {
    return failure(422, "Unprocessable Entity", { errors: ["No commit found for SHA"] });
  }
  try {
    for (const line of lines) checkLine({ pull }, line);
  } catch (error) {
    if (error instanceof ChangeRefused) return failure(422, "Unprocessable Entity", { errors: [error.message] });
    throw error;
  }
  const review = perform(call, "submitReview", {
    ...inRepository(call, repository),
    number: pull.number,
    state: STATES[wanted.event],
    body: wanted.body ?? "",
    comments: lines,
    ...(wanted.commit_id === undefined ? {} : { commit: wanted.commit_id }),
  });
  return one("pull-request-review", renderReview(call.simulation.organisation, review));
}

function reviewIn(call: Call, repository: Repository): Review {
  const review = pullOf(call, repository).reviews.find((each) => each.id === numberParam(call, "review"));
  if (review === undefined) throw new Answered(NOT_FOUND);
  return review;
}

const Reviewers = z.object({
  reviewers: z.array(z.string()).optional(),
  team_reviewers: z.array(z.string()).optional(),
});

/** One name that is no collaborator's spoils the whole request. */
function canAllBeAsked(call: Call, repository: Repository, wanted: z.infer<typeof Reviewers>): boolean {
  const { accounts, teams } = call.simulation.organisation;
  const isCollaborator = (login: string) => {
    const role = repository.roles.get(accounts.get(login.toLowerCase())?.id ?? 0) ?? "none";
    return role !== "none";
  };
  return (
    (wanted.reviewers ?? []).every(isCollaborator) &&
    (wanted.team_reviewers ?? []).every((slug) => teams.some((team) => team.slug === slug))
  );
}

function setReviewers(call: Call, repository: Repository, change: "requestReviewer" | "unrequestReviewer"): Answer {
  const pull = pullOf(call, repository);
  const on = { ...inRepository(call, repository), number: pull.number };
  const wanted = bodyOf(call, Reviewers);
  const { caller } = call;
  if ((wanted.team_reviewers ?? []).length > 0 && caller.kind === "installation") {
    if (!mayAccess(caller.token.permissions, "members", "read")) return FORBIDDEN;
  }
  if (change === "requestReviewer" && !canAllBeAsked(call, repository, wanted))
    return failure(422, "Reviews may only be requested from collaborators.");
  for (const reviewer of wanted.reviewers ?? []) perform(call, change, { ...on, reviewer });
  for (const team of wanted.team_reviewers ?? []) perform(call, change, { ...on, team });
  const body = renderSimplePull(call.simulation.organisation.urls, pull);
  return one("pull-request-simple", body, change === "requestReviewer" ? 201 : 200);
}

const READ = ["pull_requests", "read"] as const;
const WRITE = ["pull_requests", "write"] as const;

export const reviewRoutes = repositoryRoutes([
  {
    method: "GET",
    path: "/pulls/:number/reviews",
    permission: READ,
    handle: (call, repository) =>
      page(call, "pull-request-review", pullOf(call, repository).reviews, (each) =>
        renderReview(call.simulation.organisation, each),
      ),
  },
  { method: "POST", path: "/pulls/:number/reviews", permission: WRITE, content: true, handle: createReview },
  {
    method: "GET",
    path: "/pulls/:number/reviews/:review",
    permission: READ,
    handle: (call, repository) =>
      one("pull-request-review", renderReview(call.simulation.organisation, reviewIn(call, repository))),
  },
  {
    method: "PUT",
    path: "/pulls/:number/reviews/:review",
    permission: WRITE,
    content: true,
    handle: (call, repository) => {
      const review = reviewIn(call, repository);
      const { body } = bodyOf(call, z.object({ body: z.string() }));
      perform(call, "editReview", { ...by(call), review: review.id, body });
      return one("pull-request-review", renderReview(call.simulation.organisation, review));
    },
  },
  {
    method: "PUT",
    path: "/pulls/:number/reviews/:review/dismissals",
    permission: WRITE,
    content: true,
    handle: (call, repository) => {
      const review = perform(call, "dismissReview", { ...by(call), review: reviewIn(call, repository).id });
      return one("pull-request-review", renderReview(call.simulation.organisation, review));
    },
  },
  {
    method: "GET",
    path: "/pulls/:number/reviews/:review/comments",
    permission: READ,
    handle: (call, repository) => {
      const review = reviewIn(call, repository);
      const comments = review.pull.threads
        .flatMap((thread) => thread.comments)
        .filter((each) => each.review === review);
      return page(call, "pull-request-review-comment", comments, (each) =>
        renderReviewComment(call.simulation.organisation, each),
      );
    },
  },
  {
    method: "GET",
    path: "/pulls/:number/requested_reviewers",
    permission: READ,
    handle: (call, repository) => {
      const pull = pullOf(call, repository);
      const { urls } = call.simulation.organisation;
      return one("pull-request-review-request", {
        users: renderUsers(urls, pull.requestedReviewers),
        teams: pull.requestedTeams.map((team) => renderTeam(urls, repository.owner, team)),
      });
    },
  },
  {
    method: "POST",
    path: "/pulls/:number/requested_reviewers",
    permission: WRITE,
    content: true,
    handle: (call, repository) => setReviewers(call, repository, "requestReviewer"),
  },
  {
    method: "DELETE",
    path: "/pulls/:number/requested_reviewers",
    permission: WRITE,
    handle: (call, repository) => setReviewers(call, repository, "unrequestReviewer"),
  },
]);
