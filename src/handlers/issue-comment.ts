import { z } from "zod";
import { IssueBody, isPullRequest, issueFacts } from "../facts/issue.js";
import { IssueCommentBody, issueCommentFacts } from "../facts/issue-comment.js";
import { firstLine } from "../text/first-line.js";
import { Delivered, scopeOf, surroundings } from "./delivered.js";
import { defineHandler } from "./handler.js";

const Payload = Delivered.extend({ issue: IssueBody, comment: IssueCommentBody });
type Payload = z.infer<typeof Payload>;

/** `/command …` or `@somebody …` at the start. The job decides whether it is a command of this app. */
const COMMAND = /^(?:\/[a-z]|@[a-z\d])/i;

export const issueComment = defineHandler({
  on: "issue_comment",
  actions: ["created", "deleted", "edited", "pinned", "unpinned"],
  payload: Payload,
  subject: ({ issue }) => `${isPullRequest(issue) ? "pull_request" : "issue"}:${issue.number}`,
  skipWhen: [
    {
      id: "bot",
      reason: "the comment is by a bot, and the app ignores commands of bots",
      applies: (payload) =>
        payload.action === "created" && (payload.sender?.type === "Bot" || payload.comment.user?.type === "Bot"),
    },
    {
      id: "no-command",
      reason: "the comment does not start with a command or a mention",
      applies: (payload) => payload.action === "created" && !COMMAND.test(firstLine(payload.comment.body ?? "") ?? ""),
    },
  ],
  facts(payload) {
    const { issue, comment, action } = payload;
    const scope = scopeOf(payload);
    return [
      ...surroundings(payload, issue.updated_at),
      ...issueFacts(issue, scope),
      ...issueCommentFacts(comment, issue.number, scope, action === "deleted"),
    ];
  },
  jobs: ({ action, repository, issue, comment }) =>
    action === "created"
      ? [
          {
            name: "command",
            payload: { repositoryId: repository.id, number: issue.number, commentId: comment.id },
          },
        ]
      : [],
});
