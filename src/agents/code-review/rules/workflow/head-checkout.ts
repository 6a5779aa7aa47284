import { say } from "../../../../text/say.js";
import { addedNumbers } from "../../diff/lines.js";
import type { Match } from "../match.js";
import type { Rule } from "../rule.js";
import { type Located, type Step, type Workflow, workflowOf } from "./workflow.js";

/** Triggers that run with the base repository's secrets while the code may be anybody's. */
const PRIVILEGED: ReadonlySet<string> = new Set(["pull_request_target", "workflow_run", "issue_comment"]);
const HEAD = /head\.(?:sha|ref)|head_ref|head_sha|head_branch|refs\/pull\/|pull\/\$\{\{|head_commit\.id/;
const FETCHES_HEAD =
  /\bgh\s+pr\s+checkout\b|\bgit\s+(?:fetch|pull|checkout|switch|clone)\b[^\n]*(?:head\.(?:sha|ref)|head_ref|pull\/)/;

/** A privileged workflow that checks out the head of a pull request hands its secrets to the author of that head. */
export const workflowHeadCheckout: Rule<"workflow-head-checkout"> = {
  id: "workflow-head-checkout",
  severity: "failure",
  why: "This trigger runs with the repository's secrets and a write token, and the code that it checks out is the pull request's: anyone can run anything here.",
  inFile: ({ file }) => {
    const workflow = workflowOf(file);
    const trigger = workflow?.triggers.find(({ value }) => PRIVILEGED.has(value));
    if (!workflow || !trigger) return [];
    const added = addedNumbers(file);
    const checkouts = headCheckouts(workflow);
    const lines = checkouts.map(({ line }) => line).filter((line) => added.has(line));
    const named = lines.length === 0 && checkouts.length > 0 && added.has(trigger.line) ? [trigger.line] : lines;
    return named.map((line) => matchAt(file.path, line, trigger));
  },
};

function headCheckouts(workflow: Workflow): readonly Located[] {
  return workflow.steps.flatMap((step) => [...refOfCheckout(step), ...fetchIn(step)]);
}

function refOfCheckout(step: Step): readonly Located[] {
  if (!step.uses || !/(^|\/)checkout@/.test(step.uses.value)) return [];
  return ["ref", "repository"]
    .flatMap((input) => {
      const located = step.with.get(input);
      return located && (HEAD.test(located.value) || located.value.includes("head.repo")) ? [located] : [];
    })
    .slice(0, 1);
}

function fetchIn({ run }: Step): readonly Located[] {
  const match = run && FETCHES_HEAD.exec(run.source);
  if (!run || !match) return [];
  return [{ ...run, line: run.line + run.source.slice(0, match.index).split("\n").length - 1 }];
}

function matchAt(path: string, line: number, trigger: Located): Match {
  return { path, line, says: say`The head of a pull request is checked out under ${trigger.value}.` };
}
