import { say } from "../../../text/say.js";
import { addedNumbers } from "../../diff/lines.js";
import type { Match, Rule } from "../rule.js";
import { type Located, type Step, workflowOf } from "./workflow.js";

/** Expressions whose value anybody can choose (GitHub's list of untrusted input, and branch names). */
const UNTRUSTED =
  /\bgithub\.head_ref\b|\bgithub\.event\.(?:(?:issue|pull_request|discussion|comment|review|review_comment|milestone|label|release|workflow_run)(?:\.[\w*-]+)*\.(?:title|body|description|ref|label|default_branch|head_branch|display_title|message|name|email|page_name)|(?:commits|head_commit|pages)(?:\.[\w*-]+)*\.(?:message|name|email|page_name))\b|\btojson\(\s*github\.event\b/i;

const EXPRESSION = /\$\{\{([\s\S]*?)\}\}/g;
const SCRIPT_INPUTS = ["script", "run", "command", "cmd", "args"];

/** An expression is put into the script before a shell reads it, so its value becomes code. */
export const workflowScriptInjection: Rule<"workflow-script-injection"> = {
  id: "workflow-script-injection",
  severity: "failure",
  why: "GitHub writes the value into the script before it runs, so whoever chooses the value chooses the code. Pass it through env and quote the variable.",
  check: ({ change }) =>
    change.files.flatMap((file) => {
      const added = addedNumbers(file);
      const scripts = workflowOf(file)?.steps.flatMap(scriptsOf) ?? [];
      return scripts
        .flatMap(injections)
        .filter(({ line }) => added.has(line))
        .map(({ line, expression }) => matchAt(file.path, line, expression));
    }),
};

function scriptsOf(step: Step): readonly Located[] {
  return [step.run, ...SCRIPT_INPUTS.map((input) => step.with.get(input))].flatMap((script) => script ?? []);
}

interface Injection {
  readonly line: number;
  readonly expression: string;
}

/** One a line: the first untrusted expression on it. */
function injections(script: Located): readonly Injection[] {
  const found = [...script.source.matchAll(EXPRESSION)].flatMap(({ 1: expression, index }) => {
    const dotted = (expression ?? "").replaceAll(/\[\s*['"]([\w-]+)['"]\s*\]/g, ".$1").replaceAll(/\[[^\]]*\]/g, ".*");
    if (!UNTRUSTED.test(dotted)) return [];
    return [
      {
        line: script.line + script.source.slice(0, index).split("\n").length - 1,
        expression: (expression ?? "").trim(),
      },
    ];
  });
  return found.filter(({ line }, index) => found.findIndex((other) => other.line === line) === index);
}

function matchAt(path: string, line: number, expression: string): Match {
  return { path, line, says: say`${expression} can hold anything, and becomes part of this script.` };
}
