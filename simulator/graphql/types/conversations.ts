import { allShown, shown } from "../../organisation/account.js";
import type { Comment, Conversation, Issue, Label, PullRequest, Reaction } from "../../organisation/conversation.js";
import { association, conversationHtml } from "../../render/conversation.js";
import { nodeId } from "../../render/node-id.js";
import { iso, isoOrNull } from "../../render/time.js";
import { connect, connectAll } from "../connection.js";
import { define, ofKind, type Fields } from "../define.js";
import { dated, orderByOf, sorted } from "../order.js";

/** Those of one content where the query names one. */
export function reactionsOf(reactions: readonly Reaction[], args: Readonly<Record<string, unknown>>) {
  return reactions.filter(
    ({ content }) => args["content"] === undefined || REACTION_NAMES[content] === args["content"],
  );
}

/** What Issue and PullRequest have in common. */
export const conversation: Fields<Issue | PullRequest> = {
  id: (source) => nodeId(source),
  databaseId: (source) => source.id,
  fullDatabaseId: (source) => String(source.id),
  number: (source) => source.number,
  title: (source) => source.title,
  body: (source) => source.body ?? "",
  bodyText: (source) => source.body ?? "",
  author: (source) => shown(source.author),
  authorAssociation: (source) => association(source.repository, source.author),
  closed: (source) => source.state === "closed",
  locked: (source) => source.locked,
  activeLockReason: () => null,
  createdAt: (source) => iso(source.createdAt),
  updatedAt: (source) => iso(source.updatedAt),
  closedAt: (source) => isoOrNull(source.closedAt),
  publishedAt: (source) => iso(source.createdAt),
  milestone: () => null,
  repository: (source) => source.repository,
  url: (source, _args, { simulation }) => conversationHtml(simulation.organisation.urls, source),
  labels: (source, args) => connectAll(source.labels, args),
  // A `UserConnection`: bots are among `assignedActors` only.
  assignees: (source, args) => connectAll(allShown(source.assignees.filter(({ type }) => type === "User")), args),
  assignedActors: (source, args) => connectAll(allShown(source.assignees), args),
  reactions: (source, args) => connectAll(reactionsOf(source.reactions, args), args),
  comments: (source, args) => {
    const order = dated<Comment>(orderByOf(args, { field: "CREATED_AT", descending: false }));
    return connect(sorted(source.comments, order), args, order);
  },
  participants: (source, args) =>
    connectAll(allShown([...new Set([source.author, ...source.comments.map((each) => each.author)])]), args),
};

export function closingPulls(issue: Conversation): PullRequest[] {
  return [...issue.repository.pulls.values()].filter((pull) => pull.closes.includes(issue.number));
}

export const issue = define(ofKind<Issue>("issue"), {
  ...conversation,
  state: (source) => (source.state === "open" ? "OPEN" : "CLOSED"),
  stateReason: (source) => source.stateReason?.toUpperCase() ?? null,
  isPinned: () => false,
  closedByPullRequestsReferences: (source, args) => connectAll(closingPulls(source), args),
});

export const comment = define(ofKind<Comment>("comment"), {
  id: (source) => nodeId(source),
  databaseId: (source) => source.id,
  fullDatabaseId: (source) => String(source.id),
  body: (source) => source.body,
  bodyText: (source) => source.body,
  author: (source) => shown(source.author),
  authorAssociation: (source) => association(source.on.repository, source.author),
  createdAt: (source) => iso(source.createdAt),
  updatedAt: (source) => iso(source.updatedAt),
  lastEditedAt: (source) => (source.updatedAt === source.createdAt ? null : iso(source.updatedAt)),
  isMinimized: (source) => source.minimized !== null,
  minimizedReason: (source) => source.minimized?.toLowerCase() ?? null,
  issue: (source) => (source.on.kind === "issue" ? source.on : null),
  pullRequest: (source) => (source.on.kind === "pull" ? source.on : null),
  repository: (source) => source.on.repository,
  reactions: (source, args) => connectAll(reactionsOf(source.reactions, args), args),
  viewerDidAuthor: (source, _args, { caller }) => caller.kind === "installation" && source.viaApp,
  url: (source, _args, { simulation }) =>
    `${conversationHtml(simulation.organisation.urls, source.on)}#issuecomment-${source.id}`,
});

export const label = define(ofKind<Label>("label"), {
  id: (source) => nodeId(source),
  name: (source) => source.name,
  color: (source) => source.color,
  description: (source) => source.description,
  isDefault: () => false,
});

export const reaction = define(ofKind<Reaction>("reaction"), {
  id: (source) => nodeId(source),
  databaseId: (source) => source.id,
  content: (source) => REACTION_NAMES[source.content],
  user: (source) => shown(source.by),
  createdAt: (source) => iso(source.createdAt),
});

const REACTION_NAMES = {
  "+1": "THUMBS_UP",
  "-1": "THUMBS_DOWN",
  laugh: "LAUGH",
  confused: "CONFUSED",
  heart: "HEART",
  hooray: "HOORAY",
  rocket: "ROCKET",
  eyes: "EYES",
} as const;
