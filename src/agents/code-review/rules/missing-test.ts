import { list, say } from "../../text/say.js";
import type { ChangedFile } from "../change.js";
import { addedLines } from "../diff/lines.js";
import { isSource, isTest } from "../file-role.js";
import { isGenerated } from "../generated.js";
import type { Rule } from "./rule.js";

const COMMENT_OR_BRACKET = /^\s*(?:\/\/|#|\*|\/\*|[{}()[\];,]*$)/;

/** Source grew and no test changed. One complaint for the whole change, at the file that grew most. */
export const missingTest: Rule<"missing-test"> = {
  id: "missing-test",
  severity: "notice",
  why: "Nothing would tell if this stopped working.",
  check: ({ change, options }) => {
    if (change.files.some((file) => isTest(file.path) && addedLines(file).length > 0)) return [];
    const grown = change.files
      .filter(
        (file) =>
          file.status !== "removed" &&
          isSource(file.path) &&
          !isGenerated(file, options.generated) &&
          !hasOwnTests(file),
      )
      .map((file) => ({ path: file.path, lines: codeLines(file) }))
      .filter(({ lines }) => lines > 0)
      .toSorted((a, b) => b.lines - a.lines);
    const total = grown.reduce((sum, { lines }) => sum + lines, 0);
    const first = grown[0];
    if (!first || total < options.minLinesForTests) return [];
    const names = list(grown.map(({ path }) => path));
    return [
      {
        path: first.path,
        line: null,
        says: say`${total} lines of code were added in ${names}, and no test changed.`,
        identity: "change",
      },
    ];
  },
};

function codeLines(file: ChangedFile): number {
  return addedLines(file).filter(({ text }) => !COMMENT_OR_BRACKET.test(text)).length;
}

/** Some languages keep tests in the file itself. */
function hasOwnTests(file: ChangedFile): boolean {
  return /^\s*#\[cfg\(test\)\]|import\.meta\.vitest/m.test(file.text ?? "");
}
