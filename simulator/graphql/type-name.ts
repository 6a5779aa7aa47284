import { Blob, CommitIn, RefIn } from "./wrappers.js";
import { isNode } from "./types/nodes.js";

/** The name in the schema of a value that stands where several types can. */
export function typeNameOf(value: unknown): string | undefined {
  if (value instanceof CommitIn) return "Commit";
  if (value instanceof Blob) return "Blob";
  if (value instanceof RefIn) return "Ref";
  if (!isNode(value)) return undefined;
  switch (value.kind) {
    case "account":
      return value.type;
    case "team":
      return "Team";
    case "repository":
      return "Repository";
    case "label":
      return "Label";
    case "issue":
      return "Issue";
    case "pull":
      return "PullRequest";
    case "comment":
      return "IssueComment";
    case "review":
      return "PullRequestReview";
    case "review-comment":
      return "PullRequestReviewComment";
    case "thread":
      return "PullRequestReviewThread";
    case "deployment":
      return "Deployment";
    case "deployment-status":
      return "DeploymentStatus";
    case "release":
      return "Release";
    case "check-run":
      return "CheckRun";
    case "reaction":
      return "Reaction";
    case "commit":
    case "installation":
      return undefined;
  }
}
