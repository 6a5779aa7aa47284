import { z } from "zod";
import { GoneError, InvalidError } from "../errors.js";
import { DeploymentBody, deploymentFacts, DeploymentStatusBody, deploymentStatusFacts } from "../facts/deployment.js";
import type { Fact } from "../facts/fact.js";
import { IssueBody, issueFacts } from "../facts/issue.js";
import { IssueCommentBody, issueCommentFacts } from "../facts/issue-comment.js";
import { PullRequestBody, pullRequestFacts } from "../facts/pull-request.js";
import { ReleaseBody, releaseFacts } from "../facts/release.js";
import { RepositoryBody, repositoryFact } from "../facts/repository.js";
import { id } from "../facts/scalars.js";
import { ReviewBody, reviewFacts } from "../facts/review.js";
import type { Scope } from "../facts/scope.js";
import type { GitHubReader, RepositoryRef } from "../github/reader.js";

const repositoryId = id;
const number = z.number().int();

/** The row to read again. */
export const Subject = z.discriminatedUnion("entity", [
  z.object({ entity: z.literal("repository"), repositoryId }),
  z.object({ entity: z.literal("pull_request"), repositoryId, number }),
  z.object({ entity: z.literal("issue"), repositoryId, number, id }),
  z.object({ entity: z.literal("review"), repositoryId, pullRequestId: id, id }),
  z.object({ entity: z.literal("issue_comment"), repositoryId, number, id }),
  z.object({ entity: z.literal("deployment"), repositoryId, id }),
  z.object({ entity: z.literal("deployment_status"), repositoryId, deploymentId: id, id }),
  z.object({ entity: z.literal("release"), repositoryId, id }),
]);
export type Subject = z.infer<typeof Subject>;

/** The data that the read needs in addition to the subject. */
export interface Place {
  readonly ref: RepositoryRef;
  readonly scope: Scope;
  /** The number of a review's pull request. */
  readonly pullNumber: number | null;
}

/**
 * Reads the subject from GitHub.
 * @throws GoneError when it does not exist; InvalidError when the answer has an unexpected shape.
 */
export async function readSubject(github: GitHubReader, subject: Subject, place: Place): Promise<readonly Fact[]> {
  const { ref, scope } = place;
  switch (subject.entity) {
    case "repository":
      return [repositoryFact(parse(RepositoryBody, await github.repository(ref.id)), { observedAt: scope.observedAt })];
    case "pull_request":
      return pullRequestFacts(parse(PullRequestBody, await github.pullRequest(ref, subject.number)), scope);
    case "issue":
      return readIssue(github, subject, place);
    case "review":
      return readReview(github, subject.id, place);
    case "issue_comment":
      return issueCommentFacts(
        parse(IssueCommentBody, await github.issueComment(ref, BigInt(subject.id))),
        subject.number,
        scope,
      );
    case "deployment":
      return deploymentFacts(parse(DeploymentBody, await github.deployment(ref, BigInt(subject.id))), scope);
    case "deployment_status": {
      const body = await github.deploymentStatus(ref, BigInt(subject.deploymentId), BigInt(subject.id));
      return deploymentStatusFacts(parse(DeploymentStatusBody, body), subject.deploymentId, scope);
    }
    case "release":
      return releaseFacts(parse(ReleaseBody, await github.release(ref, BigInt(subject.id))), scope);
  }
}

/** GitHub answers for a transferred issue from its new repository, with another id: that is another row. */
async function readIssue(
  github: GitHubReader,
  subject: { readonly number: number; readonly id: number },
  { ref, scope }: Place,
): Promise<readonly Fact[]> {
  const body = parse(IssueBody, await github.issue(ref, subject.number));
  if (body.id !== subject.id) throw new GoneError("the issue was transferred");
  return issueFacts(body, scope);
}

/** The pull request is read first: its `updated_at` dates the review, and must not be later than the review's read. */
async function readReview(github: GitHubReader, reviewId: number, place: Place): Promise<readonly Fact[]> {
  const { ref, scope, pullNumber } = place;
  if (pullNumber === null) throw new InvalidError("the pull request of the review is not stored");
  const pull = parse(PullRequestBody, await github.pullRequest(ref, pullNumber));
  const review = parse(ReviewBody, await github.review(ref, pullNumber, BigInt(reviewId)));
  const reviewed = { id: pull.id, number: pull.number, updatedAt: pull.updated_at };
  return [...pullRequestFacts(pull, scope), ...reviewFacts(review, reviewed, scope)];
}

function parse<S extends z.ZodType>(schema: S, body: unknown): z.infer<S> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [problem] = parsed.error.issues;
  throw new InvalidError(`GitHub's answer has an unexpected shape: ${problem?.path.join(".")}: ${problem?.message}`);
}
