import { say } from "../../../../text/say.js";
import { addedNumbers } from "../../diff/lines.js";
import type { Rule } from "../rule.js";
import { type Located, workflowOf } from "./workflow.js";

const COMMIT = /@(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
/** An action in this repository: by its path, or by GitHub's `$/` for the workflow's own repository. */
const OWN = /^(?:\.\.?|\$)\//;
const DIGEST = /@sha256:[0-9a-f]{64}$/;

/** A third party's action referenced by a tag or a branch, which can be moved. The settings list trusted owners. */
export const workflowUnpinnedAction: Rule<"workflow-unpinned-action"> = {
  id: "workflow-unpinned-action",
  severity: "warning",
  why: "A tag can be moved to other code, which then runs with this workflow's token and secrets: pin the full commit SHA.",
  inFile: ({ file, options }) => {
    const trusted = new Set(options.trustedActionOwners.map((owner) => owner.toLowerCase()));
    const workflow = workflowOf(file);
    const added = addedNumbers(file);
    const named = workflow ? [...workflow.steps.flatMap(({ uses }) => uses ?? []), ...workflow.calls] : [];
    return named
      .filter((uses) => added.has(uses.line) && isUnpinned(uses, trusted))
      .map(({ value, line }) => ({ path: file.path, line, says: say`${value} is not pinned to a commit.` }));
  },
};

function isUnpinned({ value }: Located, trusted: ReadonlySet<string>): boolean {
  if (OWN.test(value) || value.includes("${{")) return false;
  if (value.startsWith("docker://")) return !DIGEST.test(value);
  return !COMMIT.test(value) && !trusted.has((value.split("/")[0] ?? "").toLowerCase());
}
