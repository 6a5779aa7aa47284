import { cut } from "../../text/cut.js";
import type { RepositoryRef } from "../../domain.js";
import { type Annotation, ANNOTATIONS_A_REQUEST, type Effect } from "../../effects/effect.js";
import { type FileProblems, type ReadSettings, SETTINGS_PATH } from "./read-settings.js";

export const SETTINGS_CHECK = "companyos / settings";

/**
 * One check for all problems, each annotated at its line. It is neutral: the author of the pull request cannot change the
 * settings in force. It fails if the pull request itself writes a settings file with problems (`proposed`).
 */
export function settingsCheck(
  repository: RepositoryRef,
  headSha: string,
  { problems: inForce, instead }: Pick<ReadSettings, "problems" | "instead">,
  proposed: FileProblems | null = null,
): readonly Effect[] {
  const others = proposed ? inForce.filter(({ own }) => !own) : inForce;
  const bad = proposed !== null && proposed.problems.length > 0;
  const problems = bad ? [...others, proposed] : others;
  if (problems.length === 0) return [];
  const count = countOf(problems.reduce((sum, file) => sum + file.problems.length, 0));
  return [
    {
      kind: "check-run",
      repository,
      occasion: headSha,
      reason: `the settings have ${count}`,
      name: SETTINGS_CHECK,
      headSha,
      status: "completed",
      conclusion: bad ? "failure" : "neutral",
      title: bad ? `${count} in the settings of this pull request` : `${count} in the settings`,
      summary: [
        bad ? "The settings of this pull request do not apply until you fix them." : "",
        inForce.length > 0 ? `Until you fix the settings of the default branch, ${instead} apply.` : "",
        listed(problems.flatMap(linesOf)),
      ]
        .filter((part) => part !== "")
        .join("\n\n"),
      // One API request is enough: a file full of problems must not use up the organisation's write limit.
      annotations: problems.flatMap(annotationsOf).slice(0, ANNOTATIONS_A_REQUEST),
    },
  ];
}

const MOST_LISTED = 100;

function listed(lines: readonly string[]): string {
  const more = lines.length - MOST_LISTED;
  return [...lines.slice(0, MOST_LISTED), ...(more > 0 ? [`- and ${more} more`] : [])].join("\n");
}

/** Readers of this repository may not have access to the other one, so only the number of its problems is shown. */
function linesOf({ file, own, problems }: FileProblems): readonly string[] {
  if (!own) return [`- ${code(file)} has ${countOf(problems.length)}`];
  return problems.map(({ line, setting, problem }) => `- ${code(`${file}:${line}`)} ${code(setting)} ${code(problem)}`);
}

function countOf(problems: number): string {
  return `${problems} ${problems === 1 ? "problem" : "problems"}`;
}

function annotationsOf({ own, problems }: FileProblems): readonly Annotation[] {
  if (!own) return [];
  return problems.map(({ line, setting, problem }) => ({
    path: SETTINGS_PATH,
    startLine: line,
    endLine: line,
    level: "warning",
    title: "Settings",
    message: setting === "" ? problem : `${setting}: ${problem}`,
  }));
}

function code(text: string): string {
  return text === "" ? "" : `\`${cut(text.replaceAll("`", "'").replaceAll(/\s+/g, " "), 300)}\``;
}
