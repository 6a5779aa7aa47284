import { join, list, say } from "../../../text/say.js";
import { changedLineCount } from "../diff/lines.js";
import { isDocumentation, isTest, isVendored } from "../file-role.js";
import { isGenerated } from "../traits.js";
import { isLockfile } from "../packages.js";
import { proposeSplit } from "../split.js";
import type { Rule } from "./rule.js";

/** More changed lines than a reviewer can read; proposes a split if there is one. */
export const oversizedPullRequest: Rule<"oversized-pull-request"> = {
  id: "oversized-pull-request",
  severity: "notice",
  byDefault: "off",
  why: "Reviewers miss more in a large change.",
  inChange: ({ change, options, inspections }) => {
    const written = change.files.filter(
      ({ path }) =>
        ![isLockfile, isVendored, isTest, isDocumentation].some((is) => is(path)) &&
        !isGenerated(path, inspections.get(path)),
    );
    const lines = written.reduce((sum, file) => sum + changedLineCount(file), 0);
    if (lines <= options.maxChangedLines) return [];
    const parts = proposeSplit(written).map((part) => say`${part.name} (${part.lines} lines: ${list(part.files, 3)})`);
    const proposal = parts.length === 0 ? say`` : say` It could be split into: ${join(parts, "; ")}.`;
    return [
      {
        path: null,
        line: null,
        says: say`${lines} changed lines; the limit is ${options.maxChangedLines}.${proposal}`,
        identity: "pull-request",
      },
    ];
  },
};
