import { shown } from "../../organisation/account.js";
import type { Review, ReviewComment, ReviewThread } from "../../organisation/conversation.js";
import { generatedHead } from "../../organisation/git.js";
import { association, conversationHtml } from "../../render/conversation.js";
import { nodeId } from "../../render/node-id.js";
import { iso } from "../../render/time.js";
import { connectAll } from "../connection.js";
import { reactionsOf } from "./conversations.js";
import { define, ofKind } from "../define.js";
import { CommitIn } from "../wrappers.js";

export const review = define(ofKind<Review>("review"), {
  id: (source) => nodeId(source),
  databaseId: (source) => source.id,
  fullDatabaseId: (source) => String(source.id),
  author: (source) => shown(source.author),
  authorAssociation: (source) => association(source.pull.repository, source.author),
  body: (source) => source.body,
  bodyText: (source) => source.body,
  state: (source) => source.state,
  isMinimized: (source) => source.minimized !== null,
  minimizedReason: (source) => source.minimized?.toLowerCase() ?? null,
  submittedAt: (source) => iso(source.submittedAt),
  createdAt: (source) => iso(source.submittedAt),
  publishedAt: (source) => iso(source.submittedAt),
  updatedAt: (source) => iso(source.updatedAt),
  pullRequest: (source) => source.pull,
  repository: (source) => source.pull.repository,
  commit: (source) => {
    const { repository } = source.pull;
    // Generated pull requests do not hold the heads that they had.
    const commit = repository.commits.get(source.commitSha) ?? { ...generatedHead(source.pull), sha: source.commitSha };
    return new CommitIn(repository, commit);
  },
  comments: (source, args) =>
    connectAll(
      source.pull.threads.flatMap((thread) => thread.comments).filter((each) => each.review === source),
      args,
    ),
  url: (source, _args, { simulation }) =>
    `${conversationHtml(simulation.organisation.urls, source.pull)}#pullrequestreview-${source.id}`,
});

export const reviewComment = define(ofKind<ReviewComment>("review-comment"), {
  id: (source) => nodeId(source),
  databaseId: (source) => source.id,
  fullDatabaseId: (source) => String(source.id),
  author: (source) => shown(source.author),
  body: (source) => source.body,
  path: (source) => source.path,
  line: (source) => source.line,
  originalLine: (source) => source.line,
  startLine: (source) => source.startLine,
  diffHunk: (source) => source.diffHunk,
  outdated: (source) => source.thread.pull.headSha !== source.commitSha,
  isMinimized: (source) => source.minimized !== null,
  minimizedReason: (source) => source.minimized?.toLowerCase() ?? null,
  createdAt: (source) => iso(source.createdAt),
  updatedAt: (source) => iso(source.updatedAt),
  pullRequest: (source) => source.thread.pull,
  pullRequestReview: (source) => source.review,
  repository: (source) => source.thread.pull.repository,
  reactions: (source, args) => connectAll(reactionsOf(source.reactions, args), args),
  replyTo: (source) => source.thread.comments.find((each) => each.id === source.inReplyTo) ?? null,
  viewerDidAuthor: (source, _args, { caller }) => caller.kind === "installation" && source.viaApp,
  url: (source, _args, { simulation }) =>
    `${conversationHtml(simulation.organisation.urls, source.thread.pull)}#discussion_r${source.id}`,
});

export const thread = define(ofKind<ReviewThread>("thread"), {
  id: (source) => nodeId(source),
  isResolved: (source) => source.resolved,
  isCollapsed: (source) => source.resolved,
  isOutdated: (source) => source.comments[0]?.commitSha !== source.pull.headSha,
  resolvedBy: (source) => shown(source.resolvedBy),
  path: (source) => source.comments[0]?.path ?? "",
  line: (source) => source.comments[0]?.line ?? null,
  originalLine: (source) => source.comments[0]?.line ?? null,
  startLine: (source) => source.comments[0]?.startLine ?? null,
  diffSide: (source) => source.comments[0]?.side ?? "RIGHT",
  subjectType: () => "LINE",
  pullRequest: (source) => source.pull,
  repository: (source) => source.pull.repository,
  comments: (source, args) => connectAll(source.comments, args),
  viewerCanResolve: () => true,
});
