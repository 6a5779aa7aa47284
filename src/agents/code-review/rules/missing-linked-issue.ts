import { say } from "../../../text/say.js";
import type { Rule } from "./rule.js";

const REFERENCE = /(?:^|[\s(:])(?:[\w.-]+\/[\w.-]+)?#\d+\b|\/issues\/\d+\b|\b[A-Z][A-Z0-9]{1,9}-\d+\b/;

/** Only if the settings require it: the pull request links and mentions no issue. */
export const missingLinkedIssue: Rule<"missing-linked-issue"> = {
  id: "missing-linked-issue",
  severity: "warning",
  why: "This repository requires a linked issue: name it in the description.",
  inChange: ({ change: { pullRequest }, options }) => {
    if (!options.requireLinkedIssue || pullRequest.linkedIssues.length > 0) return [];
    const text = `${pullRequest.title}\n${withoutComments(pullRequest.body)}`;
    if (REFERENCE.test(text)) return [];
    return [{ path: null, line: null, says: say`No issue is linked or named.`, identity: "pull-request" }];
  },
};

/** Without HTML comments. Read once from start to end, so that many unclosed comments cannot cost quadratic time. */
function withoutComments(body: string): string {
  const shown: string[] = [];
  let at = 0;
  for (;;) {
    const start = body.indexOf("<!--", at);
    const end = start < 0 ? -1 : body.indexOf("-->", start);
    if (end < 0) return [...shown, body.slice(at)].join("");
    shown.push(body.slice(at, start));
    at = end + "-->".length;
  }
}
