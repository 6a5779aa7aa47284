import { say } from "../../../../text/say.js";
import { addedNumbers } from "../../diff/lines.js";
import type { Match } from "../match.js";
import type { Rule } from "../rule.js";
import { expressionsIn } from "./taint.js";
import { type Job, type Located, type Step, type Workflow, workflowOf } from "./workflow.js";

/** Triggers with the base repository's secrets that may run foreign code. */
export const PRIVILEGED: ReadonlySet<string> = new Set([
  "pull_request_target",
  "workflow_run",
  "issue_comment",
  "pull_request_review",
  "pull_request_review_comment",
  "issues",
  "discussion",
  "discussion_comment",
]);
const HEAD =
  /head\.(?:sha|ref)|head_ref|head_sha|head_branch|refs\/pull\/|pull\/\$\{\{|head_commit\.id|head\.repo|headRef(?:Oid|Name)|merge_commit_sha/;
const FETCHES = /\bgh\s+pr\s+checkout\b|\bgit\s+(?:fetch|pull|checkout|switch|clone|merge)\b[^\n]*/g;

/** A privileged workflow that checks out the head of a pull request gives its secrets to the author of the head. */
export const workflowHeadCheckout: Rule<"workflow-head-checkout"> = {
  id: "workflow-head-checkout",
  severity: "failure",
  why: "This trigger runs code of the pull request's author with the repository's secrets: check out the base, or use `pull_request`.",
  inFile: ({ file }) => {
    const workflow = workflowOf(file);
    const trigger = workflow?.triggers.find(({ value }) => PRIVILEGED.has(value));
    if (!workflow || !trigger) return [];
    const added = addedNumbers(file);
    const checkouts = workflow.jobs.flatMap((job) => job.steps.flatMap((step) => checkoutsIn(step, job, workflow)));
    const lines = checkouts.flatMap(({ line, usedAt = line }) => [usedAt, line].find((each) => added.has(each)) ?? []);
    const named = lines.length === 0 && checkouts.length > 0 && added.has(trigger.line) ? [trigger.line] : lines;
    return [...new Set(named)].map((line) => matchAt(file.path, line, trigger));
  },
};

function checkoutsIn(step: Step, job: Job, workflow: Workflow): readonly Located[] {
  return [...refOfCheckout(step, job, workflow), ...fetchesIn(step, job, workflow)];
}

function refOfCheckout(step: Step, job: Job, workflow: Workflow): readonly Located[] {
  if (!step.uses || !/(^|\/)checkout@/.test(step.uses.value)) return [];
  return ["ref", "repository"]
    .flatMap((input) => {
      const located = step.with.get(input);
      return located && HEAD.test(followed(located.value, step, job, workflow)) ? [located] : [];
    })
    .slice(0, 1);
}

/** One for each step: the first command that fetches the head. */
function fetchesIn(step: Step, job: Job, workflow: Workflow): readonly Located[] {
  const { run } = step;
  for (const match of run?.source.matchAll(FETCHES) ?? []) {
    const [command] = match;
    const gets =
      command.startsWith("gh") || /\bpull\//.test(command) || HEAD.test(followed(command, step, job, workflow));
    if (run && gets) return [{ ...run, line: run.line + run.source.slice(0, match.index).split("\n").length - 1 }];
  }
  return [];
}

/** A text with its variables and step outputs resolved, as far as the file defines them. */
function followed(text: string, step: Step, job: Job, workflow: Workflow, depth = 3): string {
  if (depth === 0) return text;
  const expressions = [...expressionsIn({ value: text, source: text, line: 1 })].map(({ expression }) => expression);
  const variables = [...text.matchAll(/\$\{?([A-Z_a-z]\w*)/g)].map(([, name = ""]) => name);
  const inEnv = expressions.flatMap((expression) => /\benv\.(\w+)/.exec(expression)?.[1] ?? []);
  const values = [...variables, ...inEnv].flatMap(
    (name) => step.env.get(name)?.value ?? job.env.get(name)?.value ?? workflow.env.get(name)?.value ?? [],
  );
  const sources = expressions.flatMap((expression) => {
    const id = /\bsteps\.([\w-]+)\.outputs\b/.exec(expression)?.[1];
    const source = job.steps.find((other) => id !== undefined && other.id === id);
    return source
      ? [source.run?.value ?? "", source.uses?.value ?? "", ...[...source.with.values()].map(({ value }) => value)]
      : [];
  });
  const next = values.map((value) => followed(value, step, job, workflow, depth - 1));
  return [text, ...next, ...sources].join("\n");
}

function matchAt(path: string, line: number, trigger: Located): Match {
  return { path, line, says: say`The head of a pull request is checked out under ${trigger.value}.` };
}
