import { RULE_IDS } from "../../agents/code-review/rules/registry.js";
import { editDistance } from "../../settings/closest.js";
import { recordFeedback } from "../../store/reviews/feedback.js";
import { settleFindings } from "../../store/reviews/findings.js";
import type { Command } from "../commands/command.js";
import { REVIEW_JOB } from "./names.js";

const OTHERS = /^(?:custom\/[a-z][a-z0-9-]{0,49}|model\/[a-z-]{1,40})$/;

/** Switches a rule off in one pull request, permanently. */
export const ignoreCommand: Command = {
  name: "ignore",
  usage: "/ignore <rule>",
  does: "switches a rule off in this pull request",
  role: "write",
  on: "pull request",
  async run({ context, installationId, repository, number, commentId, by, shadow, argument }) {
    const rule = argument.replace(/^`(.*)`$/, "$1");
    const isRule = RULE_IDS.some((id) => id === rule) || OTHERS.test(rule);
    if (!isRule) return { status: "answered", markdown: unknown(rule) };
    const scope = { installationId, repositoryId: repository.id, number };
    const now = context.clock.now();
    const ignored = await context.store.transaction(async (sql) => {
      await recordFeedback(sql, scope, [{ kind: "ignore", reference: rule, rule, by, commentId }], now);
      return settleFindings(sql, { ...scope, shadow }, "ignored", { rule }, now);
    });
    // The check still shows the ignored findings until the next review.
    const payload = { repositoryId: Number(repository.id), number, asked: true };
    await context.plan([{ name: REVIEW_JOB, payload }]);
    const count = ignored === 1 ? "1 finding" : `${ignored} findings`;
    return { status: "answered", markdown: `\`${rule}\` is now off in this pull request (${count} ignored).` };
  },
};

function unknown(rule: string): string {
  if (rule === "") return `Name a rule: \`/ignore <rule>\`. The rules are ${listing(RULE_IDS)}.`;
  const near = RULE_IDS.filter((id) => editDistance(rule, id) <= Math.floor(id.length / 4));
  const hint = near.length > 0 ? `; did you mean ${listing(near)}?` : `. The rules are ${listing(RULE_IDS)}.`;
  // The argument may be a secret typed by mistake, so the answer never quotes it.
  return `No rule has this name${hint}`;
}

function listing(rules: readonly string[]): string {
  return rules.map((rule) => `\`${rule}\``).join(", ");
}
