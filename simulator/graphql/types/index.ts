import { define, ofClass, type TypeResolver } from "../define.js";
import * as accounts from "./accounts.js";
import * as commits from "./commits.js";
import * as connections from "./connections.js";
import * as conversations from "./conversations.js";
import * as deployments from "./deployments.js";
import * as mutations from "./mutations.js";
import * as pulls from "./pulls.js";
import * as query from "./query.js";
import * as repositories from "./repositories.js";
import * as reviews from "./reviews.js";
import { Blob } from "../wrappers.js";

function isNamed(value: unknown): value is { readonly name: string } {
  return typeof value === "object" && value !== null && "name" in value;
}

const TYPES: { readonly [type: string]: TypeResolver } = {
  Query: query.query,
  Mutation: mutations.mutation,
  RateLimit: query.rateLimit,
  PageInfo: connections.pageInfo,
  User: accounts.user,
  Organization: accounts.organization,
  Bot: accounts.actor,
  Mannequin: accounts.actor,
  Team: accounts.team,
  Repository: repositories.repository,
  Language: define(isNamed, { name: (source) => source.name }),
  Blob: define(ofClass(Blob), {
    text: (source, _args, { simulation }) => {
      simulation.log.texts += 1;
      return source.text;
    },
    oid: (source) => source.oid,
    isBinary: (source) => source.isBinary,
    isTruncated: (source) => source.isTruncated,
    byteSize: (source) => Buffer.byteLength(source.content),
  }),
  PullRequest: pulls.pull,
  PullRequestCommit: pulls.pullCommit,
  PullRequestChangedFile: pulls.changedFile,
  ReviewRequest: pulls.reviewRequest,
  PullRequestReview: reviews.review,
  PullRequestReviewComment: reviews.reviewComment,
  PullRequestReviewThread: reviews.thread,
  Issue: conversations.issue,
  IssueComment: conversations.comment,
  Label: conversations.label,
  Reaction: conversations.reaction,
  Commit: commits.commit,
  Blame: commits.blameResolver,
  BlameRange: commits.blameRange,
  GitActor: commits.gitActor,
  Ref: commits.ref,
  Tree: commits.tree,
  StatusCheckRollup: commits.rollup,
  CheckRun: commits.checkRun,
  Deployment: deployments.deployment,
  DeploymentStatus: deployments.deploymentStatus,
  Release: deployments.release,
};

/** The resolvers of a type of the schema. */
export function resolverOf(type: string): TypeResolver | undefined {
  const own = TYPES[type];
  if (own !== undefined) return own;
  if (type.endsWith("Connection")) return connections.connection;
  if (type.endsWith("Edge")) return connections.edge;
  return type.endsWith("Payload") ? mutations.payload : undefined;
}
