import { list, say } from "../../../text/say.js";
import { addedLines } from "../diff/lines.js";
import { isFixture, isSource, isTest } from "../file-role.js";
import type { ChangedFile } from "../change.js";
import type { Inspection } from "../inspect/protocol.js";
import type { Moved } from "../moved.js";
import { isGenerated } from "../traits.js";
import type { Rule } from "./rule.js";

/** Source was added and no test changed. One finding for the whole change, at the file with the most added lines. */
export const missingTest: Rule<"missing-test"> = {
  id: "missing-test",
  severity: "notice",
  byDefault: "off",
  why: "No test in this change would fail if this code broke.",
  inChange: ({ change, moved, options, inspections }) => {
    if (change.files.some((file) => isTested(file))) return [];
    const grown = change.files
      .filter(
        ({ path, status }) =>
          status !== "removed" &&
          isSource(path) &&
          !isGenerated(path, inspections.get(path)) &&
          inspections.get(path)?.traits.ownTests !== true,
      )
      .map(({ path }) => ({ path, lines: newLines(path, inspections.get(path), moved) }))
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

function isTested(file: ChangedFile): boolean {
  return isTest(file.path) && (addedLines(file).length > 0 || (isFixture(file.path) && file.binary));
}

function newLines(path: string, inspection: Inspection | undefined, moved: Moved): number {
  return inspection?.traits.codeLines.filter((line) => !moved.isMoved(path, line, line)).length ?? 0;
}
