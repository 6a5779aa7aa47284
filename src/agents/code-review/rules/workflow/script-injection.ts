import { say } from "../../../../text/say.js";
import { addedNumbers } from "../../diff/lines.js";
import type { Match } from "../match.js";
import type { Rule } from "../rule.js";
import { type Located, type Step, workflowOf } from "./workflow.js";

/** Expressions whose value anybody can choose (GitHub's list of untrusted input, and branch names). */
const UNTRUSTED =
  /\bgithub\.head_ref\b|\bgithub\.event\.(?:(?:issue|pull_request|discussion|comment|review|review_comment|milestone|label|release|workflow_run)(?:\.[\w*-]+)*\.(?:title|body|description|ref|label|default_branch|head_branch|display_title|message|name|email|page_name)|(?:commits|head_commit|pages)(?:\.[\w*-]+)*\.(?:message|name|email|page_name))\b|\btojson\(\s*github\.event\b/i;

const SCRIPT_INPUTS = ["script", "run", "command", "cmd", "args"];

/** An expression is put into the script before a shell reads it, so its value becomes code. */
export const workflowScriptInjection: Rule<"workflow-script-injection"> = {
  id: "workflow-script-injection",
  severity: "failure",
  why: "GitHub writes the value into the script before it runs, so whoever chooses the value chooses the code. Pass it through env and quote the variable.",
  inFile: ({ file }) => {
    const added = addedNumbers(file);
    const scripts = workflowOf(file)?.steps.flatMap(scriptsOf) ?? [];
    return scripts
      .flatMap(injections)
      .filter(({ line }) => added.has(line))
      .map(({ line, expression }) => matchAt(file.path, line, expression));
  },
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
  const byLine = new Map<number, Injection>();
  for (const { expression, line } of expressionsIn(script)) {
    const dotted = expression.replaceAll(/\[\s*['"]([\w-]+)['"]\s*\]/g, ".$1").replaceAll(/\[[^\]]*\]/g, ".*");
    if (!byLine.has(line) && UNTRUSTED.test(dotted)) byLine.set(line, { line, expression: expression.trim() });
  }
  return [...byLine.values()];
}

/** What stands between `${{` and `}}`, with its line. Read once from start to end, however many are never closed. */
function* expressionsIn({ source, line: first }: Located): Generator<Injection> {
  let [line, counted] = [first, 0];
  for (let start = source.indexOf("${{"); start >= 0;) {
    const end = source.indexOf("}}", start);
    if (end < 0) return;
    line += source.slice(counted, start).split("\n").length - 1;
    counted = start;
    yield { line, expression: source.slice(start + 3, end) };
    start = source.indexOf("${{", end);
  }
}

function matchAt(path: string, line: number, expression: string): Match {
  return { path, line, says: say`${expression} can hold anything, and becomes part of this script.` };
}
