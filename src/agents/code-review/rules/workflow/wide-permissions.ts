import { say } from "../../../../text/say.js";
import type { ChangedFile } from "../../change.js";
import { addedNumbers } from "../../diff/lines.js";
import type { Match } from "../match.js";
import type { Rule } from "../rule.js";
import { parseWorkflow, type Workflow, workflowOf } from "./workflow.js";

/**
 * More than before, or everything at once. In a new workflow a single scope to write is its author's plain statement,
 * unless the trigger runs on other people's pull requests.
 */
export const workflowWidePermissions: Rule<"workflow-wide-permissions"> = {
  id: "workflow-wide-permissions",
  severity: "warning",
  why: "Whatever runs in this workflow, its actions and their dependencies included, can use the token for this.",
  inFile: ({ file }) => {
    const workflow = workflowOf(file);
    if (!workflow) return [];
    const before = file.baseText === null ? null : parseWorkflow(file.baseText);
    return [...widened(file, workflow, before), ...unlimited(file, workflow, before)];
  },
};

function widened(file: ChangedFile, workflow: Workflow, before: Workflow | null): readonly Match[] {
  const added = addedNumbers(file);
  const exposed = workflow.triggers.some(({ value }) => value === "pull_request_target");
  return [...workflow.permissions].flatMap(([place, scopes]) =>
    [...scopes].flatMap(([scope, { value, line }]) => {
      const all = scope === "*" && value === "write-all";
      const write = scope !== "*" && value === "write" && (before !== null || exposed);
      if (!(all || write) || !added.has(line) || couldWrite(before, place, scope)) return [];
      const says = all ? say`The token may write everything.` : say`The token may now write ${scope}.`;
      return [{ path: file.path, line, says }];
    }),
  );
}

function couldWrite(before: Workflow | null, place: string, scope: string): boolean {
  const scopes = before?.permissions.get(place);
  return scopes?.get("*")?.value === "write-all" || scopes?.get(scope)?.value === "write";
}

/** The block is gone: the token has the repository's default, which may be everything. */
function unlimited(file: ChangedFile, workflow: Workflow, before: Workflow | null): readonly Match[] {
  const had = (before?.permissions.get("workflow")?.size ?? 0) > 0;
  const has = [...workflow.permissions.values()].some((scopes) => scopes.size > 0);
  if (!had || has) return [];
  return [
    {
      path: file.path,
      line: null,
      says: say`The permissions were removed: the token has the repository's default now.`,
    },
  ];
}
