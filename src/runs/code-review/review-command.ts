import { codeSpan } from "../../text/markdown.js";
import type { Command } from "../commands/command.js";
import { REVIEW_JOB } from "./names.js";

/** The option of `/review` that reviews the whole pull request again. */
export const FULL = "full";

/** Requests a review now. The review answers when it has ended. */
export const reviewCommand: Command = {
  name: "review",
  usage: "/review [full]",
  does: "reviews the changes since the last review; with `full`, reviews the whole pull request again",
  role: "triage",
  on: "pull request",
  run({ repository, number, argument }) {
    if (argument !== "" && argument.toLowerCase() !== FULL)
      return Promise.resolve({
        status: "answered",
        markdown: `\`/review\` has no option ${codeSpan(argument)}. Use \`/review\` or \`/review full\`.`,
      });
    const payload = { repositoryId: Number(repository.id), number, asked: true };
    const job = { name: REVIEW_JOB, payload };
    return Promise.resolve({ status: "later", reason: "a person requested a review", job });
  },
};
