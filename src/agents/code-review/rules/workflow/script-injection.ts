import { say } from "../../../../text/say.js";
import { addedNumbers } from "../../diff/lines.js";
import type { Match } from "../match.js";
import type { Rule } from "../rule.js";
import { expressionsIn, Taint } from "./taint.js";
import { type Job, type Located, type Step, workflowOf } from "./workflow.js";

/** Inputs that actions run as code: scripts, commands, and templates with their own `${{ }}`. */
const SCRIPT_INPUT =
  /^(?:script|run|command|cmd|args|inlinescript|azcliversion_script|title_template|body_template|eval)$/i;

/** An expression is inserted into the script before a shell reads it, so its value becomes code. */
export const workflowScriptInjection: Rule<"workflow-script-injection"> = {
  id: "workflow-script-injection",
  severity: "failure",
  why: "The author of the value can run code with this workflow's token: pass it through `env` and quote the variable.",
  inFile: ({ file }) => {
    const workflow = workflowOf(file);
    if (!workflow) return [];
    const added = addedNumbers(file);
    const taint = new Taint(workflow);
    const found = workflow.jobs.flatMap((job) =>
      job.steps.flatMap((step) =>
        scriptsOf(step).flatMap((script) => injections(script, taint, job, step, added, file.path)),
      ),
    );
    return [...new Map(found.map((match) => [match.line, match])).values()];
  },
};

function scriptsOf(step: Step): readonly Located[] {
  const inputs = [...step.with].flatMap(([name, value]) => (SCRIPT_INPUT.test(name) ? [value] : []));
  return [step.run, step.shell, ...inputs].flatMap((script) => script ?? []);
}

/** One for each line: its first expression with foreign input. */
function injections(
  script: Located,
  taint: Taint,
  job: Job,
  step: Step,
  added: ReadonlySet<number>,
  path: string,
): readonly Match[] {
  const byLine = new Map<number, Match>();
  for (const { expression, line } of expressionsIn(script)) {
    const shown = added.has(line) ? line : script.usedAt;
    if (shown === undefined || !added.has(shown) || byLine.has(shown) || !taint.isChosen(expression, job, step))
      continue;
    const says = say`${expression.trim()} can hold anything, and becomes part of this script.`;
    byLine.set(shown, { path, line: shown, says });
  }
  return [...byLine.values()];
}
