import { codeSpan } from "../../text/markdown.js";
import { changeCommand } from "../../store/reviews/commands.js";
import type { Command } from "../commands/command.js";
import { FULL } from "./asked.js";
import { REVIEW_JOB } from "./options.js";

/** Asks for a review now; the review answers when it is done. */
export const reviewCommand: Command = {
  name: "review",
  usage: "/review [full]",
  does: "reviews the pull request once more, what changed since the last time; with `full`, reads all of it anew",
  role: "triage",
  on: "pull request",
  async run({ context, repository, number, commentId, role, argument }) {
    if (argument !== "" && argument.toLowerCase() !== FULL)
      return {
        status: "answered",
        markdown: `\`/review\` does not know ${codeSpan(argument)}; it is \`/review\` or \`/review full\`.`,
      };
    const reason = "a review was asked for";
    const now = context.clock.now();
    await changeCommand(context.store.sql, commentId, { status: "accepted", role, reason, now });
    const payload = { repositoryId: Number(repository.id), number, asked: true };
    await context.plan([{ name: REVIEW_JOB, payload }]);
    return { status: "later", reason };
  },
};
