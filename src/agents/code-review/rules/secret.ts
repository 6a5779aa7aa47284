import { say } from "../../../text/say.js";
import { addedNumbers } from "../diff/lines.js";
import type { Rule } from "./rule.js";

/**
 * Possible secrets by format, structure and entropy. Only the line and a keyed hash leave the process that found the
 * value.
 */
export const secret: Rule<"secret"> = {
  id: "secret",
  severity: "failure",
  why: "A secret in the history is public to everyone who can read the repository: revoke it, removing the line is not enough.",
  inFile: ({ file, secrets }) => {
    const added = addedNumbers(file);
    const hits = secrets.filter(({ startLine }) => added.has(startLine));
    return hits.map(({ kind, startLine, hash }) => ({
      path: file.path,
      line: startLine,
      says: say`This looks like a secret (${kind}).`,
      identity: hash,
    }));
  },
};
