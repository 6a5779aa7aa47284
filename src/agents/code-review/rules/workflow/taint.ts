import { valuesOf } from "./expression.js";
import type { Job, Located, Scalars, Step, Workflow } from "./workflow.js";

const EVENTS =
  "issue|pull_request|discussion|comment|review|review_comment|milestone|label|release|workflow_run|changes";
const TEXTS =
  "title|body|description|ref|label|default_branch|head_branch|display_title|message|name|email|page_name|homepage|from";
/** Contexts whose value anyone can choose (GitHub's list of untrusted input, and branch names). */
const UNTRUSTED = new RegExp(
  String.raw`^(?:github\.head_ref|github\.event|github\.event\.(?:${EVENTS})|github\.event\.(?:${EVENTS})(?:\.[\w*-]+)*\.(?:${TEXTS})|github\.event\.(?:commits|head_commit|pages)(?:\.[\w*-]+)*\.(?:message|name|email|page_name))$`,
);
/** Objects and fields with similar names that nobody outside can choose. */
const CHOSEN_BY_MEMBERS =
  /^github\.event\.(?:label|milestone)\.|\.(?:labels|milestone)\.|\.base\.(?:ref|label)$|\.base\.repo\.|\.user\.name$/;

/** Action outputs with file names or branch names of the pull request. */
const NAMES_FILES =
  /^(?:tj-actions\/changed-files|dorny\/paths-filter|trilom\/file-changes-action|jitterbit\/get-changed-files|tj-actions\/branch-names|the-actions-org\/get-changed-files)@/i;
const FILE_OUTPUT = /files|added|modified|deleted|renamed|head_ref|branch|^all$|^\*$/;

/** The text between `${{` and `}}`, with its line. Read once from start to end, even if many are never closed. */
export interface Expression {
  readonly line: number;
  readonly expression: string;
}

export function* expressionsIn({ source, line: first }: Located): Generator<Expression> {
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

/** The foreign values of a workflow, followed through `env`, step outputs and job outputs. */
export class Taint {
  constructor(private readonly workflow: Workflow) {}

  /** Whether an expression in this step may contain foreign input. */
  isChosen(expression: string, job: Job, step: Step | null, depth = 4): boolean {
    return valuesOf(expression).some((path) => this.isChosenContext(path, job, step, depth));
  }

  private isChosenContext(path: string, job: Job, step: Step | null, depth: number): boolean {
    if (UNTRUSTED.test(path)) return !CHOSEN_BY_MEMBERS.test(path);
    if (depth === 0) return false;
    const [context = "", name = "", , output = ""] = path.split(".");
    if (context === "env") {
      const value = find(step?.env, name) ?? find(job.env, name) ?? find(this.workflow.env, name);
      return value !== undefined && this.holdsChosen(value, job, null, depth - 1);
    }
    if (context === "steps") {
      const source = job.steps.find(({ id }) => id?.toLowerCase() === name);
      return source !== undefined && this.givesChosen(source, output, job, depth - 1);
    }
    if (context === "needs") {
      const source = this.workflow.jobs.find(({ id }) => id.toLowerCase() === name);
      const value = find(source?.outputs, output);
      return source !== undefined && value !== undefined && this.holdsChosen(value, source, null, depth - 1);
    }
    return false;
  }

  holdsChosen(value: Located, job: Job, step: Step | null, depth = 4): boolean {
    return [...expressionsIn(value)].some(({ expression }) => this.isChosen(expression, job, step, depth));
  }

  /** Whether a step writes foreign input to one of its outputs. */
  private givesChosen(step: Step, output: string, job: Job, depth: number): boolean {
    if (step.uses) {
      if (step.uses.value.startsWith("actions/github-script@"))
        return /context\.payload\.(?:pull_request|issue|comment|review)\.(?:title|body|head\.ref)/.test(
          step.with.get("script")?.value ?? "",
        );
      return NAMES_FILES.test(step.uses.value) && FILE_OUTPUT.test(output);
    }
    const lines =
      step.run?.value.split("\n").filter((line) => line.includes("GITHUB_OUTPUT") || line.includes("set-output")) ?? [];
    const named = lines.filter((line) => output === "*" || line.toLowerCase().includes(output));
    return named.some((line) => {
      if (this.holdsChosen({ value: line, line: 1, source: line }, job, step, depth)) return true;
      const variables = [...line.matchAll(/\$\{?(\w+)/g)].map(([, variable = ""]) => variable);
      return variables.some((variable) => {
        if (variable === "GITHUB_HEAD_REF") return true;
        const value = step.env.get(variable) ?? job.env.get(variable) ?? this.workflow.env.get(variable);
        return value !== undefined && this.holdsChosen(value, job, null, depth);
      });
    });
  }
}

function find(scalars: Scalars | undefined, name: string): Located | undefined {
  return scalars && [...scalars].find(([key]) => key.toLowerCase() === name)?.[1];
}
