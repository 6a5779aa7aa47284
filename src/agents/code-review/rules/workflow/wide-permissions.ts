import { say } from "../../../../text/say.js";
import type { ChangedFile } from "../../change.js";
import { addedNumbers } from "../../diff/lines.js";
import type { Match } from "../match.js";
import type { Rule } from "../rule.js";
import { parseWorkflow, type Workflow, workflowOf } from "./workflow.js";

/**
 * More permissions than any part of the workflow had before, or all at once. Moving a permission to a narrower scope is
 * fine. A single permission in a new workflow or job is deliberate, unless the trigger runs on foreign pull requests.
 * A comment that explains a permission makes it deliberate, too.
 */
export const workflowWidePermissions: Rule<"workflow-wide-permissions"> = {
  id: "workflow-wide-permissions",
  severity: "warning",
  byDefault: "off",
  why: "Every action and dependency in this workflow can use this permission: grant it only to the job that needs it.",
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
      const write = scope !== "*" && value === "write" && (exposed || wasLimited(before, place, scope));
      if (!(all || write) || !added.has(line) || couldWrite(before, scope)) return [];
      if (write && isExplained(file, line)) return [];
      const says = all ? say`The token may write everything.` : say`The token may now write ${scope}.`;
      return [{ path: file.path, line, says }];
    }),
  );
}

/** A comment beside the scope or above it says what needs it. */
function isExplained({ text }: ChangedFile, line: number): boolean {
  const lines = text?.split("\n") ?? [];
  return /\s#\s*\S/.test(lines[line - 1] ?? "") || /^\s*#\s*\S/.test(lines[line - 2] ?? "");
}

/**
 * Without `permissions` a token has the repository's default; naming one permission then removes the others. The
 * default never includes `id-token`.
 */
function wasLimited(before: Workflow | null, place: string, scope: string): boolean {
  const own = before?.permissions.get(place);
  if (own !== undefined && scope === "id-token") return true;
  return own !== undefined && own.size + (before?.permissions.get("workflow")?.size ?? 0) > 0;
}

/** Anywhere before: moving a permission from the workflow to a job narrows it. */
function couldWrite(before: Workflow | null, scope: string): boolean {
  return [...(before?.permissions.values() ?? [])].some(
    (scopes) => scopes.get("*")?.value === "write-all" || scopes.get(scope)?.value === "write",
  );
}

/** The block was removed: the token has the repository's default, which may include everything. */
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
