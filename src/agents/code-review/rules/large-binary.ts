import { say } from "../../../text/say.js";
import type { Rule } from "./rule.js";

/** Binary files over the limit in the settings. A pointer of Git LFS is text. */
export const largeBinary: Rule<"large-binary"> = {
  id: "large-binary",
  severity: "warning",
  why: "Git keeps every version forever, and every clone downloads all of them: use Git LFS or a release asset.",
  inChange: ({ change, optionsFor }) =>
    change.files.flatMap(({ path, binary, size, status }) => {
      if (!binary || status === "removed" || size === null || size <= optionsFor(path).maxBinaryBytes) return [];
      return [{ path, line: null, says: say`This binary file has ${megabytes(size)} MB.` }];
    }),
};

/** One decimal, rounded up, so that a file over the limit never appears equal to it. */
function megabytes(bytes: number): number {
  return Math.ceil(bytes / 100_000) / 10;
}
